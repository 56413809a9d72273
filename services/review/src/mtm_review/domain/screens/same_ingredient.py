"""The same ingredient from two products: a duplicate, or a strength that was changed.

Refills of one product by one prescriber are one course and never come here. Two products, two strengths or two
prescribers' supplies of one ingredient by one route do: an overlap of 30 days or more is a finding when prescribers
differ or when each is filled while the other is still on hand. A strength that takes the place of another is a
titration (three or more falling strengths: a taper). A member's own mention of a drug that claims show is the same
drug, not a second one.

One product from one prescriber is told too where two pharmacies both go on filling it for a month or more: neither
sees the other's fills. Changing pharmacies, or a single fill elsewhere, is nothing.
"""

from itertools import pairwise
from typing import Final

from mtm_review.domain.eras import build_eras, grace_of
from mtm_review.domain.finding import SuppressionReason
from mtm_review.domain.medication import Source
from mtm_review.domain.regimen import Course
from mtm_review.domain.screens.overlap import (
    CONTINUAL_DAYS,
    EARLY_REFILL_DAYS,
    NEVER_TOGETHER,
    NO_LONGER,
    Use,
    Verdict,
    differ,
    replaced,
    tier_of,
    together,
    use_of,
)

_TOLD_TWICE: Final = Verdict(0, None, 0, 0, "It is one supply that was told of twice.")
_REFILLED_ELSEWHERE: Final = Verdict(0, None, 0, 0, "Two pharmacies filled it, but not side by side for a month.")
_RETOLD: Final = frozenset({Source.REPORTED, Source.SAMPLE})


def judge_courses(left: Use, right: Use, day: int) -> Verdict:
    """The verdict on two courses that share an ingredient and a route."""
    if _same_told_twice(left.courses[0], right.courses[0]):
        return _TOLD_TWICE
    older, newer = sorted((left, right), key=_started)
    any_days, since = together(older, newer, day, 0)
    if not any_days:
        return NEVER_TOGETHER
    same_drug = older.courses[0].key == newer.courses[0].key
    if (changed := _changed(older, newer, any_days, same_drug)) is not None:
        return Verdict(0, changed, any_days, since)
    if not (left.active and right.active):
        return NO_LONGER
    same_product = same_product_of(older.courses[0], newer.courses[0])
    ignore = max(older.grace, newer.grace) if same_product else EARLY_REFILL_DAYS
    days, since_long = together(older, newer, day, ignore)
    if not days:
        return Verdict(0, SuppressionReason.SHORT_OVERLAP, any_days, since)
    return Verdict(tier_of(older, newer, days, day), None, days, since_long)


def at_two_pharmacies(course: Course) -> bool:
    """True when supplies of the course have piled up for a month, and not all are from one pharmacy."""
    fills = course.fills
    if len(fills) < 4 or course.last - fills[-1][0] - fills[-1][1] + 1 < CONTINUAL_DAYS:
        return False
    return len(course.pharmacies) > 1


def by_pharmacy(course: Course, day: int) -> list[Use]:
    """What each pharmacy that filled the course twice or more supplied, as uses of their own."""
    uses = []
    for pharmacy in sorted(course.pharmacies):
        fills = tuple(fill for fill in course.fills if fill[3] == pharmacy)
        if len(fills) > 1:
            eras, grace = build_eras(fills, limit=course.last), grace_of(fills[-1][1])
            active = course.active and eras[-1].last + grace >= day
            days = tuple(fill[0] for fill in fills)
            part = course._replace(eras=eras, fill_days=days, fills=fills, grace=grace, active=active)
            uses.append(use_of([part], eras))
    return uses


def judge_pharmacies(left: Use, right: Use, day: int) -> Verdict:
    """The verdict on what two pharmacies supplied of one product: told only when both went on for a month."""
    if not (left.active and right.active):
        return NO_LONGER
    days, since = together(left, right, day, max(left.grace, right.grace))
    return Verdict(1, None, days, since) if days >= CONTINUAL_DAYS else _REFILLED_ELSEWHERE


def is_taper(courses: tuple[Course, ...]) -> bool:
    """Three or more strengths of one drug, each lower than the one before."""
    amounts = [_amount(course) for course in sorted(courses, key=lambda c: c.eras[-1].first)]
    known = [amount for amount in amounts if amount is not None]
    return len(known) == len(amounts) >= 3 and all(a > b for a, b in pairwise(known))


def _started(use: Use) -> tuple[int, int, str]:
    return (use.started, use.last, use.courses[0].medications[0].medication_id)


def _changed(older: Use, newer: Use, days: int, same_drug: bool) -> SuppressionReason | None:
    """Why the newer one looks like the older one's successor, if it does."""
    if older.current or not older.fill_days or older.fill_days[-1] >= newer.started:
        return None
    restrength = same_drug and not same_product_of(older.courses[0], newer.courses[0])
    if restrength and (not differ(older, newer) or days < CONTINUAL_DAYS):
        return SuppressionReason.TITRATION
    return SuppressionReason.SWITCH if replaced(older, newer) else None


def same_product_of(left: Course, right: Course) -> bool:
    """One drug in one strength and form, whoever prescribed it and whatever the brand."""
    return left.key == right.key and left.drug.strength == right.drug.strength


def _same_told_twice(left: Course, right: Course) -> bool:
    """A drug that the member or a sample adds to what claims show, with nothing that would set it apart."""
    if left.key != right.key or (left.prescribers and right.prescribers and left.prescribers != right.prescribers):
        return False
    sources = (left.medications[0].source, right.medications[0].source)
    strengths = (left.drug.strength, right.drug.strength)
    alike = not all(strengths) or strengths[0] == strengths[1]
    if left.fill_days and right.fill_days:
        return False
    return alike and (sources[0] is sources[1] or any(source in _RETOLD for source in sources))


def _amount(course: Course) -> float | None:
    first = (course.drug.strength or "").split(" ", 1)[0]
    try:
        return float(first)
    except ValueError:
        return None
