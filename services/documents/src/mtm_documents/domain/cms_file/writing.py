"""Writes rows as the layout says and reads them back: fixed width for CMS, CSV for people."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from mtm_documents.domain.cms_file.layout import Field, FieldType, Layout
from mtm_documents.domain.cms_file.row import Row, Value


class NotOfThisLayout(ValueError):
    """A line is not what the layout says; the text names the field and no value."""


def texts(row: Row, layout: Layout) -> dict[str, str]:
    """Each field as it is written, without the blanks around it."""
    return {field.name: _written(field, row.values.get(field.name)) for field in layout.fields}


def line(written: Mapping[str, str], layout: Layout) -> str:
    """One record of the fixed-width file, without its line end."""
    return "".join(_padded(field, written[field.name]) for field in layout.fields)


def fixed_width(rows: Iterable[Mapping[str, str]], layout: Layout) -> Iterator[bytes]:
    """The file for CMS, record by record; no header and no trailer, as far as is known."""
    for written in rows:
        yield (line(written, layout) + layout.line_end.characters).encode("ascii")


def as_csv(rows: Iterable[Mapping[str, str]], layout: Layout) -> Iterator[bytes]:
    """The same rows, for a file that begins with `csv_header`."""
    names = [field.name for field in layout.fields]
    for written in rows:
        yield _csv_line([written[name] for name in names])


def csv_header(layout: Layout) -> bytes:
    """The fields' names."""
    return _csv_line([field.name for field in layout.fields])


def read_line(text: str, layout: Layout) -> Row:
    """The row of one record of the fixed-width file."""
    if len(text) != layout.record_length:
        raise NotOfThisLayout(f"a record has {layout.record_length} columns")
    return Row({field.name: _read(field, text[field.start - 1 : field.end]) for field in layout.fields})


def read_texts(written: Mapping[str, str], layout: Layout) -> Row:
    """The row of one record of the CSV file."""
    return Row({field.name: _read(field, written[field.name]) for field in layout.fields})


def _written(field: Field, value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat().replace("-", "")
    return str(value).zfill(field.length) if field.type is FieldType.NUM else str(value)


def _padded(field: Field, text: str) -> str:
    if len(text) > field.length or not text.isascii():
        raise NotOfThisLayout(f"{field.name} does not fit its field")
    return text.ljust(field.length)


def _read(field: Field, text: str) -> Value:
    text = text.rstrip()
    if not text:
        return None
    try:
        if field.type is FieldType.NUM:
            return int(text)
        return _day(text) if field.type is FieldType.DATE else text
    except ValueError:
        raise NotOfThisLayout(f"{field.name} is no {field.type.value}") from None


def _day(text: str) -> date:
    return date(int(text[:4]), int(text[4:6]), int(text[6:8]))


def _csv_line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(cells)
    return out.getvalue().encode("ascii")
