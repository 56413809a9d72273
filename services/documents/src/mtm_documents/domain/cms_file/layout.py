"""The layout of one year's file: where each element stands, what it may hold and when it must be there.

CMS moves and renames elements from year to year, so that a layout is data (`reference/cms/layouts/<year>.toml`); this
module says what a layout is and refuses one that does not fit together.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from mtm_shared.values.citation import Citation

from mtm_documents.domain.cms_file.facts import Span


class FieldType(StrEnum):
    """How a value is written: left-justified text, right-justified digits with zeros, or YYYYMMDD."""

    CHAR = "char"
    NUM = "num"
    DATE = "date"


class When(StrEnum):
    """When a field must be filled."""

    ALWAYS = "always"
    OPTIONAL = "optional"
    CRITERIA_MET = "criteria_met"
    OPTED_OUT = "opted_out"
    CMR_OFFERED = "cmr_offered"
    CMR_RECEIVED = "cmr_received"
    TMR_PERFORMED = "tmr_performed"
    SAFE_DISPOSAL_SENT = "safe_disposal_sent"


class LineEnd(StrEnum):
    """What ends a line."""

    CRLF = "crlf"
    LF = "lf"

    @property
    def characters(self) -> str:
        """The characters themselves."""
        return "\r\n" if self is LineEnd.CRLF else "\n"


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `start` counts from 1; `values` are all that it may hold, or empty where anything of its type may."""

    element: str
    name: str
    start: int
    length: int
    type: FieldType
    values: tuple[str, ...]
    required_when: When
    citation: Citation

    @property
    def end(self) -> int:
        """The last column."""
        return self.start + self.length - 1


@dataclass(frozen=True, slots=True)
class Layout:
    """The file of one reporting year: its fields side by side, from column 1 to the end of the record.

    `due_on` is the day by which CMS wants it.
    """

    year: int
    due_on: date
    record_length: int
    line_end: LineEnd
    fields: tuple[Field, ...]
    citation: Citation
    fingerprint: str

    @property
    def period(self) -> Span:
        """The reporting period: the calendar year."""
        return Span(date(self.year, 1, 1), date(self.year, 12, 31))

    @property
    def names(self) -> frozenset[str]:
        """The names of its fields."""
        return frozenset(field.name for field in self.fields)

    @property
    def cmr_dates(self) -> int:
        """How many dates of comprehensive reviews a row has room for."""
        return sum(field.name.startswith(CMR_DATE) for field in self.fields)


CMR_DATE = "cmr_on_"


def faults(record_length: int, fields: tuple[Field, ...]) -> Iterator[tuple[int, str]]:
    """What keeps fields from being a layout, each with the place of the field: gaps, overlaps, repeated names."""
    column = 1
    seen: set[str] = set()
    for place, field in enumerate(fields):
        if field.start != column:
            what = "leaves a gap" if field.start > column else "overlaps the field before"
            yield place, f"{what}: starts at {field.start}, and column {column} is next"
        if field.name in seen:
            yield place, f"repeats the field {field.name}"
        if field.type is FieldType.DATE and field.length != _DATE_LENGTH:
            yield place, f"a date is {_DATE_LENGTH} columns wide"
        if wide := [value for value in field.values if len(value) > field.length]:
            yield place, f"has values wider than the field: {', '.join(wide)}"
        seen.add(field.name)
        column = max(column, field.end + 1)
    if column - 1 != record_length:
        yield len(fields) - 1, f"the fields end at column {column - 1}, the record at {record_length}"


_DATE_LENGTH = 8
