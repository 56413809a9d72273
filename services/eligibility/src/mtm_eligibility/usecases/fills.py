"""Fills of a member as they are told: originals, adjustments, deletions and resubmissions.

Every record is kept under its claim and adjustment code, and netted when it is read: the order in which records
arrive, and how often, does not matter (42 CFR 423.322 and the PDE adjustment and deletion codes). The counts say what
a record did: `accepted` the first of its claim, `replaced` another of a known claim, `deleted` a deletion.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from mtm_shared.contracts.member import Fill, RejectedItem, UpsertResult
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage import claims as store
from mtm_eligibility.storage.members import birth_dates
from mtm_eligibility.usecases.errors import UnknownMember


@dataclass(slots=True)
class Tally:
    """What became of items so far."""

    accepted: int = 0
    replaced: int = 0
    deleted: int = 0
    rejected: list[RejectedItem] = field(default_factory=list)

    def answer(self) -> UpsertResult:
        """As the wire says it."""
        return UpsertResult(
            accepted=self.accepted, replaced=self.replaced, deleted=self.deleted, rejected=self.rejected
        )


def fill_row(member_id: str, fill: Fill) -> dict[str, Any]:
    """A fill of the wire as a row."""
    return {
        "member_id": member_id,
        "claim_id": fill.claim_id,
        "adjustment": fill.adjustment,
        "ndc": fill.ndc,
        "rxcui": fill.rxcui,
        "drug_name": fill.drug_name,
        "fill_date": fill.fill_date,
        "days_supply": fill.days_supply,
        "quantity": fill.quantity,
        "total_cost": fill.cost,
        "coverage_status": fill.coverage_status,
        "prescriber_npi": fill.prescriber_npi,
        "pharmacy_npi": fill.pharmacy_npi,
        "patient_residence": fill.patient_residence,
        "import_id": None,
    }


def count_records(tally: Tally, rows: Iterable[dict[str, Any]], known: set[store.ClaimKey]) -> None:
    """Count what each record does, in order; `known` grows with what is seen."""
    for row in rows:
        key = (row["member_id"], row["claim_id"])
        if row["adjustment"] == "D":
            tally.deleted += 1
        elif key in known:
            tally.replaced += 1
        else:
            tally.accepted += 1
        known.add(key)


def before_birth(pointer: str, field_name: str, day: date, birth_date: date) -> RejectedItem | None:
    """Why a claim cannot be the member's, if it is older than the member."""
    if day >= birth_date:
        return None
    return RejectedItem(pointer=pointer, code="before_birth", message=f"{field_name} is before the member was born")


async def birth_date_of(session: AsyncSession, member_id: str) -> date:
    """The member's birth date, or `UnknownMember`."""
    found = await birth_dates(session, [member_id])
    if member_id not in found:
        raise UnknownMember
    day: date = found[member_id]
    return day


async def post_fills(session: AsyncSession, member_id: str, fills: Sequence[Fill]) -> UpsertResult:
    """Keep the records of one member, rejecting those that cannot be the member's."""
    born = await birth_date_of(session, member_id)
    tally, rows = Tally(), []
    for number, fill in enumerate(fills):
        reject = before_birth(f"/fills/{number}/fill_date", "fill_date", fill.fill_date, born)
        if reject is not None:
            tally.rejected.append(reject)
        else:
            rows.append(fill_row(member_id, fill))
    known = set(await store.known_fills(session, {(member_id, row["claim_id"]) for row in rows}))
    count_records(tally, rows, known)
    await store.write_fills(session, rows)
    return tally.answer()
