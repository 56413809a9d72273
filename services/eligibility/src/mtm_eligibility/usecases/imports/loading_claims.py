"""Medical claims into the database.

A claim's lines repeat what the claim says, so that rows, claims and diagnoses are three different counts, and each
reconciles. An update of a claim replaces all of its diagnoses and stays: the first line that an import brings of a
claim that was there before empties it, and its further lines fill it again.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mtm_eligibility.storage import claims as store
from mtm_eligibility.storage.members import birth_dates
from mtm_eligibility.usecases.imports.items import ClaimItem, ItemCounts
from mtm_eligibility.usecases.imports.loading import Load

Key = tuple[str, str]


@dataclass(slots=True)
class _Chunk:
    """What a chunk changes, for one setting, by claim."""

    claims: dict[Key, dict[str, Any]]
    codes: dict[Key, set[str]]
    emptied: set[Key] = field(default_factory=set)
    diagnoses: dict[Key, list[dict[str, Any]]] = field(default_factory=dict)
    stays: dict[Key, dict[date, dict[str, Any]]] = field(default_factory=dict)

    def empty(self, key: Key) -> None:
        """Forget everything of a claim, stored or not yet stored."""
        self.emptied.add(key)
        for part in (self.claims, self.codes, self.diagnoses, self.stays):
            part.pop(key, None)


async def load_claims(load: Load, items: Sequence[ClaimItem]) -> None:
    """Lines of claims of one setting, in the order of the file."""
    if not items:
        return
    setting = items[0].setting
    born = await birth_dates(load.session, {item.member_id for item in items})
    keys = {(item.member_id, item.claim_id) for item in items}
    stored = dict(await store.read_claims(load.session, keys, setting))
    chunk = _Chunk(
        {key: dict(row) for key, row in stored.items()}, await store.read_claim_codes(load.session, keys, setting)
    )
    for item in items:
        if item.member_id not in born:
            load.unknown_member(item.line)
            _reject_claim(load, item, "unknown_member")
        else:
            _take(load, chunk, item)
    await store.delete_claims(load.session, chunk.emptied & set(stored), setting)
    await store.write_claims(load.session, list(chunk.claims.values()))
    await store.write_diagnoses(load.session, [row for rows in chunk.diagnoses.values() for row in rows])
    await store.write_stays(load.session, [row for rows in chunk.stays.values() for row in rows.values()])


def _take(load: Load, chunk: _Chunk, item: ClaimItem) -> None:
    key = (item.member_id, item.claim_id)
    if item.deletes:
        load.counts.deleted += 1
        chunk.empty(key)
        return
    for reject in item.rejects:
        load.reject(reject)
    if item.codes_in and not item.codes and item.stay is None:
        first = item.rejects[0]
        load.reject_row(item.line, first.field, first.code, "no diagnosis of the row can be used")
        _reject_claim(load, item, first.code)
        return
    _count_used(load, chunk, item, key)
    if item.stay is not None:
        start, end = item.stay
        chunk.stays.setdefault(key, {})[start] = {
            "member_id": item.member_id,
            "kind": item.setting,
            "start_date": start,
            "claim_id": item.claim_id,
            "end_date": end,
        }


def _count_used(load: Load, chunk: _Chunk, item: ClaimItem, key: Key) -> None:
    known = chunk.claims.get(key)
    if known is None or known["import_id"] != load.import_id:
        _begin_claim(load, chunk, item, key)
    load.counts.last_rejected = None
    replaces = chunk.claims[key]["replaces"]
    load.counts.replaced += replaces
    load.counts.accepted += not replaces
    _, diagnoses = _parts(load)
    diagnoses.items_in += item.codes_in
    seen = chunk.codes.setdefault(key, set())
    for code in item.codes:
        diagnoses.used += code not in seen
        diagnoses.repeated += code in seen
        seen.add(code)
        chunk.diagnoses.setdefault(key, []).append(
            {
                "member_id": item.member_id,
                "claim_id": item.claim_id,
                "icd10": code,
                "service_date": item.service_date,
                "setting": item.setting,
            }
        )
    _count_rejected(diagnoses, item)


def _begin_claim(load: Load, chunk: _Chunk, item: ClaimItem, key: Key) -> None:
    """The first usable line of a claim in this import; what an earlier import said of the claim is forgotten."""
    claims, _ = _parts(load)
    replaces = key in chunk.claims
    if replaces:
        chunk.empty(key)
    chunk.claims[key] = {
        "member_id": item.member_id,
        "claim_id": item.claim_id,
        "setting": item.setting,
        "import_id": load.import_id,
        "replaces": replaces,
    }
    rejected = load.counts.last_rejected
    claims.used += 1
    if rejected is not None and rejected[:2] == list(key):
        # An earlier line of the claim could not be used, but this one can: the claim was counted before.
        claims.rejected_by_code[rejected[2]] -= 1
    else:
        claims.items_in += 1


def _reject_claim(load: Load, item: ClaimItem, code: str) -> None:
    """Count a line that was rejected: its claim once, and every diagnosis on it."""
    claims, diagnoses = _parts(load)
    key = [item.member_id, item.claim_id]
    last = load.counts.last_rejected
    if last is None or last[:2] != key:
        claims.items_in += 1
        claims.reject(code)
        load.counts.last_rejected = [*key, code]
    diagnoses.items_in += item.codes_in
    if code == "unknown_member":
        diagnoses.reject(code, item.codes_in)
    else:
        _count_rejected(diagnoses, item)


def _count_rejected(diagnoses: ItemCounts, item: ClaimItem) -> None:
    for reject in item.rejects:
        if "DGNS" in reject.field or reject.field.startswith("diagnosis["):
            diagnoses.reject(reject.code)


def _parts(load: Load) -> tuple[ItemCounts, ItemCounts]:
    counts = load.counts
    if counts.claims is None:
        counts.claims = ItemCounts()
    if counts.diagnoses is None:
        counts.diagnoses = ItemCounts()
    return counts.claims, counts.diagnoses
