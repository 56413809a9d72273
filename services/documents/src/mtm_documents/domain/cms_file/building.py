"""Builds a member's row from the facts of the member's enrolments in a contract, or says why there can be none.

Facts that disagree are told and never settled by a guess: two enrolments of one member that would give different rows
make no row, a review outside the enrolment is not moved into it, and a consultation whose summary was not sent is not
reported as received.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mtm_shared.values.codes import InvalidCode, Mbi

from mtm_documents.domain.cms_file.ascii import to_ascii
from mtm_documents.domain.cms_file.elements import ELEMENTS, Counted, counted, targeting_code
from mtm_documents.domain.cms_file.facts import Facts
from mtm_documents.domain.cms_file.findings import Finding, Severity, Standard
from mtm_documents.domain.cms_file.layout import Field, FieldType, Layout
from mtm_documents.domain.cms_file.row import Row, Value


class Reject(StrEnum):
    """Why a member has no row."""

    CONFLICTING_ENROLLMENTS = "conflicting_enrollments"
    CONTRACT_DIFFERS = "contract_differs"
    MISSING_MBI = "missing_mbi"
    INVALID_MBI = "invalid_mbi"
    SHARED_MBI = "shared_mbi"
    MISSING_NAME = "missing_name"
    TARGETING_NOT_KNOWN = "targeting_not_known"
    NUMBER_TOO_WIDE = "number_too_wide"


_WHY: Final = {
    Reject.CONFLICTING_ENROLLMENTS: (
        "enrolled_on",
        Standard.E2,
        "Two enrolments in the contract say different things.",
    ),
    Reject.CONTRACT_DIFFERS: ("contract_id", Standard.E1, "The enrolment is in another contract than the file."),
    Reject.MISSING_MBI: ("mbi", Standard.D1, "The member has no Medicare Beneficiary Identifier."),
    Reject.INVALID_MBI: ("mbi", Standard.D1, "The member's identifier is no Medicare Beneficiary Identifier."),
    Reject.SHARED_MBI: ("mbi", Standard.D1, "Another member of the contract has the same identifier."),
    Reject.MISSING_NAME: ("last_name", Standard.D1, "The first or the last name is missing, or has no ASCII letter."),
    Reject.TARGETING_NOT_KNOWN: ("targeting_code", Standard.G1, "Criteria were met, and nothing tells which."),
    Reject.NUMBER_TOO_WIDE: ("", Standard.E2, "A number is wider than its field."),
}


_NAMES: Final = frozenset({"first_name", "middle_initial", "last_name"})


@dataclass(frozen=True, slots=True)
class Built:
    """A member's row, or the code of why there is none; with what was found on the way."""

    facts: Facts
    row: Row | None
    reject: Reject | None
    findings: tuple[Finding, ...]


def build(enrollments: Sequence[Facts], layout: Layout, contract_id: str, shared_mbis: Collection[str]) -> Built:
    """One member's row; `shared_mbis` are identifiers that more than one member of the contract has."""
    first = enrollments[0]
    try:
        rows = [_row(facts, layout, contract_id, shared_mbis) for facts in enrollments]
    except _NoRow as no:
        return Built(first, None, no.reject, (_why(no.reject, no.field),))
    if any(row != rows[0] for row in rows[1:]):
        return Built(first, None, Reject.CONFLICTING_ENROLLMENTS, (_why(Reject.CONFLICTING_ENROLLMENTS, ""),))
    findings = tuple(_told(_counted(first, layout), layout))
    if len(rows) > 1:
        findings += (_warning("same_enrollment_twice", "enrolled_on", "Two enrolments say the same; one row is made."),)
    return Built(first, rows[0], None, findings)


class _NoRow(Exception):
    def __init__(self, reject: Reject, field: str = "") -> None:
        super().__init__(reject.value)
        self.reject, self.field = reject, field


def normal_mbi(mbi: str | None) -> str | None:
    """The identifier as the file writes it; None where it is no MBI."""
    try:
        return Mbi.parse(mbi or "").value
    except InvalidCode:
        return None


def _counted(facts: Facts, layout: Layout) -> Counted:
    return counted(facts, normal_mbi(facts.mbi) or "", layout.period)


def _row(facts: Facts, layout: Layout, contract_id: str, shared_mbis: Collection[str]) -> Row:
    if facts.contract_id != contract_id:
        raise _NoRow(Reject.CONTRACT_DIFFERS)
    if not facts.mbi:
        raise _NoRow(Reject.MISSING_MBI)
    it = _counted(facts, layout)
    if not it.mbi:
        raise _NoRow(Reject.INVALID_MBI)
    if it.mbi in shared_mbis:
        raise _NoRow(Reject.SHARED_MBI)
    if "targeting_code" in layout.names and not targeting_code(facts):
        raise _NoRow(Reject.TARGETING_NOT_KNOWN)
    row = Row({field.name: _fitted(field, ELEMENTS[field.name](it)) for field in layout.fields})
    if not (row.text("first_name") and row.text("last_name")):
        raise _NoRow(Reject.MISSING_NAME)
    return row


def _fitted(field: Field, value: Value) -> Value:
    """A name longer than its field is cut, a code that cannot be written is left blank: both are told. A number is
    never cut."""
    if field.type is FieldType.NUM and len(str(value)) > field.length:
        raise _NoRow(Reject.NUMBER_TOO_WIDE, field.name)
    if not isinstance(value, str):
        return value
    if field.name in _NAMES:
        return value[: field.length].rstrip() or None
    return value if _writable(field, value) else None


def _writable(field: Field, text: str) -> bool:
    return 0 < len(text) <= field.length and text.isascii() and text.isprintable() and text == text.strip()


def _told(it: Counted, layout: Layout) -> Iterator[Finding]:
    facts = it.facts
    yield from _told_of_names(facts, layout)
    yield from _told_of_reviews(it, layout)
    yield from _told_of_leaving(facts)
    for field in layout.fields:
        value = ELEMENTS[field.name](it)
        if isinstance(value, str) and field.name not in _NAMES and not _writable(field, value):
            text = "The value cannot be written in its field, which is blank."
            yield Finding("value_not_writable", field.name, Severity.ERROR, Standard.C1, text)
    if facts.covered and not any(span.holds(facts.enrolled_on) for span in facts.covered):
        yield _warning("enrolled_without_coverage", "enrolled_on", "No coverage under the contract on that day.")
    if len(it.tmr_days) < len(facts.work.tmr_days):
        text = "A targeted review outside the enrolment or the period is not counted."
        yield _warning("tmr_outside_enrollment", "tmr_count", text)
    sent_on = facts.sent.safe_disposal_on
    if sent_on is not None and it.safe_disposal_on is None:
        yield _warning("safe_disposal_outside_period", "safe_disposal_on", "It was sent outside the period.")


def _told_of_names(facts: Facts, layout: Layout) -> Iterator[Finding]:
    lengths = {field.name: field.length for field in layout.fields}
    names = {"first_name": facts.first_name, "last_name": facts.last_name}
    for field, name in names.items():
        ascii_name = to_ascii(name or "")
        if ascii_name.lost:
            yield _warning("letters_lost", field, "A letter of the name cannot be written in ASCII.")
        if len(ascii_name.text) > lengths.get(field, len(ascii_name.text)):
            yield _warning("name_cut", field, "The name is longer than the field and was cut.")


def _told_of_leaving(facts: Facts) -> Iterator[Finding]:
    if facts.opted_out_on is not None:
        return
    if facts.has_left:
        text = "The member has left, and nothing tells on which day."
        yield Finding("left_without_day", "opted_out_on", Severity.ERROR, Standard.E2, text)
    if facts.death_date is not None:
        yield _warning("death_without_opt_out", "opted_out_on", "A member who died is still enrolled.")


def _told_of_reviews(it: Counted, layout: Layout) -> Iterator[Finding]:
    facts, error = it.facts, Severity.ERROR
    for cmr in facts.work.cmrs:
        if cmr.held_on < facts.enrolled_on:
            text = "A consultation was held before the enrolment, and is not counted."
            yield Finding("cmr_before_enrollment", "cmr_received", error, Standard.E2, text)
        elif not facts.enrolled.holds(cmr.held_on):
            text = "A consultation was held after the member had left, and is not counted."
            yield Finding("cmr_after_opt_out", "cmr_received", error, Standard.E2, text)
        elif not it.period.holds(cmr.held_on):
            yield _warning("cmr_outside_period", "cmr_received", "A consultation outside the period is not counted.")
    if len(it.cmrs) < len(it.held):
        text = "A consultation was held and no written summary was sent: it is not reported as received."
        yield Finding("cmr_without_summary", "cmr_received", error, Standard.H1, text)
    if it.cmrs and len(it.cmrs) > layout.cmr_dates:
        text = "There were more reviews than the layout has dates for; the count has them all."
        yield _warning("more_cmrs_than_dates", "cmr_count", text)


def _why(reject: Reject, field: str) -> Finding:
    named, standard, text = _WHY[reject]
    return Finding(reject.value, field or named, Severity.ERROR, standard, text)


def _warning(rule: str, field: str, text: str) -> Finding:
    return Finding(rule, field, Severity.WARNING, Standard.E2, text)
