"""A person who checks a file gets every mistake; a service that starts gets the first."""

from enum import StrEnum
from pathlib import Path

import pytest
from mtm_shared.reference import Reader, ReferenceDataError, allowed, collect, read_csv, toml_line

SIDECAR = 'source = "CMS"\nedition = "2026"\nlicence = "public domain"\nrows = {rows}\nstatus = "final"\n'


class Colour(StrEnum):
    RED = "red"


def read(path: Path) -> tuple[object, ...]:
    with Reader.of(path) as reader:
        limits = reader.table("limits")
        return (
            reader.text("name"),
            reader.enum("colour", Colour),
            reader.integer("drugs", minimum=2),
            limits.date("on"),
        )


def toml(folder: Path, text: str) -> Path:
    path = folder / "plan.toml"
    path.write_text(text, "utf-8")
    return path


def test_every_refusal_is_noted_with_its_place(tmp_path: Path) -> None:
    path = toml(tmp_path, 'colour = "blue"\ndrugs = 1\nyear = 2026\n[limits]\non = "today"\n')

    collected = collect(lambda: read(path))

    assert [str(refusal) for refusal in collected.refusals] == [
        "plan.toml.name: missing; must be a text",
        "plan.toml.colour: must be one of red, but is 'blue'",
        "plan.toml.drugs: must be at least 2, but is 1",
        "plan.toml.limits.on: must be a date (YYYY-MM-DD without quotes), but is 'today'",
        "plan.toml: unknown key 'year'",
    ]


def test_the_same_loader_stops_at_the_first_when_a_service_starts(tmp_path: Path) -> None:
    path = toml(tmp_path, 'colour = "blue"\ndrugs = 1\n')

    with pytest.raises(ReferenceDataError, match=r"limits: missing"):
        read(path)


def test_a_table_that_is_missing_is_refused_once(tmp_path: Path) -> None:
    path = toml(tmp_path, 'name = "x"\ncolour = "red"\ndrugs = 2\n')

    (refusal,) = collect(lambda: read(path)).refusals

    assert (refusal.place, refusal.problem) == ("limits", "missing; must be a table")


def test_a_sound_file_gives_its_value(tmp_path: Path) -> None:
    path = toml(tmp_path, 'name = "x"\ncolour = "red"\ndrugs = 2\n[limits]\non = 2026-01-01\n')

    collected = collect(lambda: read(path))

    assert (collected.refusals, collected.stopped) == ((), False)
    assert collected.value is not None


def test_a_fault_of_the_loader_is_not_taken_for_a_mistake_in_the_file() -> None:
    with pytest.raises(KeyError):
        collect(lambda: dict[str, str]()["missing"])


def test_rows_behind_a_broken_one_keep_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "drugs.csv"
    path.write_text("ndc,flag\n1,a,b\n2, c\n", "utf-8")
    (tmp_path / "drugs.csv.toml").write_text(SIDECAR.format(rows=5), "utf-8")

    collected = collect(lambda: read_csv(path, ("ndc", "flag")))

    assert [(refusal.line, refusal.place) for refusal in collected.refusals] == [(2, ""), (3, "flag"), (None, "")]
    assert len(collected.value or ()) == 2


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("name", 1),
        ("minimum.value", 2),
        ("part.drugs", 4),
        ("part.missing", 3),
        ("item[0].id", 6),
        ("item[1].id", 8),
        ("item[1].missing", 7),
        ("nothing", None),
    ],
)
def test_a_key_is_found_on_its_line(tmp_path: Path, keys: str, line: int | None) -> None:
    path = toml(
        tmp_path,
        'name = "x"\nminimum = { value = 3 }\n[part]\ndrugs = 8\n[[item]]\nid = "a"\n[[item]]  # second\nid = "b"\n',
    )

    assert toml_line(path, keys) == line


def test_a_long_list_of_choices_is_told_by_what_comes_near() -> None:
    choices = [f"class_{number}" for number in range(50)] + ["statin"]

    assert allowed("statins", choices) == "one that is known (near: statin)"
    assert allowed("b", ["a", "c"]) == "one of a, c"
