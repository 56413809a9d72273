"""What a row says of an enrolment, and what is told rather than guessed when facts disagree."""

from datetime import date
from typing import Any

import pytest
from cms_reporting import LAYOUT, MBI, RULES, a_cmr, an_enrollment, built, day, reviewed
from mtm_documents.domain.cms_file.ascii import to_ascii
from mtm_documents.domain.cms_file.building import Reject
from mtm_documents.domain.cms_file.facts import Facts, Sent, Span, Work
from mtm_documents.domain.cms_file.row import Row


def row_of(facts: Facts, year: int = LAYOUT.year) -> Row:
    made = built(facts, layout=RULES.layouts[year])
    assert made.row is not None, made.reject
    return made.row


def rules(*enrollments: Facts, **more: Any) -> list[str]:
    return [finding.rule for finding in built(*enrollments, **more).findings]


@pytest.mark.parametrize(
    ("pathway", "met_on", "code"),
    [
        ("chronic_drugs_cost", day("1-10"), "01"),
        ("at_risk", day("1-10"), "02"),
        ("both", day("1-10"), "03"),
        (None, None, "04"),
        ("chronic_drugs_cost", None, "04"),
    ],
)
def test_the_targeting_code_says_which_criteria(pathway: str | None, met_on: date | None, code: str) -> None:
    assert row_of(an_enrollment(pathway=pathway, criteria_met_on=met_on)).text("targeting_code") == code


def test_before_2022_criteria_are_yes_or_no_and_nothing_tells_of_safe_disposal() -> None:
    row = row_of(an_enrollment(criteria_met_on=None), 2021)
    assert (row.text("criteria_met"), "safe_disposal" in row, "targeting_code" in row) == ("N", False, False)


@pytest.mark.parametrize(("held", "expected"), [("2021-03-01", "Y"), ("2021-03-31", "Y"), ("2021-04-01", "N")])
def test_before_2022_long_term_care_is_told_as_of_the_review(held: str, expected: str) -> None:
    stay = Span(date(2021, 3, 1), date(2021, 3, 31))
    facts = reviewed(a_cmr(held), facility=(stay,), enrolled_on=date(2021, 1, 10))
    assert row_of(facts, 2021).text("in_long_term_care") == expected


def test_a_review_with_a_summary_is_reported_with_its_details() -> None:
    row = row_of(reviewed(a_cmr("3-15", recipient="caregiver", method="telehealth", provider_type="07")))
    details = [row.text(name) for name in ("cmr_received", "cmr_method", "cmr_provider", "cmr_recipient")]
    assert (details, row.number("cmr_count"), row.day("cmr_on_1")) == (["Y", "03", "07", "03"], 1, day("3-15"))


def test_a_review_without_a_summary_is_not_reported_and_is_told() -> None:
    facts = reviewed(a_cmr("3-15", cognitively_impaired="Y"), sent=False)
    row = row_of(facts)
    assert (row.text("cmr_received"), row.number("cmr_count"), row.day("cmr_on_1")) == ("N", 0, None)
    assert row.text("cognitively_impaired") == "Y", "found at the consultation, whatever was sent"
    assert rules(facts) == ["cmr_without_summary"]


@pytest.mark.parametrize(
    ("held", "expected"),
    [("1-9", ["cmr_before_enrollment"]), ("1-10", []), ("6-1", []), ("6-2", ["cmr_after_opt_out"])],
)
def test_a_review_outside_the_enrollment_is_told_and_not_moved(held: str, expected: list[str]) -> None:
    facts = reviewed(a_cmr(held), opted_out_on=day("6-1"), opt_out_reason="03")
    assert rules(facts) == expected
    assert row_of(facts).text("cmr_received") == ("N" if expected else "Y")


def test_more_reviews_than_dates_are_counted_and_told() -> None:
    facts = reviewed(*(a_cmr(f"{month}-1", f"r{month}") for month in range(2, 9)))
    row = row_of(facts)
    assert (row.number("cmr_count"), row.day("cmr_on_5")) == (7, day("6-1"))
    assert rules(facts) == ["more_cmrs_than_dates"]


def test_targeted_reviews_are_counted_within_the_enrollment() -> None:
    facts = an_enrollment(work=Work(tmr_days=(day("7-1"), day("4-1"), date(2025, 12, 31))))
    row = row_of(facts)
    assert (row.day("first_tmr_on"), row.number("tmr_count")) == (day("4-1"), 2)
    assert rules(facts) == ["tmr_outside_enrollment"]


@pytest.mark.parametrize(("sent_on", "flag"), [(date(2025, 12, 31), "N"), (day("1-1"), "Y"), (date(2027, 1, 1), "N")])
def test_safe_disposal_counts_in_the_year_in_which_it_was_sent(sent_on: date, flag: str) -> None:
    assert row_of(an_enrollment(sent=Sent(sent_on, {}))).text("safe_disposal") == flag


@pytest.mark.parametrize(
    ("changes", "reject"),
    [
        ({"mbi": None}, Reject.MISSING_MBI),
        ({"mbi": "1EG4-TE5-MK7"}, Reject.INVALID_MBI),
        ({"first_name": None}, Reject.MISSING_NAME),
        ({"last_name": "李"}, Reject.MISSING_NAME),
        ({"pathway": None}, Reject.TARGETING_NOT_KNOWN),
        ({"contract_id": "H9999"}, Reject.CONTRACT_DIFFERS),
        ({"work": Work(recommendations=1000)}, Reject.NUMBER_TOO_WIDE),
    ],
)
def test_a_member_of_whom_no_row_can_be_made_is_rejected(changes: dict[str, Any], reject: Reject) -> None:
    made = built(an_enrollment(**changes))
    assert (made.row, made.reject, [finding.rule for finding in made.findings]) == (None, reject, [reject.value])


def test_two_members_with_one_identifier_are_both_rejected() -> None:
    assert built(an_enrollment(mbi="1eg4-te5-mk73"), shared=frozenset({MBI})).reject is Reject.SHARED_MBI


def test_two_enrollments_that_disagree_make_no_row() -> None:
    second = an_enrollment(enrollment_id="e2", enrolled_on=day("5-1"))
    assert built(an_enrollment(), second).reject is Reject.CONFLICTING_ENROLLMENTS


def test_two_enrollments_that_say_the_same_make_one_row() -> None:
    made = built(an_enrollment(), an_enrollment(enrollment_id="e2"))
    assert made.row is not None
    assert [finding.rule for finding in made.findings] == ["same_enrollment_twice"]


@pytest.mark.parametrize(
    ("name", "written", "lost"),
    [
        ("María Elena", "Maria Elena", False),
        ("Núñez-O\u2019Brien", "Nunez-O'Brien", False),
        ("Großmann", "Grossmann", False),
        ("Łukasz  Øre", "Lukasz Ore", False),
        ("Anna 李", "Anna", True),
        ("=cmd|x", "cmdx", True),
        ("R2", "R", True),
    ],
)
def test_names_are_written_in_ascii(name: str, written: str, lost: bool) -> None:
    assert to_ascii(name) == (written, lost)


def test_a_name_that_loses_letters_or_is_cut_is_told() -> None:
    assert rules(an_enrollment(first_name="Anna 李")) == ["letters_lost"]
    assert rules(an_enrollment(last_name="x" * 41)) == ["name_cut"]
    assert row_of(an_enrollment(last_name="x" * 41)).text("last_name") == "x" * 40


def test_an_enrollment_without_coverage_is_told() -> None:
    assert rules(an_enrollment(covered=(Span(day("2-1")),))) == ["enrolled_without_coverage"]


@pytest.mark.parametrize("provider", ["pharmacist", "é9", "9\t", ""])
def test_a_code_that_cannot_be_written_is_left_blank_and_told(provider: str) -> None:
    facts = reviewed(a_cmr("3-15", provider_type=provider))
    assert row_of(facts).text("cmr_provider") == ""
    assert rules(facts) == ["value_not_writable"]


def test_a_member_who_left_on_no_day_is_told() -> None:
    assert rules(an_enrollment(has_left=True)) == ["left_without_day"]
    assert rules(an_enrollment(has_left=True, opted_out_on=day("6-1"), opt_out_reason="03")) == []


def test_a_member_who_died_and_is_still_enrolled_is_told() -> None:
    assert rules(an_enrollment(death_date=day("6-1"))) == ["death_without_opt_out"]


@pytest.mark.parametrize(("left", "reported"), [(f"{LAYOUT.year}-12-31", True), (f"{LAYOUT.year + 1}-01-01", False)])
def test_who_leaves_after_the_year_was_enrolled_to_its_end(left: str, reported: bool) -> None:
    row = row_of(an_enrollment(has_left=True, opted_out_on=day(left), opt_out_reason="02"))
    assert (row.day("opted_out_on") is not None, row.text("opt_out_reason")) == (reported, "02" if reported else "")


def test_an_offer_after_the_year_is_next_years() -> None:
    row = row_of(an_enrollment(cmr_offered_on=date(LAYOUT.year + 1, 1, 2)))
    assert (row.text("cmr_offered"), row.day("cmr_offered_on")) == ("N", None)


def test_before_2022_nobody_asks_which_criteria_were_met() -> None:
    facts = an_enrollment(pathway=None)
    assert built(facts).reject is Reject.TARGETING_NOT_KNOWN
    assert row_of(facts, 2021).text("criteria_met") == "Y"
