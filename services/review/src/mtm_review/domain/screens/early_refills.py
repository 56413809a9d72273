"""Refills that come so early that a stock builds up (reason code ER).

One early refill is a holiday or a mail order that ships in time; many are a stock, a drug taken more often than
directed, or two pharmacies. A product is looked at over all its prescribers and pharmacies. Another strength does not
count, and a rise of the daily amount excuses what came before it. Directions on claims do not exist, so that a days'
supply that was mistyped cannot be told from an early refill.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from mtm_review.domain.courses import Course, FillKey
from mtm_review.domain.finding import SuppressionReason
from mtm_review.domain.gates import Stop
from mtm_review.domain.knowledge import EarlyRefills
from mtm_review.domain.medication import NOT_TOLD
from mtm_review.domain.ruled import Step
from mtm_review.domain.screens.drug_rules import medications_of
from mtm_review.domain.screens.said import finding_said, step_of, suppressed_said
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import evidence_of, short_name


class Stock(NamedTuple):
    """What a product's fills left: days on hand beyond the last fill, and how many refills in a row were early."""

    surplus: int
    early: int
    fills: int


def screen_early_refills(situation: Situation, seen: Seen) -> None:
    """Adds what the rules on early refills say of every product that claims show."""
    rules = situation.knowledge.adherence.early_refills.values()
    for courses in _products(situation):
        if not _carries(courses):
            continue
        for rule in rules:
            if not _concerns(rule, courses):
                continue
            fills = _fills(courses, situation.day - rule.window_days)
            stock = stock_of(fills, situation.day, rule.early_percent)
            if stock is None or _few(rule, stock) is not None:
                continue
            stop = _excused(courses, fills)
            if stop is not None:
                seen.suppressed.append(suppressed_said(rule.said, medications_of(courses), stop))
                continue
            name = short_name(courses[0].drug)
            told = (
                f"{stock.surplus} days of earlier fills are on hand; the last {stock.early} refills in a row were early"
            )
            because = f"{name} is refilled early: {told}."
            evidence = [f"{stock.fills} fills in {rule.window_days} days", *[evidence_of(c) for c in courses]]
            seen.findings.append(finding_said(rule.said, courses, because, evidence))


def explain_early(rule: EarlyRefills, situation: Situation) -> list[Step]:
    """The steps of the rule for each product that it concerns; those on which it fires come last."""
    told: list[list[Step]] = []
    for courses in _products(situation):
        if not _concerns(rule, courses):
            continue
        fills = _fills(courses, situation.day - rule.window_days)
        stock = stock_of(fills, situation.day, rule.early_percent)
        few = Stop("It is not on hand by its last fills.") if stock is None else _few(rule, stock)
        asks = f"{short_name(courses[0].drug)}: more than {rule.on_hand_over} days on hand, or {rule.in_a_row} early."
        steps = [step_of("stock", asks, few)]
        told.append(steps)
        if few is None:
            stop = _excused(courses, fills)
            steps.append(step_of("excused", "The daily amount was not raised, and it is not as needed.", stop))
            if stop is None:
                steps.append(Step("finding", "Every step is met.", "passed", "The rule fires."))
    told.sort(key=lambda steps: steps[-1].step == "finding")
    return [step for steps in told for step in steps] or [
        Step("drug", "A product of this kind is filled.", "stopped", "No claim is for such a product.")
    ]


def _products(situation: Situation) -> list[list[Course]]:
    """The courses with at least three fills in all, by product: the same drug, strength, form and route."""
    found: defaultdict[tuple[str, str, str, str], list[Course]] = defaultdict(list)
    for course in situation.regimen.courses:
        if course.fills:
            drug = course.drug
            found[course.key, drug.strength or "", drug.dose_form or "", course.route].append(course)
    return [courses for courses in found.values() if sum([len(course.fills) for course in courses]) > 2]


def _carries(courses: Sequence[Course]) -> bool:
    """False where the fills of a single course carried nothing forward, so that no stock can have built up."""
    if len(courses) > 1:
        return True
    day, days = courses[0].fills[-1][:2]
    return courses[0].last >= day + days


def _concerns(rule: EarlyRefills, courses: Sequence[Course]) -> bool:
    if rule.routes and courses[0].route not in rule.routes:
        return False
    schedules = {ingredient.schedule for ingredient in courses[0].drug.ingredients if ingredient.schedule}
    return not schedules.isdisjoint(rule.schedules) if rule.schedules else not schedules


def _fills(courses: Sequence[Course], since: int) -> list[FillKey]:
    if len(courses) == 1:
        return [fill for fill in courses[0].fills if fill[0] > since]
    return sorted(fill for course in courses for fill in course.fills if fill[0] > since)


def stock_of(fills: Sequence[FillKey], day: int, early_percent: int) -> Stock | None:
    """What the fills, in order of day, leave on the day; None when the last of them has run out."""
    end = previous = previous_day = early = 0
    for fill in fills:
        filled, days = fill[0], fill[1]
        left = end - filled
        if previous:
            # Of the supply before only: what came over from earlier fills is no reason to call this one early.
            early = early + 1 if min(left, previous_day + previous - filled) * 100 > early_percent * previous else 0
        end = max(end, filled) + days
        previous, previous_day = days, filled
    if end <= day:
        return None
    last = fills[-1]
    return Stock(end - day - max(0, last[0] + last[1] - day), early, len(fills))


def _few(rule: EarlyRefills, stock: Stock) -> Stop | None:
    if stock.surplus > rule.on_hand_over or stock.early >= rule.in_a_row:
        return None
    return Stop(f"{stock.surplus} days are on hand of earlier fills; {stock.early} refills in a row were early.")


def _excused(courses: Sequence[Course], fills: Sequence[FillKey]) -> Stop | None:
    name = short_name(courses[0].drug)
    if all(course.as_needed for course in courses):
        return Stop(f"{name} is taken only as needed.", SuppressionReason.AS_NEEDED)
    amounts = [_amount(fill) for fill in fills]
    if all(amounts) and amounts[-1] > amounts[0]:
        return Stop(f"The daily amount of {name} was raised.", SuppressionReason.TITRATION)
    return None


def _amount(fill: FillKey) -> Decimal:
    return fill[4] / fill[1] if fill[4] != NOT_TOLD else NOT_TOLD
