"""Our own formats: CSV files whose columns are wire field names, and NDJSON with a member record on each line.

Rows are validated by the same models as requests, so that a file and a request mean the same.
"""

from collections.abc import Sequence
from typing import Any, TypeVar

from mtm_shared.contracts.member import Address, Coverage, Diagnosis, Fill, Member, MemberRecord
from mtm_shared.values.codes import InvalidCode
from pydantic import BaseModel, ValidationError

from mtm_eligibility.usecases.claims import diagnosis_row
from mtm_eligibility.usecases.fills import fill_row
from mtm_eligibility.usecases.imports.fields import Fields
from mtm_eligibility.usecases.imports.items import DiagnosisItem, FillItem, MemberItem, RecordItem, Refused
from mtm_eligibility.usecases.members import coverage_row, member_row

Model = TypeVar("Model", bound=BaseModel)

_ADDRESS = tuple(f"address.{name}" for name in Address.model_fields)
_MEMBER = tuple(name for name in Member.model_fields if name not in {"address", "prescribers"})
_COVERAGE = tuple(Coverage.model_fields)

_DAYS = {"birth_date", "death_date", "effective_from", "effective_to", "fill_date", "service_date"}

MEMBER_COLUMNS = ("member_id", "birth_date", "contract_id", "pbp_id", "plan_type", "effective_from")
MEMBER_ALL = frozenset((*_MEMBER, *_ADDRESS, *_COVERAGE))
FILL_COLUMNS = ("member_id", "claim_id", "fill_date", "days_supply", "quantity")
FILL_ALL = frozenset(("member_id", *Fill.model_fields))
DIAGNOSIS_COLUMNS = ("member_id", "icd10", "service_date", "setting")
DIAGNOSIS_ALL = frozenset(("member_id", *Diagnosis.model_fields))


def read_member(line: int, fields: Fields) -> MemberItem:
    """A row of csv-members: a member and one span of coverage."""
    values: dict[str, Any] = _filled(fields, _MEMBER)
    address = {name.removeprefix("address."): text for name, text in _filled(fields, _ADDRESS).items()}
    if address:
        values["address"] = address
    member = _valid(Member, values)
    coverage = _valid(Coverage, _filled(fields, _COVERAGE))
    row = member_row(member)
    # A file cannot say who prescribes; what a request said stays.
    del row["prescribers"]
    return MemberItem(line, row, [coverage_row(member.member_id, coverage)])


def read_fill(line: int, fields: Fields) -> FillItem:
    """A row of csv-fills."""
    member_id = fields.identifier("member_id")
    fill = _valid(Fill, _filled(fields, tuple(Fill.model_fields)))
    return FillItem(line, fill_row(member_id, fill), final=False)


def read_diagnosis(line: int, fields: Fields) -> DiagnosisItem:
    """A row of csv-diagnoses."""
    member_id = fields.identifier("member_id")
    diagnosis = _valid(Diagnosis, _filled(fields, tuple(Diagnosis.model_fields)))
    try:
        return DiagnosisItem(line, diagnosis_row(member_id, diagnosis))
    except InvalidCode as invalid:
        raise Refused("icd10", invalid.code, "not an ICD-10-CM code") from None


def read_record(line: int, text: str) -> RecordItem:
    """A line of NDJSON."""
    try:
        return RecordItem(line, MemberRecord.model_validate_json(text))
    except ValidationError as invalid:
        raise refused(invalid) from None


def _filled(fields: Fields, names: Sequence[str]) -> dict[str, str]:
    """The columns that are not blank; a blank one is a field that was not given."""
    return {
        name: fields.day(name).isoformat() if name in _DAYS else text
        for name in names
        if (text := fields.optional(name))
    }


def _valid(model: type[Model], values: dict[str, Any]) -> Model:
    try:
        return model.model_validate(values)
    except ValidationError as invalid:
        raise refused(invalid) from None


def refused(invalid: ValidationError) -> Refused:
    """The first fault, by the rule that was broken and without what was sent."""
    fault = invalid.errors(include_url=False, include_context=False, include_input=False)[0]
    # Names of unknown fields come from the sender and may be data.
    steps = [str(step) for step in fault["loc"]]
    name = "/".join(steps[:-1] if fault["type"] == "extra_forbidden" else steps)[:200]
    kind = fault["type"]
    if kind == "json_invalid":
        return Refused("", "invalid_json", "the line is not JSON")
    if kind == "missing":
        return Refused(name, "missing_field", "a field that is required is missing")
    if kind == "extra_forbidden":
        return Refused(name, "unknown_field", "a field that is not known was given")
    if kind == "value_error":  # our own rules, whose sentences hold no values
        return Refused(name, "invalid_value", fault["msg"].removeprefix("Value error, ")[:200])
    for start, code in (("date", "invalid_date"), ("decimal", "invalid_number"), ("int", "invalid_number")):
        if kind.startswith(start):
            return Refused(name, code, "the value is not valid")
    return Refused(name, "invalid_value", "the value is not valid")
