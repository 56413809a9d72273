"""The parts of a letter that every form shares, made ready for the templates: words chosen, dates and numbers spelt.

A template gets only these; it holds no word, decides nothing and never sees markup made of what people wrote.
"""

from typing import Any

from mtm_documents.catalogues import Run, Words
from mtm_documents.domain.gaps import Gap, GapCode
from mtm_documents.domain.parties import Addressee, Channel, ChannelKind, Contact, Letterhead, Purpose

Content = dict[str, Any]
"""What a template is given: strings, runs of text, lists and tables of them."""

_SPANISH = "es"
_RUNNING_NAME = 60


def frame(words: Words, *, title: str, letterhead: Letterhead) -> Content:
    """What every document has: language, title, letterhead, and the words of its running lines."""
    return {
        "language": words.language,
        "title": title,
        "page_of": words("page_of", page="{page}", pages="{pages}"),
        "letterhead": {"name": letterhead.name, "lines": list(letterhead.lines)},
        "foot": _short(letterhead.name),
    }


def running(words: Words, name: str, title: str = "") -> str:
    """The line on top of a page that continues another; the name in full is on the first page, so here it is cut."""
    short = _short(name)
    return words("continued", title=title, name=short) if title else words("continued.untitled", name=short)


def _short(name: str) -> str:
    return name if len(name) <= _RUNNING_NAME else name[: _RUNNING_NAME - 1].rstrip() + "…"


def address(addressee: Addressee) -> list[str]:
    """The address block, name first."""
    return [addressee.name, *addressee.lines]


def hours(channel: Channel, words: Words) -> str:
    """The sponsor's hours in the letter's language; the other language's when there are none (a gap says so)."""
    if words.language == _SPANISH:
        return channel.hours_es or channel.hours
    return channel.hours or channel.hours_es


def telephone(channel: Channel, words: Words) -> list[Run]:
    """A number with its TTY and hours; the number stands out."""
    strong = channel.kind in (ChannelKind.PHONE, ChannelKind.TTY, ChannelKind.FAX)
    runs: list[Run] = [(channel.value, strong)]
    if channel.tty:
        runs = words.rich("phone.with_tty", phone=runs, tty=channel.tty)
    if spoken := hours(channel, words):
        runs = words.rich("phone.with_hours", phone=runs, hours=spoken)
    return runs


def call(contact: Contact, purpose: Purpose, words: Words, key: str) -> list[Run]:
    """The sentence `key` with the telephone for the purpose; nothing when the programme names no telephone."""
    phone = contact.phone(purpose)
    if phone is None:
        return []
    administrator = contact.administrator or contact.plan_name
    return words.rich(key, phone=telephone(phone, words), administrator=administrator)


def joined(*sentences: list[Run]) -> list[Run]:
    """Sentences as one paragraph."""
    runs: list[Run] = []
    for sentence in filter(None, sentences):
        runs += [(" ", False), *sentence] if runs else sentence
    return runs


def opt_out_lines(contact: Contact, words: Words) -> list[list[Run]]:
    """Every way to leave, each with its kind, TTY and hours."""
    return [
        words.rich(f"channel.{channel.kind}", value=telephone(channel, words)) for channel in opt_out_channels(contact)
    ]


def opt_out_channels(contact: Contact) -> tuple[Channel, ...]:
    """The channels for leaving; the programme's telephones when it names none (a gap says so)."""
    phones = tuple(channel for channel in contact.channels if channel.kind is ChannelKind.PHONE)
    return contact.channels_for(Purpose.OPT_OUT) or phones


def contact_gaps(contact: Contact, language: str) -> list[Gap]:
    """What the contact block lacks for a letter in the language."""
    gaps = []
    if contact.phone(Purpose.QUESTIONS) is None:
        gaps.append(Gap(GapCode.MISSING_PHONE, "contact.channels", "no telephone: nobody to call is printed"))
    for place, channel in enumerate(contact.channels):
        lacking = (
            channel.hours and not channel.hours_es if language == _SPANISH else channel.hours_es and not channel.hours
        )
        if lacking:
            where = f"contact.channels[{place}].hours"
            gaps.append(Gap(GapCode.UNTRANSLATED_HOURS, where, f"no hours in {language}: printed as given"))
    return gaps


def address_gaps(addressee: Addressee) -> list[Gap]:
    """A letter without postal lines cannot be mailed."""
    if addressee.lines:
        return []
    return [Gap(GapCode.MISSING_ADDRESS, "addressee.lines", "no postal address: only the name is printed")]
