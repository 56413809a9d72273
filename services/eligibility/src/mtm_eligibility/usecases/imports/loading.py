"""Items into the database, a chunk at a time, in the order of the file, with every row counted once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage import claims as claim_store
from mtm_eligibility.storage import members as member_store
from mtm_eligibility.storage import tables
from mtm_eligibility.usecases.coverage import with_period, with_span
from mtm_eligibility.usecases.imports.items import Counts, CoverageItem, DiagnosisItem, FillItem, MemberItem, Reject


@dataclass(slots=True)
class Load:
    """A chunk being loaded."""

    session: AsyncSession
    import_id: str
    counts: Counts
    rejects: list[Reject] = field(default_factory=list)

    def reject(self, reject: Reject) -> None:
        """Keep and count a reject."""
        self.rejects.append(reject)
        self.counts.reject(reject)

    def reject_row(self, line: int, field_name: str, code: str, message: str) -> None:
        """Reject a whole row."""
        self.reject(Reject(line, "row", field_name, code, message))

    def unknown_member(self, line: int) -> None:
        """Reject a claim of a member that was not imported."""
        self.reject_row(line, "member_id", "unknown_member", "the member is not known; import members first")

    def before_birth(self, line: int, field_name: str) -> None:
        """Reject a claim that is older than its member."""
        self.reject_row(line, field_name, "before_birth", f"{field_name} is before the member was born")


async def load_members(load: Load, items: Sequence[MemberItem]) -> None:
    """Members with their coverage; a deleted member goes with all claims, unless there is an enrolment to keep."""
    ids = {item.row["member_id"] for item in items}
    known = set(await member_store.birth_dates(load.session, ids))
    coverage = await member_store.read_coverage(load.session, ids)
    rows: dict[str, dict[str, Any]] = {}
    gone: dict[str, int] = {}
    for item in items:
        member_id = item.row["member_id"]
        for reject in item.rejects:
            load.reject(reject)
        if item.deletes:
            gone[member_id] = item.line
            rows.pop(member_id, None)
            continue
        if gone.pop(member_id, None) is not None:
            load.counts.deleted += 1
            coverage[member_id] = []
        load.counts.replaced += member_id in known
        load.counts.accepted += member_id not in known
        known.add(member_id)
        rows[member_id] = item.row
        coverage[member_id] = _coverage_after(coverage[member_id], item)
    await _delete_members(load, gone)
    await member_store.write_members(load.session, list(rows.values()))
    await member_store.replace_coverage(load.session, {member_id: coverage[member_id] for member_id in rows})


async def load_coverage(load: Load, items: Sequence[CoverageItem]) -> None:
    """Spans of members who are known; what was told last holds for its days."""
    ids = {item.row["member_id"] for item in items}
    known = set(await member_store.birth_dates(load.session, ids))
    coverage = await member_store.read_coverage(load.session, ids)
    for item in items:
        member_id = item.row["member_id"]
        if member_id not in known:
            load.unknown_member(item.line)
            continue
        starts = {span["effective_from"] for span in coverage[member_id]}
        load.counts.replaced += item.row["effective_from"] in starts
        load.counts.accepted += item.row["effective_from"] not in starts
        coverage[member_id] = with_span(coverage[member_id], item.row)
    await member_store.replace_coverage(load.session, {member_id: coverage[member_id] for member_id in ids & known})


def _coverage_after(spans: Sequence[Any], item: MemberItem) -> list[Any]:
    if item.first is not None and item.last is not None:
        return with_period(spans, item.spans, item.first, item.last)
    after = list(spans)
    for span in item.spans:
        after = with_span(after, span)
    return after


async def _delete_members(load: Load, gone: dict[str, int]) -> None:
    if not gone:
        return
    kept = await member_store.members_to_keep(load.session, gone)
    for member_id in kept:
        load.reject_row(
            gone[member_id], "member_id", "member_kept", "has a determination or an enrolment, which must be kept"
        )
    load.counts.deleted += len(gone) - len(kept)
    await member_store.delete_members(load.session, set(gone) - kept)


async def load_fills(load: Load, items: Sequence[FillItem]) -> None:
    """Drug events. A final event replaces every record of its claim; others are kept beside each other and netted."""
    born = await member_store.birth_dates(load.session, {item.row["member_id"] for item in items})
    keys = {_key(item.row) for item in items}
    stored = await claim_store.known_fills(load.session, keys)
    known = {key: set(codes) for key, codes in stored.items()}
    rows: dict[tuple[str, str], dict[str, dict[str, Any]]] = {}
    for item in items:
        key = _key(item.row)
        if key[0] not in born:
            load.unknown_member(item.line)
            continue
        # Files of other systems stand as they are; our own mean what a request means.
        if not item.final and item.row["fill_date"] < born[key[0]]:
            load.before_birth(item.line, "fill_date")
            continue
        if item.deletes or item.row["adjustment"] == "D":
            load.counts.deleted += 1
        else:
            load.counts.replaced += key in known
            load.counts.accepted += key not in known
        records = rows.setdefault(key, {})
        if item.final:
            records.clear()
        if item.deletes:
            known.pop(key, None)
        else:
            known.setdefault(key, set()).add(item.row["adjustment"])
            records[item.row["adjustment"]] = {**item.row, "import_id": load.import_id}
    final = {_key(item.row) for item in items if item.final}
    stale = [key for key in final if key in rows and stored.get(key, set()) - set(rows[key])]
    await claim_store.delete_fills(load.session, stale)
    await claim_store.write_fills(load.session, [row for records in rows.values() for row in records.values()])


def _key(row: dict[str, Any]) -> tuple[str, str]:
    return row["member_id"], row["claim_id"]


async def load_diagnoses(load: Load, items: Sequence[DiagnosisItem]) -> None:
    """Single diagnoses by their key."""
    ids = {item.row["member_id"] for item in items}
    born = await member_store.birth_dates(load.session, ids)
    known = await claim_store.known_keys(load.session, tables.diagnoses, ids)
    columns = [column.name for column in tables.diagnoses.primary_key.columns]
    rows: list[dict[str, Any]] = []
    for item in items:
        if item.row["member_id"] not in born:
            load.unknown_member(item.line)
            continue
        if item.row["service_date"] < born[item.row["member_id"]]:
            load.before_birth(item.line, "service_date")
            continue
        key = tuple(item.row[name] for name in columns)
        load.counts.replaced += key in known
        load.counts.accepted += key not in known
        known.add(key)
        rows.append(item.row)
    await claim_store.write_diagnoses(load.session, rows)
