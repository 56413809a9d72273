"""The edits that every row of the CMS file is held to, one row of a table each.

CMS's own list of edits (CMS-10185, section II; data validation CMS-10305, appendix J) could not be read here: each edit
says what section II requires as far as it is known, and which standard we count it under is our reading. All are
`unverified`. An edit says only whether a row keeps it; a field that a year's layout lacks breaks nothing.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from mtm_shared.values.citation import Citation
from mtm_shared.values.codes import InvalidCode, Mbi

from mtm_documents.domain.cms_file.facts import Facts
from mtm_documents.domain.cms_file.findings import SOURCE, Finding, Severity, Standard
from mtm_documents.domain.cms_file.layout import CMR_DATE, Layout
from mtm_documents.domain.cms_file.required import missing
from mtm_documents.domain.cms_file.row import Row

_DEATH, _LEFT_PLAN = "01", "02"


@dataclass(frozen=True, slots=True)
class Context:
    """What an edit may look at beside the row: the layout, the file's contract, and the facts behind the row."""

    layout: Layout
    contract_id: str
    facts: Facts


@dataclass(frozen=True, slots=True)
class Edit:
    """A named rule; `kept` is False for a row that breaks it."""

    id: str
    field: str
    standard: Standard
    text: str
    kept: Callable[[Row, Context], bool]
    severity: Severity = Severity.ERROR
    citation: Citation = SOURCE


def _in_period(day: date | None, context: Context) -> bool:
    return day is None or context.layout.period.holds(day)


def _days(row: Row) -> tuple[date, ...]:
    return tuple(day for day in row.values.values() if isinstance(day, date))


def _ordered(*days: date | None) -> bool:
    known = [day for day in days if day is not None]
    return known == sorted(known)


def _during(row: Row, day: date | None) -> bool:
    return day is None or _ordered(row.day("enrolled_on"), day, row.day("opted_out_on"))


def _valid_mbi(row: Row) -> bool:
    try:
        return Mbi.parse(row.text("mbi")).value == row.text("mbi")
    except InvalidCode:
        return False


def _cmr_blank(row: Row) -> bool:
    details = ("cmr_method", "cmr_provider", "cmr_recipient")
    return not (row.number("cmr_count") or row.days(CMR_DATE) or any(row.text(name) for name in details))


def _dates_counted(row: Row, context: Context) -> bool:
    return len(row.days(CMR_DATE)) == min(row.number("cmr_count"), context.layout.cmr_dates)


def _values_known(row: Row, context: Context) -> bool:
    coded = (field for field in context.layout.fields if field.values)
    return all(row.text(field.name) in {*field.values, ""} for field in coded)


def _left_plan(row: Row, context: Context) -> bool:
    """The coverage under the contract ends no later than the month in which the member left."""
    left = row.day("opted_out_on")
    if row.text("opt_out_reason") != _LEFT_PLAN or left is None or not context.facts.covered:
        return True
    month = (left.year, left.month)
    return all(
        span.last is not None and (span.last.year, span.last.month) <= month
        for span in context.facts.covered
        if span.first <= left
    )


def _died(row: Row, context: Context) -> bool:
    return row.text("opt_out_reason") != _DEATH or context.facts.death_date is not None


def _pair(flag: str, day: str) -> Callable[[Row, Context], bool]:
    """A flag says Y exactly when the day is there; a year without the one or the other cannot disagree."""
    return lambda row, _: (
        {flag, day} - set(row.values) != set() or (row.text(flag) == "Y") == (row.day(day) is not None)
    )


def _not_negative(row: Row, _: Context) -> bool:
    return all(value >= 0 for value in row.values.values() if isinstance(value, int))


C, D, E, G, H, E2 = Standard.C1, Standard.D1, Standard.E1, Standard.G1, Standard.H1, Standard.E2
EDITS: Final = (
    Edit("contract_agrees", "contract_id", E, "The row's contract is the file's.",
         lambda row, at: row.text("contract_id") == at.contract_id),
    Edit("mbi_valid", "mbi", D, "The identifier has the form of an MBI.", lambda row, _: _valid_mbi(row)),
    Edit("values_allowed", "", C, "Coded fields hold codes of the layout.", _values_known),
    Edit("days_before_period_end", "", C, "No day is after the end of the reporting period.",
         lambda row, at: all(day <= (at.layout.period.last or day) for day in _days(row))),
    Edit("birth_before_enrollment", "birth_date", D, "The member was born before the enrolment.",
         lambda row, _: _ordered(row.day("birth_date"), row.day("enrolled_on"))),
    Edit("enrolled_before_opt_out", "opted_out_on", E2, "The member enrolled on or before the day of leaving.",
         lambda row, _: _ordered(row.day("enrolled_on"), row.day("opted_out_on"))),
    Edit("opt_out_in_period", "opted_out_on", E2, "Leaving is reported in its own year.",
         lambda row, at: _in_period(row.day("opted_out_on"), at)),
    Edit("opt_out_reason_with_date", "opt_out_reason", E2, "A reason and a day of leaving come together.",
         lambda row, _: bool(row.text("opt_out_reason")) == (row.day("opted_out_on") is not None)),
    Edit("death_is_known", "opt_out_reason", E2, "A member reported as dead has a day of death.", _died,
         Severity.WARNING),
    Edit("disenrollment_agrees", "opt_out_reason", E2, "Coverage ended for a member reported as disenrolled.",
         _left_plan, Severity.WARNING),
    Edit("criteria_day_in_period", "criteria_met_on", G, "The criteria were met within the period.",
         lambda row, at: not row.met_criteria or _in_period(row.day("criteria_met_on"), at)),
    Edit("criteria_day_with_code", "criteria_met_on", G, "A day of meeting the criteria comes with meeting them.",
         lambda row, _: row.met_criteria == (row.day("criteria_met_on") is not None)),
    Edit("at_risk_has_evidence", "targeting_code", G, "An at-risk member was found so by the programme.",
         lambda row, at: row.text("targeting_code") not in {"02", "03"} or at.facts.pathway in {"at_risk", "both"}),
    Edit("offer_flag_with_date", "cmr_offered_on", H, "An offer and its day come together.",
         _pair("cmr_offered", "cmr_offered_on")),
    Edit("offer_after_enrollment", "cmr_offered_on", H, "The review was offered on or after the enrolment.",
         lambda row, _: _ordered(row.day("enrolled_on"), row.day("cmr_offered_on"))),
    Edit("received_was_offered", "cmr_offered", H, "A review that was received was offered.",
         lambda row, _: row.text("cmr_received") != "Y" or row.text("cmr_offered") == "Y", Severity.WARNING),
    Edit("cmr_during_enrollment", "cmr_on_1", E2, "Reviews are between enrolment and leaving, within the period.",
         lambda row, at: all(_during(row, day) and _in_period(day, at) for day in row.days(CMR_DATE))),
    Edit("cmr_dates_in_order", "cmr_on_1", H, "The days of reviews are in order.",
         lambda row, _: _ordered(*row.days(CMR_DATE))),
    Edit("cmr_dates_counted", "cmr_count", E2, "As many days as reviews, up to the layout's room.", _dates_counted),
    Edit("not_received_is_blank", "cmr_received", H, "Without a review, its count, days and details are blank.",
         lambda row, _: row.text("cmr_received") != "N" or _cmr_blank(row)),
    Edit("received_is_counted", "cmr_count", H, "A review that was received is counted.",
         lambda row, _: row.text("cmr_received") != "Y" or row.number("cmr_count") >= 1),
    Edit("tmr_during_enrollment", "first_tmr_on", E2, "The first targeted review is between enrolment and leaving.",
         lambda row, at: _during(row, row.day("first_tmr_on")) and _in_period(row.day("first_tmr_on"), at)),
    Edit("tmr_count_with_date", "tmr_count", E2, "A number of targeted reviews and the first day come together.",
         lambda row, _: (row.number("tmr_count") > 0) == (row.day("first_tmr_on") is not None)),
    Edit("counts_not_negative", "", E2, "No count is negative.", _not_negative),
    Edit("resolutions_within_recommendations", "resolutions", E2, "No more was resolved than was recommended.",
         lambda row, _: row.number("resolutions") <= row.number("recommendations")),
    Edit("safe_disposal_flag_with_date", "safe_disposal_on", H, "Safe disposal information and its day come together.",
         _pair("safe_disposal", "safe_disposal_on")),
    Edit("safe_disposal_in_period", "safe_disposal_on", H, "It was given within the period.",
         lambda row, at: _in_period(row.day("safe_disposal_on"), at)),
)  # fmt: skip
REQUIRED: Final = "required"
_BLANK: Final = "The layout requires the field, and it is blank."


def run_edits(row: Row, context: Context) -> Iterator[Finding]:
    """What the row breaks: every edit in the table's order, then every required field that is blank."""
    for edit in EDITS:
        if not edit.kept(row, context):
            yield Finding(edit.id, edit.field, edit.severity, edit.standard, f"Not so: {edit.text}")
    for name in missing(row, context.layout):
        yield Finding(REQUIRED, name, Severity.ERROR, Standard.C1, _BLANK)
