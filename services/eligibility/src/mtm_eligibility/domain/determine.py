"""Must this member be offered Medication Therapy Management? One pure function answers for a request and a population.

42 CFR 423.153(d)(2): a member is targeted who (i) has multiple chronic diseases, takes multiple Part D drugs and is
likely to incur the annual cost, all three, or (ii) is an at-risk beneficiary; the second way exists where the
programme says so. The parts are combined in Kleene's logic: what is not known matters only where it could change the
answer. A member who is not covered on the day cannot be targeted and is not eligible, whatever the tests say; they
are reported all the same.
"""

from datetime import date

from mtm_shared.values.outcome import Outcome, all_of, any_of

from mtm_eligibility.domain.criteria.annual_cost import annual_cost
from mtm_eligibility.domain.criteria.chronic_conditions import chronic_conditions, not_understood
from mtm_eligibility.domain.criteria.drug_management import NOT_TOLD, drug_management
from mtm_eligibility.domain.criteria.part_d_drugs import part_d_drugs
from mtm_eligibility.domain.determination import (
    Criterion,
    CriterionName,
    Determination,
    Eligibility,
    NotChecked,
    NotCounted,
    Notice,
    Pathway,
    PriorityReason,
)
from mtm_eligibility.domain.facts import MemberFacts
from mtm_eligibility.domain.netting import net_fills
from mtm_eligibility.domain.periods import Periods, coverage_on, periods_of, plan_type_on
from mtm_eligibility.domain.priority import priority_of, priority_reasons
from mtm_eligibility.domain.program import Program
from mtm_eligibility.domain.score import score_of
from mtm_eligibility.domain.taking import Takings, left_out_of, takings_of

_ELIGIBILITY = {
    Outcome.MET: Eligibility.ELIGIBLE,
    Outcome.NOT_MET: Eligibility.NOT_ELIGIBLE,
    Outcome.CANNOT_TELL: Eligibility.CANNOT_TELL,
}


def determine(facts: MemberFacts, program: Program, as_of: date) -> Determination:
    """Decide with reasons, as of a day. Facts after the day are not looked at; the order of facts does not matter."""
    periods = periods_of(program, as_of)
    fills, netted_out = net_fills(facts.fills)
    not_counted = list(netted_out)
    takings = takings_of(fills, periods, not_counted)
    tests = _tests(facts, program, periods, takings, not_counted)
    not_checked = left_out_of(takings, program.part_d_drugs.universe.value, periods, not_counted)
    may_be_targeted, notices = _may_be_targeted(facts, program, as_of)
    chronic, at_risk = _pathways(tests)
    outcome = _ELIGIBILITY[all_of((may_be_targeted, any_of((chronic, at_risk))))]
    reasons: tuple[PriorityReason, ...] = ()
    if outcome is Eligibility.ELIGIBLE:
        reasons = priority_reasons(tests, program, takings, facts.stays, as_of)
    return Determination(
        member_id=facts.member_id,
        program_id=program.program_id,
        as_of=as_of,
        outcome=outcome,
        pathway=_pathway(outcome, chronic, at_risk),
        score=score_of(outcome, tests, program.score),
        priority=priority_of(reasons),
        priority_reasons=reasons,
        criteria=tuple(tests.values()),
        not_counted=tuple(sorted(not_counted, key=_in_order)),
        not_checked=not_checked + not_understood(facts.diagnoses, periods) + _not_told(facts, program),
        notices=notices,
    )


def _tests(
    facts: MemberFacts, program: Program, periods: Periods, takings: Takings, not_counted: list[NotCounted]
) -> dict[CriterionName, Criterion]:
    plan_type = plan_type_on(facts.coverage, periods.as_of)
    tests = {
        CriterionName.CHRONIC_CONDITIONS: chronic_conditions(
            facts.diagnoses, program.chronic_conditions, plan_type, periods, not_counted
        ),
        CriterionName.PART_D_DRUGS: part_d_drugs(takings, program.part_d_drugs, periods),
        CriterionName.ANNUAL_COST: annual_cost(takings, facts.coverage, program.annual_cost, periods),
    }
    if program.drug_management.targets_at_risk.value:
        tests[CriterionName.DRUG_MANAGEMENT] = drug_management(
            facts.drug_management, program.drug_management, program.score, periods.as_of
        )
    return tests


def _pathways(tests: dict[CriterionName, Criterion]) -> tuple[Outcome, Outcome]:
    """The outcome of the three tests together, and of the at-risk pathway where there is one."""
    at_risk = tests.get(CriterionName.DRUG_MANAGEMENT)
    chronic = all_of(test.outcome for name, test in tests.items() if name is not CriterionName.DRUG_MANAGEMENT)
    return chronic, Outcome.NOT_MET if at_risk is None else at_risk.outcome


def _pathway(outcome: Eligibility, chronic: Outcome, at_risk: Outcome) -> Pathway | None:
    if outcome is not Eligibility.ELIGIBLE:
        return None
    if chronic is Outcome.MET:
        return Pathway.BOTH if at_risk is Outcome.MET else Pathway.CHRONIC_DRUGS_COST
    return Pathway.AT_RISK


def _may_be_targeted(facts: MemberFacts, program: Program, as_of: date) -> tuple[Outcome, tuple[Notice, ...]]:
    """Whether the member can be targeted at all on the day, and what a reader must know of the day."""
    notices: list[Notice] = []
    if as_of.year != program.plan_year:
        detail = (
            f"The programme is for {program.plan_year} and the day is {as_of}: the answer says what would be decided "
            f"if the rules of {program.plan_year} held on that day."
        )
        notices.append(Notice("program_year_differs", detail))
    if facts.death_date is not None and facts.death_date <= as_of:
        notices.append(Notice("member_deceased", "The member had died by the day."))
        return Outcome.NOT_MET, tuple(notices)
    coverage = coverage_on(facts.coverage, as_of)
    if not facts.coverage:
        notices.append(Notice("coverage_not_told", "No coverage was given for the member."))
        return Outcome.CANNOT_TELL, tuple(notices)
    if coverage is None:
        detail = f"The member has no coverage on {as_of}; only a covered member can be targeted."
        notices.append(Notice("coverage_not_active", detail))
        return Outcome.NOT_MET, tuple(notices)
    if coverage.plan_type not in program.plan_types.value:
        detail = f"The programme is not offered to members of {coverage.plan_type} plans."
        notices.append(Notice("plan_type_not_in_program", detail))
        return Outcome.NOT_MET, tuple(notices)
    return Outcome.MET, tuple(notices)


def _not_told(facts: MemberFacts, program: Program) -> tuple[NotChecked, ...]:
    told = facts.drug_management is not None or not program.drug_management.targets_at_risk.value
    return () if told else (NOT_TOLD,)


def _in_order(left_out: NotCounted) -> tuple[str, str, str, str]:
    return left_out.what, left_out.value, left_out.code, left_out.detail
