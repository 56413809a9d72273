"""Each edit with a row that breaks it and the same row without the fault, which does not."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from cms_reporting import CONTRACT, LAYOUT, RULES, a_cmr, an_enrollment, built, day, reviewed
from mtm_documents.domain.cms_file.edits import EDITS, REQUIRED, Context, run_edits
from mtm_documents.domain.cms_file.facts import Facts, Sent, Span
from mtm_documents.domain.cms_file.row import Row

SOUND = reviewed(a_cmr("3-15"))
# Every edit: what is changed in a sound row so that it breaks this edit. `facts` changes what is behind the row.
BROKEN: dict[str, dict[str, Any]] = {
    "contract_agrees": {"contract_id": "H9999"},
    "mbi_valid": {"mbi": "123456789A"},
    "values_allowed": {"cmr_method": "04"},
    "days_before_period_end": {"cmr_offered_on": date(2027, 1, 1)},
    "birth_before_enrollment": {"birth_date": day("1-11")},
    "enrolled_before_opt_out": {"opted_out_on": day("1-9"), "opt_out_reason": "03"},
    "opt_out_in_period": {"opted_out_on": date(2025, 12, 31), "opt_out_reason": "03"},
    "opt_out_reason_with_date": {"opt_out_reason": "03"},
    "death_is_known": {"opted_out_on": day("6-1"), "opt_out_reason": "01"},
    "disenrollment_agrees": {"opted_out_on": day("6-1"), "opt_out_reason": "02"},
    "criteria_day_in_period": {"criteria_met_on": date(2025, 12, 31)},
    "criteria_day_with_code": {"targeting_code": "04"},
    "at_risk_has_evidence": {"targeting_code": "02"},
    "offer_flag_with_date": {"cmr_offered_on": None},
    "offer_after_enrollment": {"cmr_offered_on": day("1-9")},
    "received_was_offered": {"cmr_offered": "N", "cmr_offered_on": None},
    "cmr_during_enrollment": {"cmr_on_1": day("1-9")},
    "cmr_dates_in_order": {"cmr_on_2": day("3-14"), "cmr_count": 2},
    "cmr_dates_counted": {"cmr_count": 2},
    "not_received_is_blank": {"cmr_received": "N"},
    "received_is_counted": {"cmr_count": 0},
    "tmr_during_enrollment": {"first_tmr_on": day("1-9"), "tmr_count": 1},
    "tmr_count_with_date": {"tmr_count": 1},
    "counts_not_negative": {"recommendations": -1, "resolutions": -1},
    "resolutions_within_recommendations": {"resolutions": 1},
    "safe_disposal_flag_with_date": {"safe_disposal": "Y"},
    "safe_disposal_in_period": {"safe_disposal": "Y", "safe_disposal_on": date(2025, 12, 31)},
}


def row_of(facts: Facts, **changes: Any) -> Row:
    made = built(facts).row
    assert made is not None
    return Row({**made.values, **changes})


def rules_broken(row: Row, facts: Facts = SOUND) -> set[str]:
    return {finding.rule for finding in run_edits(row, Context(LAYOUT, CONTRACT, facts))}


def test_every_edit_has_a_row_that_breaks_it() -> None:
    assert set(BROKEN) == {edit.id for edit in EDITS}


def test_a_sound_row_breaks_nothing() -> None:
    assert rules_broken(row_of(SOUND)) == set()


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit.id)
def test_an_edit_finds_the_row_that_breaks_it(edit: Any) -> None:
    assert edit.id in rules_broken(row_of(SOUND, **BROKEN[edit.id]))


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("01", {"death_date": day("6-1")}),
        ("02", {"covered": (Span(date(2020, 1, 1), day("6-30")),)}),
    ],
)
def test_leaving_that_the_enrollment_file_bears_out_is_sound(reason: str, changes: dict[str, Any]) -> None:
    facts = replace(SOUND, opted_out_on=day("6-1"), opt_out_reason=reason, **changes)
    assert rules_broken(row_of(facts), facts) == set()


def test_a_review_on_the_day_of_leaving_is_still_during_the_enrollment() -> None:
    facts = reviewed(a_cmr("6-1"), opted_out_on=day("6-1"), opt_out_reason="03")
    assert rules_broken(row_of(facts), facts) == set()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"birth_date": None}, "birth_date"),
        ({"cmr_provider": None}, "cmr_provider"),
        ({"criteria_met_on": None}, "criteria_met_on"),
        ({"opted_out_on": day("6-1")}, "opt_out_reason"),
    ],
)
def test_a_required_field_that_is_blank_is_found(changes: dict[str, Any], field: str) -> None:
    row = row_of(SOUND, **changes)
    found = run_edits(row, Context(LAYOUT, CONTRACT, SOUND))
    assert field in [finding.field for finding in found if finding.rule == REQUIRED]


@pytest.mark.parametrize("year", RULES.years)
def test_a_sound_member_is_sound_in_every_year(year: int) -> None:
    layout = RULES.layouts[year]
    held = date(year, 3, 15)
    facts = an_enrollment(
        enrolled_on=date(year, 1, 10),
        criteria_met_on=date(year, 1, 10),
        cmr_offered_on=date(year, 2, 10),
        work=replace(an_enrollment().work, cmrs=(replace(a_cmr("3-15"), held_on=held),)),
        sent=Sent(held, {"r1": held}),
    )
    made = built(facts, layout=layout)
    assert made.row is not None
    assert made.findings == ()
    assert list(run_edits(made.row, Context(layout, CONTRACT, facts))) == []
