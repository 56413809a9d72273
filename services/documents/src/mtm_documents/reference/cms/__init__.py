"""The rules of the CMS file and of the completion measure, read strictly and whole when the service starts.

`layouts/<year>.toml`, `measures/<year>.toml` and `validation.toml`. A sponsor that holds CMS's own layout puts a folder
of the same shape in our place (`MTM_CMS_RULES`); a file that the folder lacks is ours.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from mtm_shared.reference import Reader, fingerprint

from mtm_documents.domain.cmr_measure import MeasureRules
from mtm_documents.domain.cms_file.elements import ELEMENTS
from mtm_documents.domain.cms_file.layout import Field, FieldType, Layout, LineEnd, When, faults
from mtm_documents.domain.cms_file.scoring import Band, Scoring

HERE: Final = Path(__file__).parent
_HIGHEST_SCORE: Final = 5
_T = TypeVar("_T")


class Standing(StrEnum):
    """Where the measure of a year counts."""

    STARS = "stars"
    DISPLAY = "display"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class CmsRules:
    """Layouts and measures by year, and the scoring of errors."""

    layouts: Mapping[int, Layout]
    measures: Mapping[int, MeasureRules]
    scoring: Scoring

    @property
    def years(self) -> tuple[int, ...]:
        """The years that can be reported on."""
        return tuple(sorted(self.layouts.keys() & self.measures.keys()))


def load_cms_rules(theirs: Path | None = None) -> CmsRules:
    """Everything, ours with theirs in its place; raises `ReferenceDataError` at the first mistake."""
    return CmsRules(
        layouts=_by_year("layouts", theirs, load_layout),
        measures=_by_year("measures", theirs, load_measure),
        scoring=load_scoring(_replaced(theirs, "validation.toml")),
    )


def files(theirs: Path | None = None) -> Iterator[tuple[Path, Callable[[Path], object]]]:
    """Every rule file with its loader, for the checker."""
    for kind, load in (("layouts", load_layout), ("measures", load_measure)):
        for path in _paths(kind, theirs).values():
            yield path, load
    yield _replaced(theirs, "validation.toml"), load_scoring


def load_layout(path: Path) -> Layout:
    """A layout; refuses gaps, overlaps, names that no row has, and a file of another year than its name."""
    with Reader.of(path) as reader:
        year = _year(reader, path)
        due_on = reader.date("due_on")
        length = reader.integer("record_length", minimum=1)
        line_end = reader.enum("line_end", LineEnd)
        readers = reader.tables("fields")
        fields = tuple(_field(each) for each in readers)
        citation = reader.citation()
        if reader.sound:
            for place, problem in faults(length, fields):
                readers[place].refuse("start", fields[place].start, problem)
            if {"contract_id", "mbi", "first_name", "last_name"} - {field.name for field in fields}:
                reader.refuse("fields", len(fields), "must have contract_id, mbi, first_name and last_name")
    return Layout(year, due_on, length, line_end, fields, citation, fingerprint(path))


def load_measure(path: Path) -> MeasureRules:
    """The measure of one year."""
    with Reader.of(path) as reader:
        return MeasureRules(
            year=_year(reader, path),
            minimum_age=reader.integer("minimum_age", minimum=0, maximum=120),
            minimum_days=reader.integer("minimum_days", minimum=1, maximum=366),
            minimum_denominator=reader.integer("minimum_denominator", minimum=1),
            at_risk_in_denominator=reader.boolean("at_risk_in_denominator"),
            exclude_hospice=reader.boolean("exclude_hospice"),
            opt_out_day_is_enrolled=reader.boolean("opt_out_day_is_enrolled"),
            standing=reader.enum("standing", Standing).value,
            citation=reader.citation(),
            fingerprint=fingerprint(path),
        )


def load_scoring(path: Path) -> Scoring:
    """The bands of error rates, which must fall from one to the next."""
    with Reader.of(path) as reader:
        readers = reader.tables("bands")
        bands = tuple(
            Band(each.decimal("over", minimum=0, maximum=100), each.integer("score", minimum=1, maximum=_HIGHEST_SCORE))
            for each in readers
        )
        if reader.sound and list(bands) != sorted(bands, key=lambda band: (-band.over, band.score)):
            readers[0].refuse("over", bands[0].over, "the bands must fall, from the worst score to the best")
        best = reader.integer("best", minimum=1, maximum=_HIGHEST_SCORE)
        return Scoring(bands, best, reader.citation(), fingerprint(path))


def _field(reader: Reader) -> Field:
    return Field(
        element=reader.text("element"),
        name=reader.text("name", choices=ELEMENTS),
        start=reader.integer("start", minimum=1),
        length=reader.integer("length", minimum=1, maximum=100),
        type=reader.enum("type", FieldType),
        values=reader.texts("values"),
        required_when=reader.enum("required_when", When),
        citation=reader.citation(),
    )


def _year(reader: Reader, path: Path) -> int:
    year = reader.integer("year", minimum=1, maximum=9998)
    if str(year) != path.stem:
        reader.refuse("year", year, f"must be the year of the file's name, {path.stem}")
    return year


def _by_year(kind: str, theirs: Path | None, load: Callable[[Path], _T]) -> dict[int, _T]:
    return {int(name): load(path) for name, path in _paths(kind, theirs).items()}


def _paths(kind: str, theirs: Path | None) -> dict[str, Path]:
    folders = (HERE / kind, *((theirs / kind,) if theirs else ()))
    return {path.stem: path for folder in folders for path in sorted(folder.glob("*.toml"))}


def _replaced(theirs: Path | None, name: str) -> Path:
    return theirs / name if theirs is not None and (theirs / name).is_file() else HERE / name
