"""The completion rate by worked cases: who is in the denominator, who in the numerator, who is left out and why."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from cms_reporting import MEASURE, YEAR, a_cmr, an_enrollment, day, reviewed
from mtm_documents.domain.cmr_measure import Reason, Standing, State, cmrs_needed, standing
from mtm_documents.domain.cms_file.building import Reject
from mtm_documents.domain.cms_file.facts import Facts, Span, Work
from mtm_documents.usecases.cms_facts import measure_facts, measured

YEAR_END = date(YEAR, 12, 31)


def stands(facts: Facts, as_of: date = YEAR_END, *, reject: Reject | None = None, **rules: Any) -> Standing:
    kept = measure_facts(facts, reject, MEASURE.period)
    return standing(measured(kept), replace(MEASURE, **rules), as_of)


def reason(facts: Facts, as_of: date = YEAR_END, **more: Any) -> Reason:
    return stands(facts, as_of, **more).reason


def test_a_member_with_a_review_is_in_the_numerator() -> None:
    found = stands(reviewed(a_cmr("3-15")))
    assert (found.state, found.cmr_on) == (State.IN_NUMERATOR, day("3-15"))


def test_a_member_without_a_review_is_missing() -> None:
    assert stands(an_enrollment()).state is State.MISSING


@pytest.mark.parametrize(("days", "expected"), [(59, State.EXCLUDED), (60, State.MISSING), (61, State.MISSING)])
def test_sixty_days_of_enrollment_count(days: int, expected: State) -> None:
    enrolled = day("3-1")
    left = enrolled + timedelta(days=days)
    facts = an_enrollment(enrolled_on=enrolled, opted_out_on=left, opt_out_reason="03")
    assert (stands(facts).state, stands(facts).days) == (expected, days)


def test_the_day_of_enrolling_counts_and_the_day_of_leaving_does_not() -> None:
    # 1 March to 29 April are 60 days: leaving on 29 April leaves 59, leaving on 30 April leaves 60.
    early = an_enrollment(enrolled_on=day("3-1"), opted_out_on=day("4-29"), opt_out_reason="03")
    late = an_enrollment(enrolled_on=day("3-1"), opted_out_on=day("4-30"), opt_out_reason="03")
    assert (reason(early), reason(late)) == (Reason.TOO_FEW_DAYS, Reason.NO_CMR)


def test_the_sixtieth_day_is_told_before_it_comes() -> None:
    facts = an_enrollment(enrolled_on=day("3-1"))
    before, on = stands(facts, day("4-28")), stands(facts, day("4-29"))
    assert (before.reason, before.enters_on) == (Reason.TOO_FEW_DAYS, day("4-29"))
    assert (on.state, on.enters_on) == (State.MISSING, None)


@pytest.mark.parametrize(("enrolled_on", "enters_on"), [("11-2", date(YEAR, 12, 31)), ("11-3", None)])
def test_who_enrolls_too_late_in_the_year_never_enters(enrolled_on: str, enters_on: date | None) -> None:
    facts = an_enrollment(enrolled_on=day(enrolled_on), criteria_met_on=day(enrolled_on))
    assert stands(facts, day("11-10")).enters_on == enters_on


def test_who_leaves_before_the_sixtieth_day_never_enters() -> None:
    facts = an_enrollment(enrolled_on=day("3-1"), opted_out_on=day("4-20"), opt_out_reason="03")
    assert stands(facts, day("4-1")).enters_on is None


def test_few_days_with_a_review_count_in_both() -> None:
    facts = reviewed(a_cmr("12-15"), enrolled_on=day("12-10"), criteria_met_on=day("12-10"))
    assert stands(facts).state is State.IN_NUMERATOR


def test_a_review_on_the_day_of_enrolling_counts() -> None:
    assert stands(reviewed(a_cmr("1-10"))).state is State.IN_NUMERATOR


def test_a_review_on_the_day_before_enrolling_does_not_count() -> None:
    assert stands(reviewed(a_cmr("1-9"))).state is State.MISSING


def test_a_review_before_the_criteria_were_met_counts() -> None:
    assert stands(reviewed(a_cmr("2-1"), criteria_met_on=day("6-1"))).state is State.IN_NUMERATOR


def test_a_review_of_last_year_does_not_count() -> None:
    facts = reviewed(a_cmr("2025-11-20"), enrolled_on=date(2025, 3, 1))
    assert stands(facts).state is State.MISSING


def test_a_review_without_a_summary_does_not_count_and_says_so() -> None:
    found = stands(reviewed(a_cmr("3-15"), sent=False))
    assert (found.state, found.unsent) == (State.MISSING, True)


def test_an_enrollment_of_last_year_counts_from_the_first_of_january() -> None:
    facts = an_enrollment(enrolled_on=date(2025, 3, 1), opted_out_on=day("3-1"), opt_out_reason="02")
    assert (stands(facts).days, reason(facts)) == (59, Reason.TOO_FEW_DAYS)


@pytest.mark.parametrize(
    ("birth_date", "expected"),
    [(date(YEAR - 18, 1, 1), Reason.NO_CMR), (date(YEAR - 18, 1, 2), Reason.UNDER_AGE)],
)
def test_a_member_is_eighteen_on_the_first_day(birth_date: date, expected: Reason) -> None:
    assert reason(an_enrollment(birth_date=birth_date)) is expected


def test_a_member_of_seventeen_with_a_review_is_left_out() -> None:
    assert reason(reviewed(a_cmr("3-15"), birth_date=date(2009, 1, 1))) is Reason.UNDER_AGE


def test_one_day_of_hospice_leaves_a_member_out() -> None:
    stay = (Span(day("7-4"), day("7-4")),)
    facts = reviewed(a_cmr("3-15"), hospice=stay)
    assert reason(facts, day("7-3")) is Reason.CMR_RECEIVED, "the day before"
    assert reason(facts, day("7-4")) is Reason.HOSPICE
    assert reason(facts, exclude_hospice=False) is Reason.CMR_RECEIVED


@pytest.mark.parametrize(
    ("stay", "expected"),
    [
        (Span(date(2025, 11, 1), date(2025, 12, 31)), Reason.NO_CMR),
        (Span(date(2025, 11, 1), day("1-1")), Reason.HOSPICE),
        (Span(day("12-31")), Reason.HOSPICE),
        (Span(date(2027, 1, 1)), Reason.NO_CMR),
    ],
)
def test_hospice_counts_within_the_period_only(stay: Span, expected: Reason) -> None:
    assert reason(an_enrollment(hospice=(stay,))) is expected


def test_the_plans_wider_criteria_alone_leave_a_member_out() -> None:
    assert reason(an_enrollment(criteria_met_on=None)) is Reason.NOT_CMS_CRITERIA


def test_criteria_are_met_on_their_day_and_not_before() -> None:
    facts = an_enrollment(criteria_met_on=day("6-1"))
    assert (reason(facts, day("5-31")), reason(facts, day("6-1"))) == (Reason.NOT_CMS_CRITERIA, Reason.NO_CMR)


def test_at_risk_members_are_in_unless_the_measure_is_set_otherwise() -> None:
    facts = an_enrollment(pathway="at_risk")
    assert reason(facts) is Reason.NO_CMR
    assert reason(facts, at_risk_in_denominator=False) is Reason.AT_RISK_ONLY
    assert reason(an_enrollment(pathway="both"), at_risk_in_denominator=False) is Reason.NO_CMR


def test_thirty_days_in_each_of_two_contracts_count_in_neither() -> None:
    first = an_enrollment(enrolled_on=day("3-1"), opted_out_on=day("3-31"), opt_out_reason="02")
    second = an_enrollment(contract_id="H9999", enrolled_on=day("3-31"), opted_out_on=day("4-30"), opt_out_reason="02")
    assert (reason(first), reason(second)) == (Reason.TOO_FEW_DAYS, Reason.TOO_FEW_DAYS)


def test_conflicting_facts_drop_a_member_whatever_else_holds() -> None:
    facts = reviewed(a_cmr("3-15"), hospice=(Span(day("7-4")),))
    found = stands(facts, reject=Reject.CONFLICTING_ENROLLMENTS)
    assert (found.reason, found.also) == (Reason.CONFLICTING_FACTS, (Reason.HOSPICE,))


def test_a_member_without_a_row_is_not_told_to_cms() -> None:
    assert reason(reviewed(a_cmr("3-15")), reject=Reject.MISSING_MBI) is Reason.NOT_REPORTED


def test_who_has_left_can_receive_no_review_any_more() -> None:
    facts = an_enrollment(opted_out_on=day("6-1"), opt_out_reason="03")
    assert not stands(facts, day("7-1")).reachable
    assert stands(an_enrollment(), day("7-1")).reachable
    assert not stands(an_enrollment(), YEAR_END).reachable


@pytest.mark.parametrize(
    ("cut_point", "numerator", "denominator", "needed"),
    [("0.75", 74, 100, 1), ("0.75", 75, 100, 0), ("0.75", 0, 0, 0), ("0.6", 18, 31, 1), ("1", 3, 31, 28)],
)
def test_how_many_reviews_a_cut_point_needs(cut_point: str, numerator: int, denominator: int, needed: int) -> None:
    assert cmrs_needed(Decimal(cut_point), numerator, denominator) == needed


def test_facts_without_any_work_are_measured() -> None:
    assert stands(an_enrollment(work=Work())).days == 356
