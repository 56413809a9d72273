"""Tiers at their boundaries, and verdicts that do not depend on which of two drugs is named first."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtm_review.domain.eras import Era
from mtm_review.domain.finding import SuppressionReason
from mtm_review.domain.medication import Medication, Source
from mtm_review.domain.regimen import Course, build_regimen
from mtm_review.domain.screens.overlap import Use, judge, tier_of, use_of
from mtm_review.domain.screens.same_ingredient import judge_courses
from regimens import AS_OF, filled, regimens, reported

DAY = AS_OF.toordinal()
DRUGS = ("lisinopril", "benazepril", "losartan", "ibuprofen", "warfarin", "zolpidem")


def a_use(*medications: Medication) -> Use:
    (course,) = build_regimen(medications, AS_OF).courses
    return use_of([course], course.eras)


def uses_of(courses: tuple[Course, ...]) -> list[Use]:
    return [use_of([course], course.eras) for course in courses]


@pytest.mark.parametrize(("days", "tier"), [(8, 3), (29, 3), (30, 1), (31, 1), (300, 1)])
def test_thirty_days_together_make_tier_1_of_two_established_drugs(days: int, tier: int) -> None:
    established = a_use(filled("lisinopril", 90, 60, 30, 10))
    assert tier_of(established, established, days, DAY) == tier


@pytest.mark.parametrize("days", [8, 29, 30, 300])
def test_a_drug_filled_once_is_a_new_start(days: int) -> None:
    established, once = a_use(filled("lisinopril", 60, 30, 10)), a_use(filled("benazepril", 20))
    assert tier_of(established, once, days, DAY) == tier_of(once, established, days, DAY) == 2


@pytest.mark.parametrize(("ago", "established"), [(29, False), (30, True), (31, True)])
def test_a_reported_drug_is_new_for_a_month(ago: int, established: bool) -> None:
    use = a_use(reported("omeprazole")._replace(start=AS_OF - timedelta(days=ago)))
    assert use.established(DAY) is established


def test_a_reported_drug_without_a_start_is_long_standing() -> None:
    assert a_use(reported("omeprazole", source=Source.OTC)).established(DAY)


@given(regimens(DRUGS))
@settings(max_examples=150, deadline=None)
def test_it_does_not_matter_which_drug_is_named_first(medications: list[Medication]) -> None:
    uses = uses_of(build_regimen(medications, AS_OF).courses)
    for one in uses:
        for other in uses:
            assert judge(one, other, DAY, True) == judge(other, one, DAY, True)
            assert judge(one, other, DAY, False) == judge(other, one, DAY, False)


@given(st.lists(regimens(["zolpidem"]), min_size=2, max_size=3), st.data())
@settings(max_examples=100, deadline=None)
def test_it_does_not_matter_which_supply_is_named_first(lists: list[list[Medication]], data: st.DataObject) -> None:
    strengths = st.sampled_from(["5 MG", "10 MG"])
    medications = [
        medication._replace(
            medication_id=f"{place}-{medication.medication_id}",
            drug=filled("zolpidem", 1, strength=data.draw(strengths)).drug,
        )
        for place, each in enumerate(lists)
        for medication in each
    ]
    uses = uses_of(build_regimen(medications, AS_OF).courses)
    for one in uses:
        for other in uses:
            if one is not other:
                assert judge_courses(one, other, DAY) == judge_courses(other, one, DAY)


def test_a_course_of_days_inside_another_supply_is_no_switch() -> None:
    older, newer = a_use(filled("lisinopril", 55, 25)), a_use(filled("benazepril", 3, supply=6))
    assert judge(older, newer, DAY, True).reason is SuppressionReason.SHORT_OVERLAP


def test_days_together_add_up_over_stretches() -> None:
    twice = use_of(uses_of(build_regimen([filled("benazepril", 100, 10, supply=15)], AS_OF).courses)[0].courses,
                   (Era(DAY - 100, DAY - 86, 1), Era(DAY - 10, DAY + 4, 1)))  # fmt: skip
    verdict = judge(a_use(filled("lisinopril", 130, 40, supply=90)), twice, DAY, True)
    assert (verdict.days, verdict.tier) == (30, 1)
