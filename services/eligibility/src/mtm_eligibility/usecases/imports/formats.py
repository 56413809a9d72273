"""The formats that can be imported: how a line becomes fields, and fields become an item."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from mtm_eligibility.usecases.imports import drug_events, medical_claims, members_rif, wire_rows
from mtm_eligibility.usecases.imports.fields import Fields
from mtm_eligibility.usecases.imports.items import Item, Refused

RowReader = Callable[[int, Fields], Item]
_RIF_SETTINGS = ("carrier", "inpatient", "outpatient", "snf", "hha", "hospice")
_DESYNPUF_SETTINGS = ("carrier", "inpatient", "outpatient")


class WrongColumns(Exception):
    """The header is not that of the format; `detail` names the columns that are missing or not known."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Format:
    """A table format: separator, columns that must be there, and, where others are an error, all that may be."""

    separator: str
    required: Sequence[str]
    reader: Callable[[Sequence[str]], RowReader]
    allowed: frozenset[str] | None = None
    quoted: bool = False

    def header(self, text: str) -> list[str]:
        """The column names of the first line, or `WrongColumns`."""
        names = [name.strip() for name in self.split(text)]
        if not names[-1]:  # a separator at the end of every line, as spreadsheets write it
            names.pop()
        missing = [name for name in self.required if name not in names]
        if missing:
            raise WrongColumns(f"missing columns: {', '.join(missing[:12])}")
        if len(set(names)) < len(names):
            raise WrongColumns("a column stands twice")
        allowed = names if self.allowed is None else self.allowed
        unknown = [str(place) for place, name in enumerate(names, 1) if name not in allowed]
        if unknown:
            # The first line may be a row of data: its texts are not repeated.
            which = f"column {unknown[0]} is" if len(unknown) == 1 else f"columns {', '.join(unknown[:12])} are"
            raise WrongColumns(f"{which} not known")
        return names

    def split(self, text: str) -> list[str]:
        """The fields of a line."""
        if not self.quoted or '"' not in text:
            return text.split(self.separator)
        try:
            return next(csv.reader([text], delimiter=self.separator, strict=True))
        except (csv.Error, StopIteration):
            raise Refused("", "wrong_columns", "quotes are not closed") from None


class TableReader:
    """Reads the rows of one file by its header."""

    def __init__(self, layout: Format, header: str) -> None:
        self._layout = layout
        names = layout.header(header)
        self._width = len(names)
        self._index: Mapping[str, int] = {name: place for place, name in enumerate(names)}
        self._read = layout.reader(names)

    def __call__(self, line: int, text: str) -> Item:
        """The item of a row, or `Refused`."""
        values = self._layout.split(text)
        # Files of the oldest layout end each row, but not the header, with a separator.
        if len(values) == self._width + 1 and not values[-1]:
            values.pop()
        if len(values) != self._width:
            message = f"{len(values)} {'field' if len(values) == 1 else 'fields'} where the header has {self._width}"
            raise Refused("", "wrong_columns", message)
        return self._read(line, Fields(values, self._index))


def _always(reader: RowReader) -> Callable[[Iterable[str]], RowReader]:
    return lambda _header: reader


def _csv(required: Sequence[str], allowed: frozenset[str], reader: RowReader) -> Format:
    return Format(",", required, _always(reader), allowed, quoted=True)


def _rif_claims(setting: str) -> Format:
    return Format("|", medical_claims.RIF_COLUMNS, lambda header: medical_claims.rif_reader(setting, header))


def _desynpuf_claims(setting: str) -> Format:
    return Format(",", medical_claims.DESYNPUF_COLUMNS, lambda header: medical_claims.desynpuf_reader(setting, header))


TABLES: Mapping[str, Format] = {
    "csv-members": _csv(wire_rows.MEMBER_COLUMNS, wire_rows.MEMBER_ALL, wire_rows.read_member),
    "csv-fills": _csv(wire_rows.FILL_COLUMNS, wire_rows.FILL_ALL, wire_rows.read_fill),
    "csv-diagnoses": _csv(wire_rows.DIAGNOSIS_COLUMNS, wire_rows.DIAGNOSIS_ALL, wire_rows.read_diagnosis),
    "rif-beneficiary": Format("|", members_rif.RIF_COLUMNS, _always(members_rif.read_rif)),
    "rif-pde": Format("|", drug_events.RIF_COLUMNS, _always(drug_events.read_rif)),
    **{f"rif-{setting}": _rif_claims(setting) for setting in _RIF_SETTINGS},
    "desynpuf-beneficiary": Format(",", members_rif.DESYNPUF_COLUMNS, _always(members_rif.read_desynpuf)),
    "desynpuf-pde": Format(",", drug_events.DESYNPUF_COLUMNS, _always(drug_events.read_desynpuf)),
    **{f"desynpuf-{setting}": _desynpuf_claims(setting) for setting in _DESYNPUF_SETTINGS},
}
# Formats that carry medical claims, whose claims and diagnoses are counted beside the rows.
CLAIM_FORMATS = frozenset(
    {f"rif-{setting}" for setting in _RIF_SETTINGS} | {f"desynpuf-{setting}" for setting in _DESYNPUF_SETTINGS}
)
