"""Layouts and rules as data: refused when they do not fit together; a file reads back to the rows it was made of."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from cms_reporting import LAYOUT, RULES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from mtm_documents.domain.cms_file.findings import Standard
from mtm_documents.domain.cms_file.layout import Field, FieldType, Layout
from mtm_documents.domain.cms_file.row import Row, Value
from mtm_documents.domain.cms_file.scoring import score
from mtm_documents.domain.cms_file.writing import (
    NotOfThisLayout,
    as_csv,
    csv_header,
    fixed_width,
    read_line,
    read_texts,
    texts,
)
from mtm_documents.reference.checking import check_path
from mtm_documents.reference.cms import HERE, load_cms_rules, load_layout
from mtm_shared.reference import ReferenceDataError
from mtm_shared.values.citation import Status
from mtm_shared.vocabulary import load_vocabulary

TEXT = some.text("ABCXYZabcxyz0123456789-'", min_size=1)
TOML = (HERE / "layouts" / f"{LAYOUT.year}.toml").read_text(encoding="utf-8")


def values(field: Field) -> some.SearchStrategy[Value]:
    if field.values:
        return some.none() | some.sampled_from(field.values)
    if field.type is FieldType.DATE:
        return some.none() | some.dates(date(1900, 1, 1), date(2199, 12, 31))
    if field.type is FieldType.NUM:
        return some.none() | some.integers(0, 10**field.length - 1)
    return some.none() | TEXT.map(lambda text: text[: field.length])


def rows(layout: Layout) -> some.SearchStrategy[Row]:
    return some.fixed_dictionaries({field.name: values(field) for field in layout.fields}).map(Row)


ROWS = {year: rows(layout) for year, layout in RULES.layouts.items()}


@pytest.mark.parametrize("year", RULES.years)
@given(data=some.data())
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_file_reads_back_to_its_rows(year: int, data: some.DataObject) -> None:
    layout = RULES.layouts[year]
    made = data.draw(some.lists(ROWS[year], max_size=3))
    written = [texts(row, layout) for row in made]
    content = b"".join(fixed_width(written, layout))
    lines = content.decode("ascii").split("\r\n")
    assert [read_line(line, layout) for line in lines[:-1]] == made
    assert lines[-1] == ""
    listing = csv_header(layout) + b"".join(as_csv(written, layout))
    header, *listed = listing.decode("ascii").splitlines()
    named = [dict(zip(header.split(","), line.split(","), strict=True)) for line in listed]
    assert [read_texts(each, layout) for each in named] == made


def test_a_line_of_another_length_is_refused() -> None:
    with pytest.raises(NotOfThisLayout):
        read_line("H1234", LAYOUT)


def test_a_text_wider_than_its_field_is_never_written() -> None:
    with pytest.raises(NotOfThisLayout):
        list(fixed_width([dict.fromkeys(LAYOUT.names, "") | {"contract_id": "H12345"}], LAYOUT))


def test_every_year_from_2021_has_a_layout_and_a_measure() -> None:
    assert RULES.years == tuple(range(2021, 2028))


def test_widths_are_marked_as_unverified() -> None:
    fields = [field for layout in RULES.layouts.values() for field in layout.fields]
    assert {field.citation.status for field in fields} == {Status.UNVERIFIED}


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("start = 6\n", "start = 7\n", "leaves a gap"),
        ("start = 6\n", "start = 5\n", "overlaps"),
        ("record_length = 208", "record_length = 209", "the fields end at column 208"),
        ('name = "mbi"', 'name = "hicn"', "must be one of"),
        ('name = "mbi"', 'name = "contract_id"', "repeats the field"),
        ('type = "date"', 'type = "day"', "must be one of"),
        ('name = "mbi"', 'name = "mbi"\nnote = "x"', "unknown key"),
        ('["Y", "N", "U"]', '["Y", "N", "UNKNOWN"]', "wider than the field"),
        ("year = 2026", "year = 2025", "file's name"),
    ],
)
def test_a_layout_that_does_not_fit_together_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    path = tmp_path / f"{LAYOUT.year}.toml"
    assert old in TOML
    path.write_text(TOML.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ReferenceDataError, match=problem):
        load_layout(path)


def test_a_sponsors_layout_takes_the_place_of_ours(tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    text = TOML.replace('line_end = "crlf"', 'line_end = "lf"')
    (tmp_path / "layouts" / f"{LAYOUT.year}.toml").write_text(text, encoding="utf-8")
    rules = load_cms_rules(tmp_path)
    assert rules.layouts[LAYOUT.year].line_end.characters == "\n"
    assert rules.layouts[LAYOUT.year].fingerprint != LAYOUT.fingerprint
    assert rules.layouts[2025] == RULES.layouts[2025]


def test_the_checker_tells_every_mistake_of_a_layout(tmp_path: Path) -> None:
    (tmp_path / "layouts").mkdir()
    path = tmp_path / "layouts" / f"{LAYOUT.year}.toml"
    path.write_text(TOML.replace('"crlf"', '"cr"', 1).replace("length = 5\n", 'length = "x"\n', 1))
    assert [problem.place for problem in check_path(tmp_path, load_vocabulary())] == ["line_end", "fields[0].length"]
    assert list(check_path(HERE, load_vocabulary())) == []


@pytest.mark.parametrize(
    ("in_error", "percent", "expected"),
    [
        (0, "0.0", 5), (50, "5.0", 5), (51, "5.1", 4), (100, "10.0", 4), (101, "10.1", 3), (150, "15.0", 3),
        (151, "15.1", 2), (200, "20.0", 2), (201, "20.1", 1), (1000, "100.0", 1),
    ],
)  # fmt: skip
def test_the_share_of_members_in_error_scores(in_error: int, percent: str, expected: int) -> None:
    found = score(RULES.scoring, 1000, {Standard.E2: in_error})
    assert [(each.percent, each.score) for each in found if each.standard is Standard.E2] == [
        (Decimal(percent), expected)
    ]


def test_a_report_without_members_has_no_errors() -> None:
    assert {each.score for each in score(RULES.scoring, 0, {})} == {5}
