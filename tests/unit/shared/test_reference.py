"""A mistake in a reference file stops the service and says where it is."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

import pytest
from mtm_shared.reference import Reader, ReferenceDataError, fingerprint, read_csv, read_sidecar
from mtm_shared.values.citation import Status

SIDECAR = 'source = "CMS"\nedition = "2026"\nlicence = "public domain"\nrows = {rows}\nstatus = "final"\n'


class Colour(StrEnum):
    RED = "red"


def toml(folder: Path, text: str, name: str = "cms-2026.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def csv(folder: Path, text: str, rows: int | None = None) -> Path:
    path = folder / "classes.csv"
    path.write_text(text, "utf-8")
    if rows is not None:
        (folder / "classes.csv.toml").write_text(SIDECAR.format(rows=rows), "utf-8")
    return path


def test_a_file_is_read_with_types_and_citation(tmp_path: Path) -> None:
    path = toml(
        tmp_path,
        'threshold = "1276.00"\nrate = 0.1\ndrugs = 8\nstarts = 2026-01-01\nids = ["a", "b"]\nkind = "red"\n'
        "open = true\n"
        '[citation]\nsource = "42 CFR 423.153(d)(2)"\nstatus = "final"\n[[parts]]\nname = "x"\n',
    )
    with Reader.of(path) as reader:
        assert (reader.decimal("threshold"), reader.decimal("rate")) == (Decimal("1276.00"), Decimal("0.1"))
        assert (reader.integer("drugs", minimum=2), reader.date("starts")) == (8, date(2026, 1, 1))
        assert (reader.texts("ids"), reader.enum("kind", Colour), reader.boolean("open")) == (("a", "b"), "red", True)
        assert reader.citation().status is Status.FINAL
        assert [part.text("name") for part in reader.tables("parts")] == ["x"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("drugs = 8\ndurgs = 7", r"cms-2026\.toml: unknown key 'durgs'"),
        ("", r"cms-2026\.toml\.drugs: missing"),
        ("drugs = true", r"drugs: must be a whole number, but is True"),
        ('drugs = "8"', r"drugs: must be a whole number without quotes, but is '8'"),
        ("drugs = 1", r"drugs: must be at least 2, but is 1"),
        ("drugs = 8.0", r"drugs: must be a whole number"),
    ],
)
def test_a_wrong_key_or_value_is_named(tmp_path: Path, text: str, expected: str) -> None:
    with pytest.raises(ReferenceDataError, match=expected), Reader.of(toml(tmp_path, text)) as reader:
        reader.integer("drugs", minimum=2)


def test_an_unknown_key_in_a_table_inside_is_refused(tmp_path: Path) -> None:
    path = toml(tmp_path, '[citation]\nsource = "x"\nstatus = "final"\nyear = 2026')
    with pytest.raises(ReferenceDataError, match=r"citation: unknown key 'year'"), Reader.of(path) as reader:
        reader.citation()


@pytest.mark.parametrize(
    ("method", "text"),
    [
        ("decimal", "value = true"),
        ("decimal", 'value = "NaN"'),
        ("decimal", "value = inf"),
        ("decimal", 'value = "1-2"'),
        ("date", "value = 2026-01-01T00:00:00"),
        ("date", 'value = "2026-01-01"'),
        ("text", 'value = " padded "'),
        ("text", 'value = ""'),
        ("texts", 'value = ["a", "a"]'),
        ("texts", "value = [1]"),
        ("boolean", "value = 1"),
        ("citation", 'value = {source = "x", status = "sure"}'),
    ],
)
def test_a_value_of_another_type_is_refused(tmp_path: Path, method: str, text: str) -> None:
    reader = Reader.of(toml(tmp_path, text))
    with pytest.raises(ReferenceDataError, match="value"):
        getattr(reader, method)("value")


def test_what_is_no_toml_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match=r"cms-2026\.toml: not TOML"):
        Reader.of(toml(tmp_path, "a = "))


def test_rows_keep_leading_zeros(tmp_path: Path) -> None:
    path = csv(tmp_path, "ndc,flag\n00071015523,NO\n", rows=1)
    assert read_csv(path, ("ndc", "flag")) == [{"ndc": "00071015523", "flag": "NO"}]


def test_the_sidecar_says_where_a_list_is_from(tmp_path: Path) -> None:
    assert read_sidecar(csv(tmp_path, "a\n", rows=0)).edition == "2026"


@pytest.mark.parametrize(
    ("text", "rows", "expected"),
    [
        ("a,c\n1,2\n", 1, "columns must be a,b, but are a,c"),
        ("b,a\n1,2\n", 1, "columns must be a,b"),
        ("a,b\n1\n", 1, "must have 2 fields, but has 1"),
        ("a,b\n1,2\n\n", 1, "must have 2 fields, but has 0"),
        ("a,b\n1, 2\n", 1, "must have no blanks around it"),
        ("a,b\n1,2\n", 2, "has 1 rows, but its sidecar says 2"),
        ("a,b\n1,2\n", None, "has no sidecar"),
        ('a,b\n"1,2\n', 1, "not CSV"),
    ],
)
def test_a_wrong_list_is_refused(tmp_path: Path, text: str, rows: int | None, expected: str) -> None:
    with pytest.raises(ReferenceDataError, match=expected):
        read_csv(csv(tmp_path, text, rows), ("a", "b"))


def test_bytes_that_are_no_utf8_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(b"a\n\xff\n")
    with pytest.raises(ReferenceDataError, match="not UTF-8 at byte 2"):
        read_csv(path, ("a",), sidecar=False)


def test_the_fingerprint_does_not_depend_on_line_ends_or_the_checkout(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder, ends in ((one, b"\n"), (two, b"\r\n")):
        (folder / "sub").mkdir(parents=True)
        (folder / "a.toml").write_bytes(b"x = 1" + ends)
        (folder / "sub" / "b.csv").write_bytes(b"y" + ends)
        (folder / "code.py").write_bytes(ends * len(folder.name) * 3)
    assert fingerprint(one) == fingerprint(two) == fingerprint(two / "sub", two / "a.toml")


def test_the_fingerprint_changes_with_names_and_with_where_one_file_ends(tmp_path: Path) -> None:
    prints = set()
    for number, files in enumerate(({"a": "xy", "b": ""}, {"a": "x", "b": "y"}, {"a": "xy", "c": ""})):
        folder = tmp_path / str(number)
        folder.mkdir()
        for name, text in files.items():
            (folder / f"{name}.toml").write_text(text)
        prints.add(fingerprint(folder))
    assert len(prints) == 3
    assert all(value.startswith("sha256:") and len(value) == 23 for value in prints)
