"""The disease test: evidence, core diseases, plan types, and codes that are not understood."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from mtm_eligibility.domain.determination import CriterionName
from mtm_eligibility.domain.facts import PlanType, Setting
from mtm_eligibility.domain.program import CountBy, EvidenceRule, Program
from mtm_shared.values.outcome import Outcome
from unit.eligibility.domain.example import AS_OF, Example, a_member, changed, program

CONDITIONS = CriterionName.CHRONIC_CONDITIONS


def rules(**evidence: Any) -> Program:
    base = program()
    policy = changed(base.chronic_conditions.evidence, rule=EvidenceRule.CCW, **evidence)
    return replace(base, chronic_conditions=replace(base.chronic_conditions, evidence=policy))


def count(example: Example, under: Program | str = "cms-2026") -> int:
    return int(example.criterion(CONDITIONS, under).observed)


def test_asthma_and_copd_are_one_core_disease() -> None:
    assert count(a_member().on("J45909", "J449")) == 1


def test_asthma_and_copd_are_two_where_conditions_count() -> None:
    base = program()
    test = changed(base.chronic_conditions, count_by=CountBy.CONDITION)
    assert count(a_member().on("J45909", "J449"), replace(base, chronic_conditions=test)) == 2


@pytest.mark.parametrize("setting", [Setting.INPATIENT, Setting.SNF, Setting.HHA])
def test_one_institutional_claim_is_enough(setting: Setting) -> None:
    assert count(a_member().on("I10", setting=setting), rules()) == 1


@pytest.mark.parametrize(("days", "counted"), [(0, 0), (1, 1)])
def test_two_other_claims_must_be_of_different_days(days: int, counted: int) -> None:
    member = a_member().on("I10", at=AS_OF).on("I10", at=AS_OF - timedelta(days=days), setting=Setting.OUTPATIENT)
    assert count(member, rules()) == counted


def test_one_other_claim_is_enough_for_a_single_claim_policy() -> None:
    assert count(a_member().on("I10")) == 1


@pytest.mark.parametrize(("days_ago", "counted"), [(729, 1), (730, 0)])
def test_the_first_day_of_the_look_back(days_ago: int, counted: int) -> None:
    assert count(a_member().on("I10", at=AS_OF - timedelta(days=days_ago))) == counted


def test_a_code_not_understood_that_could_be_the_third_is_named() -> None:
    criterion = a_member().on("I10", "E119").on_code_not_understood("XYZ").criterion(CONDITIONS)
    assert criterion.outcome is Outcome.CANNOT_TELL
    assert "XYZ" in criterion.because


def test_codes_not_understood_that_decide_nothing() -> None:
    member = a_member().on("I10").on_code_not_understood("XYZ")
    assert member.criterion(CONDITIONS).outcome is Outcome.NOT_MET


def test_one_claim_of_an_unknown_code_is_too_little_for_ccw_by_itself() -> None:
    member = a_member().on("I10", "E119", setting=Setting.INPATIENT).on_code_not_understood("XYZ")
    assert member.criterion(CONDITIONS, rules()).outcome is Outcome.NOT_MET


def test_an_unknown_code_may_complete_the_evidence_of_a_condition() -> None:
    member = a_member().on("I10", "E119", setting=Setting.INPATIENT).on("E785").on_code_not_understood("XYZ")
    assert member.criterion(CONDITIONS, rules()).outcome is Outcome.CANNOT_TELL


def test_a_code_that_is_understood_and_no_listed_condition_is_no_doubt() -> None:
    assert a_member().on("I10", "E119", "Z000").criterion(CONDITIONS).outcome is Outcome.NOT_MET


@pytest.mark.parametrize(("plan_type", "counted"), [(PlanType.MA_PD, 1), (PlanType.PDP, 0)])
def test_cardiovascular_disorders_by_plan_type(plan_type: PlanType, counted: int) -> None:
    from mtm_eligibility.domain.facts import Diagnosis

    member = a_member().covered(AS_OF - timedelta(days=900), plan_type=plan_type)
    diagnosis = Diagnosis("I2510", AS_OF, Setting.CARRIER, conditions=frozenset({"cardiovascular_disorders"}))
    member = replace(member, facts=replace(member.facts, diagnoses=(diagnosis,)))
    assert count(member, "aetna-2021") == counted


def test_a_condition_with_too_little_evidence_is_named() -> None:
    determination = a_member().on("I10").under(rules())
    assert [(each.value, each.code) for each in determination.not_counted] == [("Hypertension", "too_little_evidence")]


def test_evidence_names_the_latest_claim_and_how_many_there_are() -> None:
    criterion = a_member().on("I10", at=AS_OF - timedelta(days=9)).on("I10").criterion(CONDITIONS)
    assert criterion.evidence == (f"Hypertension: I10 on {AS_OF} (carrier), 2 claims",)
    assert a_member().on("I10").criterion(CONDITIONS).evidence == (f"Hypertension: I10 on {AS_OF} (carrier)",)


@pytest.mark.parametrize(("days_ago", "named"), [(0, True), (729, True), (730, False), (-1, False)])
def test_a_code_not_understood_is_named_while_it_is_looked_at(days_ago: int, *, named: bool) -> None:
    determination = a_member().on_code_not_understood("XYZ", AS_OF - timedelta(days=days_ago)).under()
    assert [each.value for each in determination.not_checked] == (["XYZ"] if named else [])


def test_two_codes_not_understood_may_be_one_condition_together() -> None:
    member = a_member().on("I10", "E119", setting=Setting.INPATIENT)
    member = member.on_code_not_understood("XYZ").on_code_not_understood("XYW", AS_OF - timedelta(days=7))
    assert member.criterion(CONDITIONS, rules()).outcome is Outcome.CANNOT_TELL
