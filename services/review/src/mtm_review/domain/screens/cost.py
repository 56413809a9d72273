"""Drugs that do the same for less (reason code SD): a brand with a generic on file, or a cheaper choice.

Only claims count: what members report by a brand's name is often the generic. A brand whose generic is told is not told
again as a choice. What was taken before and changed is not proposed again, and drugs of which members should stay with
one product are left alone (narrow therapeutic index). Costs are compared only where claims give both; else the finding
says that the other may cost less.
"""

from collections.abc import Iterable
from decimal import Decimal

from mtm_review.domain.courses import Course
from mtm_review.domain.finding import NotChecked, Screen, SuppressionReason
from mtm_review.domain.gates import Stop
from mtm_review.domain.knowledge import CheaperChoice, Said
from mtm_review.domain.medication import NOT_TOLD, Source
from mtm_review.domain.ruled import Step
from mtm_review.domain.screens.drug_rules import medications_of
from mtm_review.domain.screens.said import finding_said, step_of, suppressed_said
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import evidence_of, in_series, on

MONTH = 30
_CENT = Decimal("0.01")


def screen_cost(situation: Situation) -> Seen:
    """What the active claims of the member could cost less by."""
    seen = Seen()
    known = situation.knowledge.costs
    unknown: list[str] = []
    for course in situation.regimen.courses:
        if not course.active or course.medications[0].source is not Source.CLAIM:
            continue
        generic = generic_of(course, situation)
        if generic:
            stop = _brand_stop(course, situation)
            because = f"{course.drug.brand} is filled, and {generic} is sold as a generic."
            assert known.brand is not None  # a version with generics has the rule that speaks of them
            _tell(seen, known.brand, course, stop, because, _costs(course, _same_product(course, situation)))
            continue
        if course.drug.brand and course.drug.strength is None and course.key in known.generic_drugs:
            unknown.append(_name(course))
        for choice in known.choices_of.get(course.key, ()):
            if _concerns(choice, course):
                stop = _choice_stop(choice, course, situation)
                because = f"{_name(course)} may cost more than {choice.what} for the same effect."
                _tell(seen, choice.said, course, stop, because, _costs(course, ()))
    if unknown:
        detail = f"For want of strength and form no generic was looked for of {in_series(sorted(set(unknown)))}."
        seen.not_checked.append(NotChecked("screen", Screen.COST.value, "missing_fact", detail))
    return seen


def explain(rule_id: str, situation: Situation) -> list[Step]:
    """The steps of the rule for each drug that it concerns; the last says why it did not fire, or that it did."""
    known = situation.knowledge.costs
    told: list[list[Step]] = []
    for course in situation.regimen.courses:
        if not course.active or course.medications[0].source is not Source.CLAIM:
            continue
        generic = generic_of(course, situation)
        if known.brand is not None and rule_id == known.brand.rule_id:
            if not generic:
                continue
            stop = _brand_stop(course, situation)
            steps = [Step("drug", "A brand is filled of which a generic is sold.", "passed", f"{generic}.")]
        else:
            choice = known.choices[rule_id]
            if choice.drug != course.key or not _concerns(choice, course):
                continue
            twice = Stop(f"{_name(course)} is told as a brand with a generic already.")
            stop = twice if generic else _choice_stop(choice, course, situation)
            steps = [Step("drug", f"A drug is filled that {choice.what} could replace.", "passed", _name(course))]
        told.append(steps)
        steps.append(step_of("excepted", "Not one to stay with, not tried before, and not cheaper.", stop))
        if stop is None:
            steps.append(Step("finding", "Every step is met.", "passed", f"The rule fires on {_name(course)}."))
    told.sort(key=lambda steps: steps[-1].step == "finding")
    return [step for steps in told for step in steps] or [
        Step("drug", "Such a drug is filled.", "stopped", "No active claim is for such a drug.")
    ]


def generic_of(course: Course, situation: Situation) -> str:
    """The generic that is sold in the strength and form of a brand, or empty: RxNorm names both alike."""
    if not course.drug.brand:
        return ""
    name, bracket, _ = course.drug.name.partition(" [")
    return name if bracket and name in situation.knowledge.costs.generics else ""


def _concerns(choice: CheaperChoice, course: Course) -> bool:
    drug = course.drug
    return (not choice.forms or drug.dose_form in choice.forms) and (not choice.brands or drug.brand in choice.brands)


def _tell(seen: Seen, said: Said, course: Course, stop: Stop | None, because: str, costs: list[str]) -> None:
    if stop is None:
        seen.findings.append(finding_said(said, (course,), because, [evidence_of(course), *costs]))
    elif stop.reason is not None:
        seen.suppressed.append(suppressed_said(said, medications_of((course,)), stop))


def _brand_stop(course: Course, situation: Situation) -> Stop | None:
    name = _name(course)
    if any(ingredient.rxcui in situation.knowledge.costs.one_product for ingredient in course.drug.ingredients):
        because = f"{name}: members should stay with one product of a drug with a narrow therapeutic index."
        return Stop(because, SuppressionReason.POLICY)
    mine = monthly_cost(course)
    for other in _same_product(course, situation):
        theirs = monthly_cost(other)
        if mine is not None and theirs is not None and theirs >= mine:
            because = f"{name}: the generic costs {theirs} a month, the brand {mine}."
            return Stop(because, SuppressionReason.BELOW_THRESHOLD)
    return None


def _same_product(course: Course, situation: Situation) -> list[Course]:
    """The member's other courses of the generic in the same strength and form."""
    drug = course.drug
    return [
        other
        for other in situation.regimen.courses
        if other.key == course.key
        and not other.drug.brand
        and other.drug.strength == drug.strength
        and other.drug.dose_form == drug.dose_form
    ]


def _choice_stop(choice: CheaperChoice, course: Course, situation: Situation) -> Stop | None:
    for other in situation.regimen.courses:
        if other is course or other.key not in choice.instead:
            continue
        if not choice.instead_forms or other.drug.dose_form in choice.instead_forms:
            because = f"{_name(course)}: {_name(other)} was taken too, so that the choice was made before."
            return Stop(because, SuppressionReason.POLICY)
    instead = {rxcui for drug in choice.instead for rxcui in drug.split("+")}
    for allergy in situation.patient.allergies:
        if not allergy.rxcuis.isdisjoint(instead):
            because = f"{_name(course)}: an allergy or intolerance to {allergy.given} is reported."
            return Stop(because, SuppressionReason.POLICY)
    return None


def monthly_cost(course: Course) -> Decimal | None:
    """What thirty days cost by the last fill that tells its cost, to the cent."""
    for fill in reversed(course.fills):
        if fill[5] != NOT_TOLD:
            return (fill[5] * MONTH / fill[1]).quantize(_CENT)
    return None


def _costs(course: Course, others: Iterable[Course]) -> list[str]:
    """What the course and the others cost, as far as claims tell."""
    told = []
    for one in (course, *others):
        cost = monthly_cost(one)
        if cost is not None:
            told.append(f"{_name(one)}: ${cost} for {MONTH} days by the claim of {on(one.fill_days[-1])}")
    return told


def _name(course: Course) -> str:
    return course.medications[0].name
