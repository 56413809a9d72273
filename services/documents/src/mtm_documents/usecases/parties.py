"""Turns a programme's contact block and a member into the parties of a letter."""

from typing import Final

from mtm_shared.contracts.eligibility import ContactChannel, Program
from mtm_shared.contracts.member import Member

from mtm_documents.domain.parties import Addressee, Channel, ChannelKind, Contact, Letterhead, Meeting, Purpose

_PURPOSES: Final = {
    "questions": Purpose.QUESTIONS,
    "scheduling": Purpose.SCHEDULE,
    "opt_out": Purpose.OPT_OUT,
}


def contact(program: Program) -> Contact:
    """The programme's contact block as letters print it."""
    block = program.contact
    return Contact(
        plan_name=program.plan_name,
        # A plan that runs its own programme is not introduced twice.
        administrator="" if block.administrator == program.plan_name else block.administrator,
        channels=tuple(_channel(channel) for channel in block.channels),
        caller_ids=tuple(block.caller_ids),
        website=block.website or "",
    )


def _channel(channel: ContactChannel) -> Channel:
    return Channel(
        kind=ChannelKind(channel.kind),
        value=channel.value,
        purpose=_PURPOSES.get(channel.purpose, Purpose.ANY),
        tty=channel.tty,
        hours=channel.hours,
        hours_es=channel.hours_es,
    )


def meetings(program: Program) -> tuple[Meeting, ...]:
    """How the programme holds reviews; by phone where an older eligibility service does not say."""
    return tuple(Meeting(way) for way in program.cmr_held_by) or (Meeting.PHONE,)


def letterhead(program: Program) -> Letterhead:
    """Who sends the letter."""
    website = program.contact.website
    return Letterhead(name=program.plan_name, lines=(website,) if website else ())


def full_name(member: Member) -> str:
    """First name, initial and last name, as far as they are known; the member's id where none is."""
    parts = (member.first_name, member.middle_initial, member.last_name)
    return " ".join(part for part in parts if part) or member.member_id


def addressee(member: Member, name: str | None = None) -> Addressee:
    """The envelope: the member, or whoever acts for the member, at the member's address."""
    address = member.address
    if address is None:
        return Addressee(name or full_name(member))
    town = f"{address.city}, {address.state} {address.zip_code}"
    lines = tuple(line for line in (address.line1, address.line2, town) if line)
    return Addressee(name or full_name(member), lines)
