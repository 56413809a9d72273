"""Folders of knowledge files for tests: copies of what ships with a row changed, added or left out."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

from mtm_review.reference import KNOWLEDGE

Row = dict[str, str]
HEART_FAILURE = "nsaids_heart_failure"


def a_copy(folder: Path) -> Path:
    """A copy of the packaged knowledge at the path."""
    return Path(shutil.copytree(KNOWLEDGE, folder))


def rewrite(folder: Path, name: str, change: Callable[[list[Row]], list[Row]]) -> Path:
    """Write the file's rows as `change` gives them, and the sidecar's count with them."""
    path = folder / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    count = f"rows = {len(rows)}"
    columns = list(rows[0])
    rows = change(rows)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    sidecar = folder / f"{name}.toml"
    sidecar.write_text(sidecar.read_text(encoding="utf-8").replace(count, f"rows = {len(rows)}"), encoding="utf-8")
    return folder


def with_rule(folder: Path, rule_id: str, /, **changed: str) -> Path:
    """Fields of one rule of drugs and diseases changed."""
    return rewrite(
        folder,
        "drug_disease.csv",
        lambda rows: [row | changed if row["rule_id"] == rule_id else row for row in rows],
    )


def without_rule(folder: Path, rule_id: str) -> Path:
    """One rule of drugs and diseases left out."""
    return rewrite(folder, "drug_disease.csv", lambda rows: [row for row in rows if row["rule_id"] != rule_id])


def without_column(folder: Path, name: str, column: str) -> Path:
    """A file as it was before it gained the column."""
    path = folder / name
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        columns = [each for each in rows[0] if each != column]
        writer = csv.DictWriter(file, columns, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return folder
