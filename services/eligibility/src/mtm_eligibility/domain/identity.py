"""Who is calling back: the rules by which a caller is taken for a member, or for a member's representative.

The programme's page: a PIN left in a voicemail is needed when the member calls from another number than the one on
file; date of birth and ZIP code are asked always. A programme without PINs finds the member by the number on file or
by the member id on the card. Nothing here says which answer was wrong, and nothing that calls this may.
"""

import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

_ZIP_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Answers:
    """What the caller gave. Telephone numbers are ten digits, empty when withheld."""

    birth_date: date
    zip_code: str
    calling_number: str
    member_id: str | None
    representative_id: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A member whom the caller may be. `pin_matches`: the PIN given is this enrolment's, right and not expired."""

    member_id: str
    enrollment_id: str
    birth_date: date
    zip_code: str
    numbers: frozenset[str]
    pin_matches: bool
    representatives: frozenset[str]


def identified(candidates: Sequence[Candidate], answers: Answers, *, uses_pin: bool) -> Candidate | None:
    """The one member whom every answer fits; None when there is none, and when there are two.

    Of several enrolments of one member (another contract in the same year) the PIN's is told, else the newest.
    """
    fitting = [candidate for candidate in candidates if _fits(candidate, answers, uses_pin)]
    if len({candidate.member_id for candidate in fitting}) != 1:
        return None
    return max(fitting, key=lambda candidate: (candidate.pin_matches, candidate.enrollment_id))


def _fits(candidate: Candidate, answers: Answers, uses_pin: bool) -> bool:
    # Every test is made for every candidate, so that the work does not tell which answer failed.
    on_file = bool(answers.calling_number) and answers.calling_number in candidate.numbers
    named = answers.member_id == candidate.member_id
    known = on_file or candidate.pin_matches or (named and not uses_pin)
    tests = (
        _same(candidate.birth_date.isoformat(), answers.birth_date.isoformat()),
        _same(candidate.zip_code[:_ZIP_DIGITS], answers.zip_code[:_ZIP_DIGITS]) and bool(candidate.zip_code),
        known,
        answers.member_id is None or named,
        answers.representative_id is None or answers.representative_id in candidate.representatives,
    )
    return all(tests)


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


def locked_until(
    tried: Iterable[tuple[datetime, bool]], now: datetime, *, max_failures: int, locked_minutes: int
) -> datetime | None:
    """Until when further answers are refused, given the moments of earlier tries and whether each was verified.

    So many failures within `locked_minutes`, with none verified between them, lock for `locked_minutes` from the
    last of them. At that moment it is open again, and the count starts anew.
    """
    window = timedelta(minutes=locked_minutes)
    failures: list[datetime] = []
    until: datetime | None = None
    for moment, verified in sorted(tried, key=lambda one: one[0]):
        if until is not None and moment < until:
            continue
        if verified:
            failures = []
            continue
        failures = [*(each for each in failures if each > moment - window), moment]
        if len(failures) >= max_failures:
            until, failures = moment + window, []
    return until if until is not None and now < until else None
