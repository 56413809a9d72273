"""The whole determination: pathways, coverage, notices, score, priority, and what must always hold."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtm_eligibility.domain.determination import Determination, Eligibility, Pathway
from mtm_eligibility.domain.determine import determine
from mtm_eligibility.domain.facts import (
    Adjustment,
    Coverage,
    CoverageStatus,
    Diagnosis,
    DrugManagement,
    Fill,
    MemberFacts,
    PlanType,
    Setting,
    Sex,
    Stay,
    StayKind,
)
from mtm_eligibility.domain.program import WhenNotTold
from mtm_eligibility.reference import load_programs
from mtm_shared.values.drug import Drug, Ingredient, ResolvedBy
from mtm_shared.values.outcome import Outcome
from unit.eligibility.domain.example import AS_OF, MAINTENANCE, a_member, an_eligible_member, changed, drug, program

ELIGIBLE, NOT_ELIGIBLE, CANNOT_TELL = Eligibility.ELIGIBLE, Eligibility.NOT_ELIGIBLE, Eligibility.CANNOT_TELL


def codes(determination: Determination) -> list[str]:
    return [notice.code for notice in determination.notices]


def test_three_tests_together_target() -> None:
    assert an_eligible_member().under().pathway is Pathway.CHRONIC_DRUGS_COST


def test_an_active_limitation_targets_by_itself() -> None:
    assert a_member().limited().under().pathway is Pathway.AT_RISK


def test_both_pathways_are_named() -> None:
    assert an_eligible_member().limited().under().pathway is Pathway.BOTH


def test_a_programme_without_the_pathway_does_not_know_it() -> None:
    determination = a_member().limited().under("aetna-2021", date(2021, 6, 30))
    assert (determination.outcome, len(determination.criteria)) == (NOT_ELIGIBLE, 3)


def test_a_test_that_is_not_met_outweighs_one_that_cannot_tell() -> None:
    unknown = a_member().on("I10").filling_each(MAINTENANCE[:7], "200.00").filling(None)
    assert unknown.under().outcome is NOT_ELIGIBLE


def test_the_pathway_at_risk_outweighs_tests_that_cannot_tell() -> None:
    member = a_member().on("E119", "I10", "E785").filling_each(MAINTENANCE[:7], "200.00").filling(None)
    assert (member.under().outcome, member.limited().under().pathway) == (CANNOT_TELL, Pathway.AT_RISK)


def test_nobody_told_of_drug_management_is_read_as_the_programme_says_and_named() -> None:
    base = program()
    strict = replace(base, drug_management=changed(base.drug_management, when_not_told=WhenNotTold.CANNOT_TELL))
    member = a_member().told_nothing_of_drug_management()
    assert (member.under().outcome, member.under(strict).outcome) == (NOT_ELIGIBLE, CANNOT_TELL)
    assert [each.code for each in member.under().not_checked] == ["missing_fact"]


def test_a_member_who_is_not_covered_on_the_day_is_not_eligible_and_the_tests_are_shown() -> None:
    determination = an_eligible_member().covered(date(2020, 1, 1), AS_OF - timedelta(days=1)).under()
    assert (determination.outcome, codes(determination)) == (NOT_ELIGIBLE, ["coverage_not_active"])
    assert [each.outcome for each in determination.criteria[:3]] == [Outcome.MET] * 3


def test_the_last_day_of_coverage_is_covered() -> None:
    assert an_eligible_member().covered(date(2020, 1, 1), AS_OF).under().outcome is ELIGIBLE


def test_coverage_that_nobody_told_of_cannot_tell() -> None:
    determination = an_eligible_member().without_coverage().under()
    assert (determination.outcome, codes(determination)) == (CANNOT_TELL, ["coverage_not_told"])


def test_a_member_who_died_is_not_eligible() -> None:
    example = an_eligible_member()
    died = replace(example, facts=replace(example.facts, death_date=AS_OF))
    will_die = replace(example, facts=replace(example.facts, death_date=AS_OF + timedelta(days=1)))
    assert (died.under().outcome, codes(died.under())) == (NOT_ELIGIBLE, ["member_deceased"])
    assert will_die.under().outcome is ELIGIBLE


def test_a_member_of_another_plan_type_than_the_programmes_is_not_eligible() -> None:
    base = program()
    for_pdp = replace(base, plan_types=replace(base.plan_types, value=frozenset({PlanType.PDP})))
    determination = an_eligible_member().under(for_pdp)
    assert (determination.outcome, codes(determination)) == (NOT_ELIGIBLE, ["plan_type_not_in_program"])


def test_conditions_of_one_plan_type_cannot_be_told_where_the_plan_type_is_not_known() -> None:
    member = a_member().on("E119", "J449").without_coverage()
    heart = Diagnosis("I2510", AS_OF, Setting.CARRIER, conditions=frozenset({"cardiovascular_disorders"}))
    member = replace(member, facts=replace(member.facts, diagnoses=(*member.facts.diagnoses, heart)))
    criterion = member.under("aetna-2021").criteria[0]
    assert criterion.outcome is Outcome.CANNOT_TELL
    assert "plan type, which is not known" in criterion.because


def test_another_year_than_the_programmes_is_decided_and_said() -> None:
    determination = an_eligible_member().under("cms-2027")
    assert (determination.outcome, codes(determination)) == (ELIGIBLE, ["program_year_differs"])


def test_priority_names_its_reasons_and_adds_them_up() -> None:
    stay = Stay(StayKind.INPATIENT, AS_OF - timedelta(days=20), AS_OF - timedelta(days=30))
    determination = an_eligible_member().filling("drug i").limited().staying(stay).under()
    assert determination.priority == sum(reason.points for reason in determination.priority_reasons)
    said = [reason.reason for reason in determination.priority_reasons]
    assert said[:2] == ["at risk with an active coverage limitation", "drugs above the minimum: 1"]
    assert said[2].startswith("tenths of the cost threshold above it: ")
    assert said[3:] == ["inpatient or nursing facility stay in recent weeks"]


@pytest.mark.parametrize(
    ("stay", "counts"),
    [
        (Stay(StayKind.INPATIENT, AS_OF), True),
        (Stay(StayKind.SNF, AS_OF - timedelta(days=40), AS_OF - timedelta(days=30)), True),
        (Stay(StayKind.SNF, AS_OF - timedelta(days=40), AS_OF - timedelta(days=31)), False),
        (Stay(StayKind.INPATIENT, AS_OF + timedelta(days=1)), False),
        (Stay(StayKind.HOSPICE, AS_OF - timedelta(days=5)), False),
    ],
    ids=["admitted today", "home for 30 days", "home for 31 days", "to come", "hospice"],
)
def test_a_recent_stay_raises_the_priority(stay: Stay, *, counts: bool) -> None:
    without = an_eligible_member().under().priority
    assert (an_eligible_member().staying(stay).under().priority > without) is counts


def test_high_alert_drugs_and_many_prescribers_raise_the_priority() -> None:
    member = an_eligible_member()
    fills = [replace(fill, prescriber_npi=f"npi {place}") for place, fill in enumerate(member.facts.fills)]
    ingredient = Ingredient("warfarin", "warfarin", "warfarin", maintenance=True, high_alert=True)
    fills[0] = replace(fills[0], drug=Drug("warfarin", "warfarin", (ingredient,), ResolvedBy.NAME))
    reasons = replace(member, facts=replace(member.facts, fills=tuple(fills))).under().priority_reasons
    assert {"high-alert drugs: 1", "prescribers above the expected: 5"} <= {reason.reason for reason in reasons}


def test_a_member_who_is_not_eligible_has_no_priority() -> None:
    stay = Stay(StayKind.INPATIENT, AS_OF - timedelta(days=3))
    assert a_member().staying(stay).under().priority == 0


def test_each_step_towards_the_tests_raises_the_score() -> None:
    steps = [
        a_member(),
        a_member().on("E119"),
        a_member().on("E119").filling_each(MAINTENANCE[:4]),
        a_member().on("E119").filling_each(MAINTENANCE[:7], "100.00"),
        an_eligible_member(),
    ]
    scores = [step.under().score for step in steps]
    assert scores == sorted(set(scores))


# ---- what must hold for every member ----

_DRUGS = [drug(name) for name in MAINTENANCE] + [
    drug("drug a", "drug b"),
    drug("antibiotic", maintenance=False),
    drug("fish oil", supplement=True),
    None,
]
_DAYS = st.dates(date(2024, 6, 1), date(2026, 8, 1))
_CODES = {"E119": "diabetes", "I10": "hypertension", "J449": "copd", "J45909": "asthma", "B20": "hiv_aids"}


@st.composite
def fills(draw: st.DrawFn) -> Fill:
    of = draw(st.sampled_from(_DRUGS))
    return Fill(
        claim_id=draw(st.sampled_from([str(number) for number in range(30)])),
        fill_date=draw(_DAYS),
        days_supply=draw(st.sampled_from([0, 7, 30, 90])),
        quantity=Decimal(30),
        cost=Decimal(draw(st.integers(0, 90_000))).scaleb(-2),
        coverage_status=draw(st.sampled_from([CoverageStatus.COVERED] * 8 + list(CoverageStatus))),
        adjustment=draw(st.sampled_from([Adjustment.ORIGINAL] * 8 + list(Adjustment))),
        given=of.name if of else draw(st.sampled_from(["11111111111", "22222222222"])),
        drug=of,
        problem="" if of else "unknown_ndc",
    )


@st.composite
def diagnoses(draw: st.DrawFn) -> Diagnosis:
    setting = draw(st.sampled_from(list(Setting)))
    if draw(st.integers(0, 9)) == 0:
        return Diagnosis("250.00", draw(_DAYS), setting, problem="invalid_icd10")
    code, condition = draw(st.sampled_from(sorted(_CODES.items())))
    return Diagnosis(code, draw(_DAYS), setting, conditions=frozenset({condition}))


@st.composite
def members(draw: st.DrawFn) -> MemberFacts:
    since = draw(_DAYS)
    limited = st.builds(DrugManagement, st.booleans(), st.booleans(), _DAYS, st.none() | _DAYS)
    return MemberFacts(
        member_id="m1",
        birth_date=date(1950, 1, 1),
        sex=Sex.UNKNOWN,
        coverage=(Coverage("H1234", "001", draw(st.sampled_from(list(PlanType))), since),),
        fills=tuple(draw(st.lists(fills(), max_size=25))),
        diagnoses=tuple(draw(st.lists(diagnoses(), max_size=8))),
        drug_management=draw(st.none() | st.tuples(limited)),
    )


_PROGRAMS = st.sampled_from(sorted(load_programs()))
_always = settings(max_examples=60, deadline=None)


@_always
@given(members(), _PROGRAMS, st.randoms(use_true_random=False))
def test_the_order_of_facts_does_not_matter(facts: MemberFacts, program_id: str, random: object) -> None:
    shuffled = replace(
        facts,
        fills=tuple(random.sample(facts.fills, len(facts.fills))),  # type: ignore[attr-defined]
        diagnoses=tuple(random.sample(facts.diagnoses, len(facts.diagnoses))),  # type: ignore[attr-defined]
    )
    assert determine(facts, program(program_id), AS_OF) == determine(shuffled, program(program_id), AS_OF)


@_always
@given(members(), _PROGRAMS)
def test_the_score_is_100_exactly_when_eligible(facts: MemberFacts, program_id: str) -> None:
    determination = determine(facts, program(program_id), AS_OF)
    assert (determination.score == 100) == (determination.outcome is ELIGIBLE)
    assert 0 <= determination.score <= 100
    assert 0 <= determination.priority <= 100


@_always
@given(members(), _PROGRAMS)
def test_a_pathway_is_named_exactly_when_eligible(facts: MemberFacts, program_id: str) -> None:
    determination = determine(facts, program(program_id), AS_OF)
    assert (determination.pathway is not None) == (determination.outcome is ELIGIBLE)


@_always
@given(members(), _PROGRAMS, fills())
def test_an_over_the_counter_fill_changes_nothing_but_what_is_left_out(
    facts: MemberFacts, program_id: str, extra: Fill
) -> None:
    otc = replace(
        extra, claim_id="otc", coverage_status=CoverageStatus.OVER_THE_COUNTER, adjustment=Adjustment.ORIGINAL
    )
    before = determine(facts, program(program_id), AS_OF)
    after = determine(replace(facts, fills=(*facts.fills, otc)), program(program_id), AS_OF)
    assert (after.outcome, after.score, after.criteria) == (before.outcome, before.score, before.criteria)
    assert len(after.not_counted) == len(before.not_counted) + 1


@_always
@given(members(), _PROGRAMS, fills())
def test_a_claim_that_is_deleted_was_never_there(facts: MemberFacts, program_id: str, extra: Fill) -> None:
    claim = replace(extra, claim_id="x", adjustment=Adjustment.ADJUSTED)
    deleted = (claim, replace(claim, adjustment=Adjustment.DELETED))
    before = determine(facts, program(program_id), AS_OF)
    after = determine(replace(facts, fills=facts.fills + deleted), program(program_id), AS_OF)
    assert (after.outcome, after.score, after.criteria) == (before.outcome, before.score, before.criteria)


@_always
@given(members(), _PROGRAMS, fills())
def test_facts_after_the_day_change_no_test(facts: MemberFacts, program_id: str, extra: Fill) -> None:
    later = replace(extra, claim_id="x", fill_date=AS_OF + timedelta(days=1), adjustment=Adjustment.ORIGINAL)
    before = determine(facts, program(program_id), AS_OF)
    after = determine(replace(facts, fills=(*facts.fills, later)), program(program_id), AS_OF)
    assert (after.outcome, after.criteria) == (before.outcome, before.criteria)


@_always
@given(members(), _PROGRAMS, st.sampled_from([drug("a new drug"), drug("a new course", maintenance=False)]))
def test_what_is_decided_stays_decided_once_the_unknown_is_understood(
    facts: MemberFacts, program_id: str, turns_out: Drug
) -> None:
    learnt = tuple(replace(fill, drug=turns_out, problem="") if fill.drug is None else fill for fill in facts.fills)
    before = determine(facts, program(program_id), AS_OF)
    after = determine(replace(facts, fills=learnt), program(program_id), AS_OF)
    for earlier, later in zip(before.criteria, after.criteria, strict=True):
        if earlier.outcome is not Outcome.CANNOT_TELL:
            assert later.outcome is earlier.outcome, earlier
