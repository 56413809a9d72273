"""Who writes to whom, and how the programme is reached.

Every letter says who sends it, to whom, and on which numbers a member finds a person. The facts come from the
programme's own contact block, so that no form holds a sponsor's telephone number.
"""

from dataclasses import dataclass
from enum import StrEnum


class ChannelKind(StrEnum):
    """A way to reach the programme."""

    PHONE = "phone"
    TTY = "tty"
    FAX = "fax"
    MAIL = "mail"
    EMAIL = "email"
    WEB = "web"


class Purpose(StrEnum):
    """What a channel is for; `any` serves all of them."""

    ANY = "any"
    QUESTIONS = "questions"
    SCHEDULE = "schedule"
    OPT_OUT = "opt_out"


class Meeting(StrEnum):
    """How a review can be held."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    TELEHEALTH = "telehealth"
    PHARMACY = "pharmacy"


@dataclass(frozen=True, slots=True)
class Channel:
    """One way to reach the programme; hours are the sponsor's own words in each language."""

    kind: ChannelKind
    value: str
    purpose: Purpose = Purpose.ANY
    tty: str = ""
    hours: str = ""
    hours_es: str = ""


@dataclass(frozen=True, slots=True)
class Contact:
    """The programme's contact block: plan, administrator, channels, and the numbers that its calls come from."""

    plan_name: str
    administrator: str = ""
    channels: tuple[Channel, ...] = ()
    caller_ids: tuple[str, ...] = ()
    website: str = ""

    def channels_for(self, purpose: Purpose) -> tuple[Channel, ...]:
        """The channels that serve the purpose, in the block's order."""
        return tuple(channel for channel in self.channels if channel.purpose in (purpose, Purpose.ANY))

    def phone(self, purpose: Purpose) -> Channel | None:
        """The telephone for the purpose; any telephone of the programme when none is named for it."""
        phones = [channel for channel in self.channels if channel.kind is ChannelKind.PHONE]
        serving = [phone for phone in phones if phone.purpose in (purpose, Purpose.ANY)]
        return next(iter(serving or phones), None)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who sends the letter, as printed at its top: a name, and lines such as an address or a website."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Addressee:
    """Whom the letter is addressed to: the member or an authorised representative, with postal lines."""

    name: str
    lines: tuple[str, ...] = ()
