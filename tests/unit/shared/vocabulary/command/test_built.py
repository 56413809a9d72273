"""The command with a built vocabulary: titles, prices and assertions of the official files, and a broken seal."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from mtm_shared.vocabulary.building.indexes import indexes_of
from mtm_shared.vocabulary.built import write_built
from mtm_shared.vocabulary.dictionary import load_tables
from mtm_shared.vocabulary.official.records import Assertion, DiagnosisCode, Price
from mtm_shared.vocabulary.tables import OfficialTables

if TYPE_CHECKING:
    from pathlib import Path

    from ..conftest import SmallDictionary  # noqa: TID252 - the fixture of the folder above
    from .conftest import Run

NDC = "00071015723"


@pytest.fixture
def built(small: SmallDictionary) -> Path:
    """The small dictionary with official content, as one file."""
    official = OfficialTables(
        codes={
            "E78": DiagnosisCode("E78", "Disorders of lipoprotein metabolism and other lipidemias", False),
            "E785": DiagnosisCode("E785", "Hyperlipidemia, unspecified", True),
        },
        assertions={"83367": (Assertion("83367", "may_treat", "MED-RT", "N0000000890", "Hyperlipidemias"),)},
        prices={NDC: Price(NDC, Decimal("0.04512"), "EA", date(2026, 10, 21), date(2026, 11, 18), False)},
    )
    tables = replace(load_tables(small.folder), official=official)
    path = small.folder / "built.mtmv"
    write_built(tables, indexes_of(tables.drugs, tables.drugs, {}, {}), path)
    return path


def test_a_price_and_its_day_are_told(run: Run, built: Path) -> None:
    _, text = run("show", NDC, "--vocabulary", built)

    assert "  price         00071-0157-23 $0.04512 per EA (NADAC as of 2026-11-18)\n" in text


def test_assertions_of_medrt_are_told(run: Run, built: Path) -> None:
    assert (
        "  may treat     Hyperlipidemias (MED-RT N0000000890)\n"
        in run("show", "atorvastatin", "--vocabulary", built)[1]
    )


def test_a_code_has_its_title_and_standing(run: Run, built: Path) -> None:
    assert run("explain", "E78.5", "--vocabulary", built)[1].startswith(
        "E78.5  Hyperlipidemia, unspecified\n  ICD-10-CM     a code that may stand on a claim\n"
    )


def test_a_code_that_is_in_no_list_says_so_and_what_it_stands_below(run: Run, built: Path) -> None:
    code, text = run("explain", "E78.59", "--vocabulary", built)

    flat = " ".join(text.split())
    assert "not in the list that was built in: mistyped, or newer or older than that" in flat
    assert "below E78.5 Hyperlipidemia, unspecified" in flat
    assert code == 0


@pytest.mark.usefixtures("no_services")
def test_a_sound_file_passes_the_check(run: Run, built: Path) -> None:
    assert run("check", "--vocabulary", built)[0] == 0


@pytest.mark.usefixtures("no_services")
def test_a_changed_file_does_not(run: Run, built: Path) -> None:
    content = bytearray(built.read_bytes())
    content[-1] ^= 1
    built.chmod(0o644)
    built.write_bytes(content)

    code, text = run("check", "--vocabulary", built)

    assert "The vocabulary does not load" in text
    assert code == 1
