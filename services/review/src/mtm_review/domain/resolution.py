"""What later claims say of a recommendation: that it was followed, that it was not, or that they cannot tell.

Claims are proof only where they could have shown the opposite. A drug was *stopped* when its supply on hand and the
days of grace have run out (days in a facility, which supplies drugs itself, are waited out) while the member lived,
was covered all the time and filled something else; else nobody can tell. Its *dose was changed* when a later fill has
another daily amount in the asked direction; a drug was *started* when one of those that were expected is filled for
the first time, *switched* when the other one started and the first is not filled after it. A fill that comes some days
after a yes contradicts it; a change that comes long after the recommendation is not credited to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

STOP, START, CHANGE_DOSE, SWITCH = "stop", "start", "change_dose", "switch"
NONE, VERIFIED, CONTRADICTED, CANNOT_TELL = "none", "verified", "contradicted", "cannot_tell"
LOWER, HIGHER = "lower", "higher"
_BEST: Final = (VERIFIED, NONE, CANNOT_TELL, CONTRADICTED)
_SAME: Final = Decimal("0.1")
"""Daily amounts within a tenth are one dose: packages do not fit the days."""
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dispensed:
    """A fill: its ingredients, day, days, and daily amount of the strength (None where it cannot be told)."""

    name: str
    ingredients: frozenset[str]
    on: date
    days: int
    daily: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Days:
    """Days from the first to the last, both inside; without an end when None."""

    first: date
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """What was recommended when, what would show that it was followed, and the day of a yes, if there was one."""

    changes: tuple[str, ...]
    ingredients: frozenset[str]
    to_ingredients: frozenset[str]
    sent_on: date
    accepted_on: date | None = None
    direction: str = LOWER


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited: after the supply, after a yes, and after the recommendation at all; in days."""

    grace: int
    settling: int
    window: int


@dataclass(frozen=True, slots=True)
class Record:
    """The member's claims, days in facilities, days of coverage, and the last day of life or coverage if it is past."""

    fills: tuple[Dispensed, ...]
    absences: tuple[Days, ...] = ()
    coverage: tuple[Days, ...] = ()
    ended_on: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the claims say as of a day; `decidable_on` is when they may say more."""

    state: str
    because: str
    change: str | None = None
    on: date | None = None
    evidence: tuple[str, ...] = ()
    decidable_on: date | None = None


def judge(asked: Question, record: Record, as_of: date, patience: Patience) -> Verdict:
    """The verdict as of a day: the best of the changes that would count, any one of them."""
    known = sorted((fill for fill in record.fills if fill.on <= as_of), key=lambda fill: (fill.on, fill.name))
    case = _Case(asked, record, known, as_of, patience)
    found = [verdict for change in asked.changes if (verdict := case.of(change)) is not None]
    if not found:
        return Verdict(NONE, "Nothing in the claims since shows the change.")
    return min(found, key=lambda one: (_BEST.index(one.state), one.decidable_on or date.max))


@dataclass(frozen=True, slots=True)
class _Case:
    asked: Question
    record: Record
    known: list[Dispensed]
    as_of: date
    patience: Patience

    def of(self, change: str) -> Verdict | None:
        """What the claims say of one change; None where they say nothing."""
        if change == STOP:
            looks = [self._stopped(ingredient) for ingredient in sorted(self.asked.ingredients)]
            told = [look for look in looks if look is not None]
            return min(told, key=lambda one: (_BEST.index(one.state), one.decidable_on or date.max), default=None)
        if change == CHANGE_DOSE:
            return self._dose_changed() or self._refilled()
        if change in (START, SWITCH):
            return self._started(change) or (self._refilled() if change == SWITCH else None)
        return None

    def _filled(self, ingredients: frozenset[str]) -> list[Dispensed]:
        return [fill for fill in self.known if fill.ingredients & ingredients]

    def _goes_against(self, fill: Dispensed) -> bool:
        """Whether a fill came so long after a yes that it contradicts it."""
        yes = self.asked.accepted_on
        return yes is not None and fill.on >= yes + timedelta(days=self.patience.settling)

    def _too_late(self, day: date) -> bool:
        return day > self.asked.sent_on + timedelta(days=self.patience.window)

    def _started(self, change: str) -> Verdict | None:
        wanted = self._filled(self.asked.to_ingredients)
        new = [fill for fill in wanted if fill.on > self.asked.sent_on]
        if not new or any(fill.on <= self.asked.sent_on for fill in wanted) or self._too_late(new[0].on):
            return None
        old = self._filled(self.asked.ingredients)
        if change == SWITCH and (not old or any(fill.on > new[0].on for fill in old)):
            return None
        return Verdict(VERIFIED, f"{new[0].name} was filled on {new[0].on}.", change, new[0].on, (_told(new[0]),))

    def _dose_changed(self) -> Verdict | None:
        for ingredient in sorted(self.asked.ingredients):
            mine = [fill for fill in self._filled(frozenset({ingredient})) if fill.daily is not None]
            before = [fill for fill in mine if fill.on <= self.asked.sent_on]
            after = [fill for fill in mine if fill.on > self.asked.sent_on and not self._too_late(fill.on)]
            if before and after and self._moved(before[-1].daily, after[-1].daily):
                old, new = before[-1], after[-1]
                because = f"The daily amount of {new.name} went from {_plain(old)} to {_plain(new)}."
                return Verdict(VERIFIED, because, CHANGE_DOSE, new.on, (_told(old), _told(new)))
        return None

    def _moved(self, old: Decimal | None, new: Decimal | None) -> bool:
        """Whether the daily amount went the way that was asked for."""
        if old is None or new is None or abs(new - old) <= _SAME * old:
            return False
        return (new < old) is (self.asked.direction == LOWER)

    def _refilled(self) -> Verdict | None:
        """Filled again as before, some days after a yes."""
        after = [fill for fill in self._filled(self.asked.ingredients) if self._goes_against(fill)]
        if not after:
            return None
        because = f"It was accepted, but {after[-1].name} was filled as before on {after[-1].on}."
        return Verdict(CONTRADICTED, because, None, after[-1].on, (_told(after[-1]),))

    def _stopped(self, ingredient: str) -> Verdict | None:
        fills = self._filled(frozenset({ingredient}))
        before = [fill for fill in fills if fill.on <= self.asked.sent_on]
        if not before:
            return None
        if self._decidable(before) <= self.asked.sent_on:
            return _unknown(f"{before[-1].name} had run out before the recommendation.", before[-1])
        runs_out, decidable, last = _runs_out(fills), self._decidable(fills), fills[-1]
        if self._too_late(runs_out):
            return self._refilled() or Verdict(NONE, f"{last.name} is still being filled.")
        if self.record.ended_on is not None and self.record.ended_on < decidable:
            return _unknown(f"The member died or left before {last.name} would have been filled again.", last)
        if self.as_of < decidable:
            against = self._refilled() if self._goes_against(last) else None
            waits = f"{last.name} may be on hand; claims can tell from {decidable}."
            return against or Verdict(NONE, waits, decidable_on=decidable)
        if not _covered(self.record.coverage, self.asked.sent_on, decidable - _DAY):
            return _unknown(f"The member was not covered until {last.name} would have been filled again.", last)
        others = [fill for fill in self.known if fill.on > self.asked.sent_on and ingredient not in fill.ingredients]
        if not others:
            return _unknown("No claim of another drug since then shows that the member goes on filling.", last)
        because = f"{last.name} was last filled on {last.on}, and its supply ran out on {runs_out}."
        return Verdict(VERIFIED, because, STOP, runs_out, (_told(last),))

    def _decidable(self, fills: Sequence[Dispensed]) -> date:
        """When grace is over after the supply of these fills, days in a facility waited out."""
        runs_out = _runs_out(fills)
        day = runs_out + timedelta(days=self.patience.grace)
        for absence in sorted(self.record.absences, key=lambda one: one.first):
            last = absence.last or day
            if absence.first <= day and last >= runs_out:
                day += timedelta(days=(last - max(absence.first, runs_out)).days + 1)
        return day


def _unknown(because: str, fill: Dispensed) -> Verdict:
    return Verdict(CANNOT_TELL, because, evidence=(_told(fill),))


def _runs_out(fills: Sequence[Dispensed]) -> date:
    """The day on which the last of the supply is used, fills before their time added up."""
    end = fills[0].on
    for fill in fills:
        end = max(end, fill.on) + timedelta(days=fill.days)
    return end


def _covered(coverage: Sequence[Days], first: date, last: date) -> bool:
    """Whether every day is covered; true where nothing is known of the coverage."""
    if not coverage:
        return True
    day = first
    for span in sorted(coverage, key=lambda one: one.first):
        if span.first <= day and (span.last is None or span.last >= day):
            day = date.max if span.last is None else span.last + _DAY
    return day > last


def _told(fill: Dispensed) -> str:
    return f"{fill.name}, filled on {fill.on} for {fill.days} days"


def _plain(fill: Dispensed) -> str:
    return "" if fill.daily is None else f"{fill.daily.normalize():f}"


def is_resolved(outcome: str, state: str, changed_on: date | None) -> bool:
    """Whether a recommendation counts as resolved: claims show the change, or a prescriber who said yes told its day.

    CMS: a resolution is a change made as a result of the recommendation (CMS-10185, section II; unverified). A yes
    alone is no change, and what claims contradict is none.
    """
    if state == VERIFIED:
        return True
    return outcome in ("accepted", "accepted_with_change") and changed_on is not None and state != CONTRADICTED
