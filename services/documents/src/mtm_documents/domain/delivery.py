"""What counts as sent, and when a document is owed (42 CFR 423.153(d)(1)(vii)(B) and (D): a summary within 14 days).

Print is the default; electronic delivery needs the member's consent (CMS-10396 instructions; unverified). What came
back or failed was not sent: the document is owed again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

ELECTRONIC: Final = frozenset({"email", "portal"})
_NOT_SENT: Final = frozenset({"returned", "failed"})


class NeedsConsent(Exception):
    """Electronic delivery without the member's consent."""


class SentBeforeMade(Exception):
    """A document cannot be sent before its own day."""


class SentInFuture(Exception):
    """A delivery is recorded after it happened."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt: by which channel, on which day, and what became of it."""

    channel: str
    sent_on: date
    status: str


def check_attempt(attempt: Attempt, dated: date, today: date, consented: bool) -> None:
    """Raise when the attempt cannot have been."""
    if attempt.channel in ELECTRONIC and not consented:
        raise NeedsConsent
    if attempt.sent_on < dated:
        raise SentBeforeMade
    if attempt.sent_on > today:
        raise SentInFuture


def first_sent(attempts: Iterable[Attempt]) -> date | None:
    """The first day on which it was sent and did not come back; a later return takes its channel's sending back."""
    standing: dict[str, date] = {}
    for attempt in attempts:
        if attempt.status in _NOT_SENT:
            standing.pop(attempt.channel, None)
        else:
            standing.setdefault(attempt.channel, attempt.sent_on)
    return min(standing.values(), default=None)
