"""Writes the plan of the demonstration: NDJSON member records for some, CSV files for the rest.

Imports read both, so the demonstration uses both; what was planted stands in a folder beside, which is not imported.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deploy.local.sample.formats.texts import Beside, CsvSink, NdjsonSink, closed
from deploy.local.sample.formats.wire import coverage_shape, member_shape
from deploy.local.sample.member import Member, make_member


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file and the import format that it is in."""

    format: str
    path: Path


@dataclass(frozen=True, slots=True)
class WrittenPlan:
    """What was written: the files in the order in which they are to be imported, and each member's language.

    `from_tables` holds the members that went into CSV files, which have no columns for prescribers' names.
    """

    files: tuple[ImportFile, ...]
    languages: dict[str, str]
    from_tables: dict[str, dict[str, Any]]
    fills: int
    diagnoses: int


def write_plan(folder: Path, *, count: int, seed: int, beside: Path) -> WrittenPlan:
    """Write the plan into a folder, which is made if need be; truth and reported medications into `beside`."""
    for one in (folder, beside):
        one.mkdir(parents=True, exist_ok=True)
    planted = Beside(beside, "")
    records, tables = NdjsonSink(folder, "", seed, planted), CsvSink(folder, "", seed, planted)
    languages: dict[str, str] = {}
    from_tables: dict[str, dict[str, Any]] = {}
    fills = diagnoses = 0
    for number in range(1, count + 1):
        member = make_member(seed, number)
        member_id = member.person.member_id
        languages[member_id] = member.person.language
        fills += len(member.fills)
        diagnoses += len(member.diagnoses)
        if _as_record(member):
            records.add(member)
        else:
            tables.add(member)
            last = coverage_shape(member, member.spans[-1])
            from_tables[member_id] = {"member": member_shape(member, seed), "coverage": last}
    done = [*records.close(), *tables.close()]
    closed(*planted.files)
    files = tuple(ImportFile(one.format, folder / one.name) for one in done)
    return WrittenPlan(files, languages, from_tables, fills, diagnoses)


def _as_record(member: Member) -> bool:
    # Drug management and stays have no CSV format; otherwise every second member goes each way.
    return member.limited is not None or bool(member.stays) or member.number % 2 == 0
