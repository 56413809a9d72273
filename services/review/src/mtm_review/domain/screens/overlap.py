"""Whether two uses of drugs are taken together, and whether that looks meant.

Tier 1: on hand together for 30 days or more, and each filled at least twice or reported as current for a month. Tier
2: one of them is new. Tier 3: shorter. What explains itself is suppressed with its reason: one drug replaced the
other, a strength was changed, the drug is taken as needed, or the overlap is no more than an early refill. The verdict
is the same whichever of the two is named first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from mtm_review.domain.eras import OPEN_END, Era, overlaps
from mtm_review.domain.finding import Severity, SuppressionReason
from mtm_review.domain.regimen import Course

CONTINUAL_DAYS = 30
RECENT_DAYS = 90
EARLY_REFILL_DAYS = 7


@dataclass(frozen=True, slots=True)
class Use:
    """A course, or an ingredient's courses together, as one thing taken over time."""

    courses: tuple[Course, ...]
    eras: tuple[Era, ...]
    fill_days: tuple[int, ...]
    grace: int
    prescribers: frozenset[str]
    active: bool
    current: bool
    as_needed: bool

    @property
    def started(self) -> int:
        """First day of the latest era."""
        return self.eras[-1].first

    @property
    def last(self) -> int:
        """Last day on hand."""
        return self.eras[-1].last

    @property
    def pharmacies(self) -> frozenset[str]:
        """The pharmacies that dispensed it, as far as claims say."""
        return frozenset().union(*(course.pharmacies for course in self.courses))

    def established(self, day: int) -> bool:
        """Filled at least twice, or reported as current and not just begun."""
        if len(self.fill_days) >= 2:
            return True
        return self.current and (bool(self.fill_days) or self.started <= day - CONTINUAL_DAYS)


class Verdict(NamedTuple):
    """What became of a pair: a tier, or a reason to suppress it, or neither where there is nothing to tell.

    `since` is the first day together, `days` how many; `why` says it in words where a rule or the judge gives them;
    `severity` is the gravest that a finding may be where a pair is usually meant but nothing on record shows why.
    """

    tier: int
    reason: SuppressionReason | None
    days: int
    since: int
    why: str = ""
    severity: Severity | None = None

    @property
    def silent(self) -> bool:
        """True when there is nothing to tell and a broader rule may still look at the pair."""
        return not self.tier and self.reason is None


NEVER_TOGETHER: Final = Verdict(0, None, 0, 0, "They were never on hand on the same day.")
NO_LONGER: Final = Verdict(0, None, 0, 0, "They are no longer both taken on the day of the review.")


def use_of(courses: Sequence[Course], eras: tuple[Era, ...]) -> Use:
    """The courses as one use; as needed only when every one of them is."""
    if len(courses) == 1:
        course = courses[0]
        return Use((course,), eras, course.fill_days, course.grace, course.prescribers, course.active,
                   course.current, course.as_needed)  # fmt: skip
    return Use(
        courses=tuple(courses),
        eras=eras,
        fill_days=tuple(sorted(day for course in courses for day in course.fill_days)),
        grace=max(course.grace for course in courses),
        prescribers=frozenset().union(*(course.prescribers for course in courses)),
        active=any(course.active for course in courses),
        current=any(course.current for course in courses),
        as_needed=all(course.as_needed for course in courses),
    )


def recent(use: Use | Course, day: int) -> bool:
    """True while the use is active or ended so lately that a switch is still worth telling."""
    return use.active or use.eras[-1].last >= day - RECENT_DAYS


def differ(left: Use, right: Use) -> bool:
    """True when both prescribers are known and none is shared."""
    return bool(left.prescribers and right.prescribers and not left.prescribers & right.prescribers)


def differ_in_pharmacy(left: Use, right: Use) -> bool:
    """True when both pharmacies are known and none is shared, so that neither could see both."""
    ours, theirs = left.pharmacies, right.pharmacies
    return bool(ours and theirs and not ours & theirs)


def together(left: Use, right: Use, day: int, ignore: int) -> tuple[int, int]:
    """Days on hand together in stretches longer than `ignore`, and the first of them.

    Supply in hand counts to its end; what is reported without an end is taken to go on for another month.
    """
    open_ended = OPEN_END in (left.last, right.last)
    return overlaps(left.eras, right.eras, day + CONTINUAL_DAYS if open_ended else OPEN_END, ignore)


def judge(left: Use, right: Use, day: int, prn_counts: bool) -> Verdict:
    """The verdict on two different drugs."""
    any_days, since = together(left, right, day, 0)
    if not any_days:
        return NEVER_TOGETHER
    older, newer = _in_order(left, right)
    if replaced(older, newer) and not _passing(older, newer, any_days):
        return Verdict(0, SuppressionReason.SWITCH, any_days, since)
    if not (left.active and right.active):
        return NO_LONGER
    if (left.as_needed or right.as_needed) and not prn_counts:
        return Verdict(0, SuppressionReason.AS_NEEDED, any_days, since)
    days, since_long = together(left, right, day, EARLY_REFILL_DAYS)
    if not days:
        return Verdict(0, SuppressionReason.SHORT_OVERLAP, any_days, since)
    return Verdict(tier_of(older, newer, days, day), None, days, since_long)


def replaced(older: Use, newer: Use) -> bool:
    """True when the older supply ran out within its grace of the newer's start and was not filled again."""
    if not older.fill_days or older.current:
        return False
    start = newer.started
    return older.last <= start + older.grace and older.fill_days[-1] < start


def _passing(older: Use, newer: Use, days: int) -> bool:
    """True when the newer one is a course of a few days inside the older supply, and takes the place of nothing."""
    return days <= EARLY_REFILL_DAYS and newer.last <= older.last


def tier_of(one: Use, other: Use, days: int, day: int) -> int:
    """1 when both are established and long together, 2 when one is new, 3 when the time together is short."""
    if one.established(day) and other.established(day):
        return 1 if days >= CONTINUAL_DAYS else 3
    return 2


def _in_order(left: Use, right: Use) -> tuple[Use, Use]:
    return (left, right) if (left.started, left.last) <= (right.started, right.last) else (right, left)
