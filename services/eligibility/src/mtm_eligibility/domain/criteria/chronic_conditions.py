"""Multiple chronic diseases: does the member have as many of the programme's conditions as it asks for?

42 CFR 423.153(d)(2)(i)(A): a sponsor may require at most three. CMS prescribes no code list; diagnoses become
conditions through the vocabulary, and enough evidence is the programme's policy: one claim, or the Chronic Conditions
Warehouse rule (one institutional claim, or two others on different days). Conditions count by core disease unless the
programme counts each one. A diagnosis code that is not understood may be a condition more: where that decides, the
test cannot tell.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from mtm_shared.values.outcome import Outcome

from mtm_eligibility.domain.criteria.counting import count_outcome, listed, share
from mtm_eligibility.domain.determination import Criterion, CriterionName, NotChecked, NotCounted
from mtm_eligibility.domain.facts import Diagnosis, PlanType, Setting
from mtm_eligibility.domain.periods import Periods
from mtm_eligibility.domain.program import ChronicConditions, Comparison, EvidencePolicy, EvidenceRule

_INSTITUTIONAL = frozenset({Setting.INPATIENT, Setting.SNF, Setting.HHA})

Claims = list[Diagnosis]


def chronic_conditions(
    diagnoses: Sequence[Diagnosis],
    test: ChronicConditions,
    plan_type: PlanType | None,
    periods: Periods,
    not_counted: list[NotCounted],
) -> Criterion:
    """Count the conditions with enough evidence in the look-back, each as what the programme counts it as."""
    by_condition, by_unknown_code = _group(diagnoses, test.names, periods, not_counted)
    policy = test.evidence
    proven = {condition: claims for condition, claims in by_condition.items() if _enough(claims, policy)}
    units = test.units[plan_type] if plan_type is not None else _in_every_plan(test)
    not_counted.extend(_name_left_out(by_condition, proven, units, test.names))
    counted = {unit: condition for condition in sorted(proven, reverse=True) if (unit := units.get(condition))}
    possible = _possible(by_condition, by_unknown_code, counted, units, policy)
    if plan_type is None:
        possible += sum(1 for condition in proven if condition not in units)
    minimum = test.minimum.value
    outcome = count_outcome(len(counted), possible, minimum)
    return Criterion(
        criterion=CriterionName.CHRONIC_CONDITIONS,
        outcome=outcome,
        observed=str(len(counted)),
        required=str(minimum),
        comparison=Comparison.AT_LEAST.value,
        unit=test.minimum.unit,
        because=_because(counted, by_unknown_code, test, plan_type, outcome),
        evidence=tuple(
            _evidence(test.names[condition], proven[condition]) for condition in sorted(proven) if condition in units
        ),
        citation=test.minimum.citation,
        nearness=share(len(counted), minimum),
    )


def not_understood(diagnoses: Sequence[Diagnosis], periods: Periods) -> tuple[NotChecked, ...]:
    """Every diagnosis code in the look-back that could not be understood, once."""
    problems = {
        (diagnosis.icd10, diagnosis.problem)
        for diagnosis in diagnoses
        if diagnosis.problem and periods.diagnoses_from <= diagnosis.service_date <= periods.as_of
    }
    return tuple(
        NotChecked("diagnosis", code, problem, f"{code} could not be understood as an ICD-10-CM code.")
        for code, problem in sorted(problems)
    )


def _group(
    diagnoses: Sequence[Diagnosis], listed: Mapping[str, str], periods: Periods, not_counted: list[NotCounted]
) -> tuple[dict[str, Claims], dict[str, Claims]]:
    """Claims in the look-back by listed condition, and those of codes not understood by code."""
    by_condition: dict[str, Claims] = {}
    by_unknown_code: dict[str, Claims] = {}
    early = late = 0
    for diagnosis in diagnoses:
        if diagnosis.service_date > periods.as_of:
            late += 1
        elif diagnosis.service_date < periods.diagnoses_from:
            early += 1
        elif diagnosis.problem:
            by_unknown_code.setdefault(diagnosis.icd10, []).append(diagnosis)
        else:
            for condition in diagnosis.conditions:
                if condition in listed:
                    by_condition.setdefault(condition, []).append(diagnosis)
    if early:
        not_counted.append(_outside(early, "before_every_period", f"before {periods.diagnoses_from}"))
    if late:
        not_counted.append(_outside(late, "after_as_of", f"after {periods.as_of}"))
    return by_condition, by_unknown_code


def _outside(count: int, code: str, when: str) -> NotCounted:
    subject = "1 diagnosis is" if count == 1 else f"{count} diagnoses are"
    return NotCounted("diagnoses", str(count), code, f"{subject} {when}, outside the look-back.")


def _name_left_out(
    by_condition: dict[str, Claims], proven: dict[str, Claims], units: Mapping[str, str], names: Mapping[str, str]
) -> Iterator[NotCounted]:
    for condition, claims in by_condition.items():
        name = names[condition]
        if condition not in units:
            detail = f"{name} does not count for members of this plan type."
            yield NotCounted("condition", name, "not_for_plan_type", detail)
        elif condition not in proven:
            detail = f"{_evidence(name, claims)} is less evidence than the programme asks for."
            yield NotCounted("condition", name, "too_little_evidence", detail)


def _in_every_plan(test: ChronicConditions) -> dict[str, str]:
    """What counts whatever the plan type is."""
    first, *others = test.units.values()
    return {condition: unit for condition, unit in first.items() if all(condition in units for units in others)}


def _enough(claims: Claims, policy: EvidencePolicy) -> bool:
    if policy.rule.value is EvidenceRule.SINGLE_CLAIM:
        return True
    institutional = {_claim(diagnosis) for diagnosis in claims if diagnosis.setting in _INSTITUTIONAL}
    if len(institutional) >= policy.institutional_claims.value:
        return True
    days = sorted({diagnosis.service_date for diagnosis in claims if diagnosis.setting not in _INSTITUTIONAL})
    apart = 0
    last: date | None = None
    for day in days:
        if last is None or (day - last).days >= policy.days_apart.value:
            apart, last = apart + 1, day
    return apart >= policy.other_claims.value


def _claim(diagnosis: Diagnosis) -> str:
    return diagnosis.claim_id or str(diagnosis.service_date)


def _possible(
    by_condition: dict[str, Claims],
    by_unknown_code: dict[str, Claims],
    counted: dict[str, str],
    units: Mapping[str, str],
    policy: EvidencePolicy,
) -> int:
    """How many conditions more the codes not understood could make at most.

    A code with enough claims of its own could be a condition; one with too few could still complete the evidence
    of a condition that lacks some, and two such codes could be evidence of one condition together.
    """
    if not by_unknown_code:
        return 0
    alone = sum(1 for claims in by_unknown_code.values() if _enough(claims, policy))
    lacking = {unit for condition in by_condition if (unit := units.get(condition)) and unit not in counted}
    weak = len(by_unknown_code) - alone
    completing = min(weak, len(lacking))
    possible = alone + completing + (weak - completing) // 2
    return min(possible, len(set(units.values())) - len(counted))


def _because(
    counted: dict[str, str],
    unknown: dict[str, Claims],
    test: ChronicConditions,
    plan_type: PlanType | None,
    outcome: Outcome,
) -> str:
    names = ", ".join(sorted(test.names[condition] for condition in counted.values()))
    seen = f"{len(counted)} of the programme's conditions{f' ({names})' if names else ''}"
    minimum = test.minimum.value
    if outcome is not Outcome.CANNOT_TELL:
        return f"{seen}; at least {minimum} are required."
    if unknown:
        return f"{seen}, and {listed(unknown)} could not be understood and may bring them to the {minimum} required."
    assert plan_type is None
    return f"{seen}, and others count or not by plan type, which is not known; at least {minimum} are required."


def _evidence(name: str, claims: Claims) -> str:
    latest = claims[0] if len(claims) == 1 else max(claims, key=_latest)
    more = f", {len(claims)} claims" if len(claims) > 1 else ""
    return f"{name}: {latest.icd10} on {latest.service_date.isoformat()} ({latest.setting.value}){more}"


def _latest(diagnosis: Diagnosis) -> tuple[date, str, str]:
    return diagnosis.service_date, diagnosis.icd10, diagnosis.setting.value
