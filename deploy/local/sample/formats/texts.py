"""NDJSON and CSV as our own imports read them, with the truth and the reported medications beside.

CSV has no columns for drug management, stays and prescribers: members who have the first two go into `records` (NDJSON)
without their claims, which stand in the CSV files like everybody's.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from deploy.local.sample.formats.lines import Lines, Written
from deploy.local.sample.formats.spoilt import bad_record, bad_row, expected
from deploy.local.sample.formats.truth import COLUMNS, truth_line, truth_of
from deploy.local.sample.formats.wire import (
    DIAGNOSIS_COLUMNS,
    FILL_COLUMNS,
    MEMBER_COLUMNS,
    diagnosis_row,
    fill_row,
    member_row,
    records_of,
)
from deploy.local.sample.knowledge import words
from deploy.local.sample.member import Member
from deploy.local.sample.mistakes import Mistake
from deploy.local.sample.people import pharmacies, prescribers

# As `mtm-review import` reads them; review_id holds the member until reviews are open (`reported_for_reviews`).
REPORTED_COLUMNS = (
    "review_id", "name", "ndc", "rxcui", "source", "status", "directions", "reason", "prescriber", "as_needed", "notes",
)  # fmt: skip


class Sink(Protocol):
    """Where the members of a shard go."""

    def add(self, member: Member) -> None:
        """Write a member."""

    def close(self) -> list[Written]:
        """The files that are whole."""

    def abandon(self) -> None:
        """Let go of the files."""


class Beside:
    """Truth and reported medications of a shard, as CSV."""

    def __init__(self, folder: Path, shard: str) -> None:
        self.truth = Lines(folder / f"truth{shard}.csv", "truth", ",".join(COLUMNS))
        self.reported = Lines(folder / f"reported{shard}.csv", "reported", ",".join(REPORTED_COLUMNS))
        self.files = (self.reported, self.truth)

    def add(self, member: Member, expected_of: Callable[[Mistake], str]) -> None:
        """What was planted in a member, and what the member tells."""
        for row in truth_of(member, expected_of):
            self.truth.add(truth_line(row))
        language = member.person.language
        for told in member.told:
            directions, reason = words()[told.directions][language], words()["home"][language]
            needed = "yes" if told.as_needed else "no"
            who = member.person.member_id
            name = f'"{told.name}"' if "," in told.name else told.name
            self.reported.add(f"{who},{name},,,{told.kind},{told.status},{directions},{reason},,{needed},\n")


class NdjsonSink:
    """Everything of a member on a line, or on one line for each span of coverage."""

    def __init__(self, folder: Path, shard: str, seed: int, beside: Beside | None = None) -> None:
        self._seed = seed
        self._members = Lines(folder / f"members{shard}.ndjson", "ndjson")
        self._beside = beside or Beside(folder, shard)
        self._all = (self._members, *(() if beside else self._beside.files))

    def add(self, member: Member) -> None:
        """Write a member, and the mistakes behind it."""
        records = records_of(member, self._seed)
        self._members.add("".join(records), len(records))
        for mistake in member.mistakes:
            if expected(mistake, "ndjson"):
                self._members.add(bad_record(member, mistake, self._seed))
        self._beside.add(member, lambda mistake: expected(mistake, "ndjson"))

    def close(self) -> list[Written]:
        """The files in the order of import."""
        return closed(*self._all)

    def abandon(self) -> None:
        """Let go of the files."""
        for lines in self._all:
            lines.abandon()


class CsvSink:
    """One file each for members, fills and diagnoses."""

    def __init__(self, folder: Path, shard: str, seed: int, beside: Beside | None = None) -> None:
        self._seed = seed
        self._records = Lines(folder / f"records{shard}.ndjson", "ndjson")
        self._members = Lines(folder / f"members{shard}.csv", "csv-members", ",".join(MEMBER_COLUMNS))
        self._fills = Lines(folder / f"fills{shard}.csv", "csv-fills", ",".join(FILL_COLUMNS))
        self._diagnoses = Lines(folder / f"diagnoses{shard}.csv", "csv-diagnoses", ",".join(DIAGNOSIS_COLUMNS))
        self._beside = beside or Beside(folder, shard)
        claims = (self._records, self._members, self._fills, self._diagnoses)
        self._all = (*claims, *(() if beside else self._beside.files))

    def add(self, member: Member) -> None:
        """Write a member, and the mistakes behind it."""
        someone, doctors, shops = member.person, prescribers(self._seed), pharmacies(self._seed)
        member_id, residence = someone.member_id, someone.residence
        if member.stays or member.limited is not None:
            records = records_of(member, self._seed, claims=False)
            self._records.add("".join(records), len(records))
        else:
            for span in member.spans:
                self._members.add(member_row(member, span))
        fills = [
            fill_row(member_id, fill, residence, doctors[fill.prescriber].npi, shops[fill.pharmacy])
            for fill in member.fills
        ]
        self._fills.add("".join(fills), len(fills))
        self._diagnoses.add("".join([diagnosis_row(member_id, row) for row in member.diagnoses]), len(member.diagnoses))
        for mistake in member.mistakes:
            self._add_mistake(member, mistake)
        self._beside.add(member, lambda mistake: expected(mistake, "csv"))

    def _add_mistake(self, member: Member, mistake: Mistake) -> None:
        into = {"fills": self._fills, "diagnoses": self._diagnoses, "members": self._members}[mistake.table]
        into.add(bad_row(member, mistake, self._seed))

    def close(self) -> list[Written]:
        """The files in the order of import."""
        return closed(*self._all)

    def abandon(self) -> None:
        """Let go of the files."""
        for lines in self._all:
            lines.abandon()


def closed(*files: Lines) -> list[Written]:
    """Close the files; those without rows are gone."""
    return [written for lines in files if (written := lines.close()) is not None]
