"""What later claims say of a recommendation: that it was followed, that it was not, or that they cannot tell.

A drug was *stopped* when nothing of its ingredient is filled after the recommendation, the supply on hand has run out,
the days of grace are over (stays in a facility, which supplies the drugs itself, do not count), and the member was seen
to fill something else since: a silence of all claims says nothing. Its *dose was changed* when a later fill has another
daily amount; it was *started* when one of the expected ingredients is filled for the first time; *switched* when one
was stopped, or is no more filled, and the other started. Filled again unchanged after an accepted recommendation
contradicts it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

STOP, START, CHANGE_DOSE, SWITCH = "stop", "start", "change_dose", "switch"
NONE, VERIFIED, CONTRADICTED, CANNOT_TELL = "none", "verified", "contradicted", "cannot_tell"
_SAME = Decimal("0.1")
"""Daily amounts within a tenth are one dose: packages do not fit the days."""


@dataclass(frozen=True, slots=True)
class Dispensed:
    """A fill: its ingredients, day, days, and daily amount of the strength (None where it cannot be told)."""

    name: str
    ingredients: frozenset[str]
    on: date
    days: int
    daily: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Absence:
    """Days in a facility, both inside; without an end when None."""

    first: date
    last: date | None


@dataclass(frozen=True, slots=True)
class Question:
    """What was recommended when, and what would show that it was followed."""

    changes: tuple[str, ...]
    ingredients: frozenset[str]
    to_ingredients: frozenset[str]
    sent_on: date
    accepted: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the claims say as of a day; `decidable_on` is when they may say more."""

    state: str
    because: str
    change: str | None = None
    on: date | None = None
    evidence: tuple[str, ...] = ()
    decidable_on: date | None = None


def judge(
    asked: Question,
    fills: Iterable[Dispensed],
    absences: Sequence[Absence],
    ended_on: date | None,
    as_of: date,
    grace_days: int,
) -> Verdict:
    """The verdict as of a day; `ended_on` is the last day on which the member was covered and alive, if known."""
    known = sorted((fill for fill in fills if fill.on <= as_of), key=lambda fill: (fill.on, fill.name))
    for change in asked.changes:
        found = _changed(change, asked, known)
        if found is not None:
            return found
    if STOP in asked.changes or SWITCH in asked.changes:
        return _stopped(asked, known, absences, ended_on, as_of, grace_days)
    if (again := _refilled(asked, known)) is not None:
        return again
    return Verdict(NONE, "Nothing in the claims since shows the change.")


def _of(fills: Sequence[Dispensed], ingredients: frozenset[str]) -> list[Dispensed]:
    return [fill for fill in fills if fill.ingredients & ingredients]


def _changed(change: str, asked: Question, known: Sequence[Dispensed]) -> Verdict | None:
    """A change that a later fill shows by itself."""
    if change in (START, SWITCH) and asked.to_ingredients:
        return _started(change, asked, known)
    if change == CHANGE_DOSE:
        return _dose_changed(asked, known)
    return None


def _started(change: str, asked: Question, known: Sequence[Dispensed]) -> Verdict | None:
    wanted = _of(known, asked.to_ingredients)
    new = [fill for fill in wanted if fill.on > asked.sent_on]
    if not new or any(fill.on <= asked.sent_on for fill in wanted):
        return None
    old_after = [fill for fill in _of(known, asked.ingredients) if fill.on > new[0].on]
    if change == SWITCH and old_after:
        return None
    return Verdict(VERIFIED, f"{new[0].name} was filled on {new[0].on}.", change, new[0].on, (_told(new[0]),))


def _dose_changed(asked: Question, known: Sequence[Dispensed]) -> Verdict | None:
    mine = [fill for fill in _of(known, asked.ingredients) if fill.daily is not None]
    for ingredient in sorted(asked.ingredients):
        before = [fill for fill in mine if ingredient in fill.ingredients and fill.on <= asked.sent_on]
        after = [fill for fill in mine if ingredient in fill.ingredients and fill.on > asked.sent_on]
        if not before or not after:
            continue
        old, new = before[-1], after[-1]
        assert old.daily is not None
        assert new.daily is not None
        if abs(new.daily - old.daily) > _SAME * old.daily:
            because = f"The daily amount went from {old.daily.normalize():f} to {new.daily.normalize():f}."
            return Verdict(VERIFIED, because, CHANGE_DOSE, new.on, (_told(old), _told(new)))
    return None


def _refilled(asked: Question, known: Sequence[Dispensed]) -> Verdict | None:
    """Filled again as before, although the recommendation was accepted."""
    after = [fill for fill in _of(known, asked.ingredients) if fill.on > asked.sent_on]
    if not (asked.accepted and after):
        return None
    because = f"It was accepted, but {after[-1].name} was filled as before on {after[-1].on}."
    return Verdict(CONTRADICTED, because, None, after[-1].on, (_told(after[-1]),))


def _stopped(
    asked: Question,
    known: Sequence[Dispensed],
    absences: Sequence[Absence],
    ended_on: date | None,
    as_of: date,
    grace_days: int,
) -> Verdict:
    """Whether any one of the ingredients is no longer taken; of a duplicate, one of the two is enough."""
    waiting: list[date] = []
    silent = False
    for ingredient in sorted(asked.ingredients):
        one = _of(known, frozenset({ingredient}))
        before = [fill for fill in one if fill.on <= asked.sent_on]
        if not before or any(fill.on > asked.sent_on for fill in one):
            continue
        runs_out = _runs_out(before)
        decidable = _after_absences(runs_out + timedelta(days=grace_days), runs_out, absences)
        if ended_on is not None and ended_on < decidable:
            silent = True
        elif as_of < decidable:
            waiting.append(decidable)
        elif any(fill.on > asked.sent_on for fill in known):
            last = before[-1]
            because = f"{last.name} was last filled on {last.on}, and its supply ran out on {runs_out}."
            return Verdict(VERIFIED, because, STOP, runs_out, (_told(last),))
        else:
            silent = True
    if waiting:
        first = min(waiting)
        return Verdict(NONE, f"The supply on hand and the days of grace last until {first}.", decidable_on=first)
    if silent:
        return Verdict(CANNOT_TELL, "No claim of any drug since then shows that the member goes on filling.")
    return _refilled(asked, known) or Verdict(NONE, "It is still being filled.")


def _runs_out(fills: Sequence[Dispensed]) -> date:
    """The day on which the last of the supply is used, fills before their time added up."""
    end = fills[0].on
    for fill in fills:
        end = max(end, fill.on) + timedelta(days=fill.days)
    return end


def _after_absences(decidable: date, since: date, absences: Sequence[Absence]) -> date:
    """The day of decision, later by every day in a facility before it."""
    for absence in sorted(absences, key=lambda one: one.first):
        last = absence.last or decidable
        if absence.first <= decidable and last >= since:
            decidable += timedelta(days=(last - max(absence.first, since)).days + 1)
    return decidable


def _told(fill: Dispensed) -> str:
    return f"{fill.name}, filled on {fill.on} for {fill.days} days"


def is_resolved(outcome: str, state: str) -> bool:
    """Whether a recommendation counts as resolved: claims show the change, or it was accepted and they do not deny it.

    CMS: a resolution is a change made as a result of the recommendation (CMS-10185, section II; unverified).
    """
    if state == VERIFIED:
        return True
    return outcome in ("accepted", "accepted_with_change") and state != CONTRADICTED
