"""The sample through the real import of the eligibility service: what is rejected is what was planted, and no more."""

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from deciding import Service

from deploy.local.sample.run import Order, write_sample

MEMBERS = 200
MANY_BAD_ROWS = 0.02


def a_sample(folder: Path, form: str, bad_rows: float = MANY_BAD_ROWS) -> dict[str, Any]:
    folder.mkdir()
    order = Order(folder, MEMBERS, seed=7, form=form, bad_rows=bad_rows)
    return write_sample(order, progress=False)


async def brought(service: Service, folder: Path, manifest: dict[str, Any]) -> tuple[Counter[str], Counter[str]]:
    """Codes of rejected rows, and of rejected fields of rows that were taken, over all files."""
    rows: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    for file in manifest["files"]:
        if file["format"] in ("truth", "reported"):
            continue
        status = await service.bring(file["format"], (folder / file["name"]).read_bytes())
        assert status["state"] == "done", (file["name"], status["failure"])
        counts = status["counts"]
        assert counts["rows_in"] == sum(counts[name] for name in ("accepted", "replaced", "deleted", "rejected"))
        rows.update(counts["rejected_by_code"])
        fields.update(counts["fields_rejected_by_code"])
    return rows, fields


def planted(folder: Path) -> tuple[Counter[str], Counter[str]]:
    """The codes that the truth foretells, of rows and of fields."""
    rows: Counter[str] = Counter()
    fields: Counter[str] = Counter()
    for truth in folder.glob("truth-*.csv"):
        for row in csv.DictReader(truth.read_text(encoding="utf-8").splitlines()):
            kind, _, code = row["expected"].rpartition(":")
            if row["kind"] == "bad_row" and kind != "accepted":
                (fields if kind == "field" else rows)[code] += 1
    return rows, fields


@pytest.mark.parametrize("form", ["ndjson", "csv", "rif"])
async def test_rejected_rows_are_the_planted_ones_exactly(service: Service, tmp_path: Path, form: str) -> None:
    manifest = a_sample(tmp_path / "sample", form)
    rows, fields = await brought(service, tmp_path / "sample", manifest)
    expected_rows, expected_fields = planted(tmp_path / "sample")
    assert rows == expected_rows
    if form != "rif":  # there a row is rejected for its one field, which is counted beside it
        assert fields == expected_fields
    assert len(rows) >= 3


@pytest.mark.parametrize("form", ["ndjson", "csv", "rif"])
async def test_nothing_is_rejected_where_nothing_was_planted(service: Service, tmp_path: Path, form: str) -> None:
    manifest = a_sample(tmp_path / "sample", form, bad_rows=0.0)
    assert await brought(service, tmp_path / "sample", manifest) == (Counter(), Counter())
