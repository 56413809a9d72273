"""Bring the records of each prescription to its final action before anything is counted.

A drug event may be followed by an adjustment (`A`, replaces it), a deletion (`D`, removes it) or a resubmission
(`R`, stands after a deletion); all carry the claim key of the original. The final action is decided by the kinds of
record under a key and never by the order in which they arrived, so that the same claims always give the same
answer. Every record that is not used comes back with a code (ARCHITECTURE.md, law 6). Not modelled: the order of two
adjustments of one key that disagree; one is taken by a fixed rule and the others are named as conflicting.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from mtm_eligibility.domain.determination import NotCounted
from mtm_eligibility.domain.facts import Adjustment, Fill

_DECIDES = (Adjustment.RESUBMITTED, Adjustment.DELETED, Adjustment.ADJUSTED, Adjustment.ORIGINAL)


def net_fills(fills: Sequence[Fill]) -> tuple[tuple[Fill, ...], tuple[NotCounted, ...]]:
    """The fills that stand, and every record that does not with the reason; together they are the records given."""
    keys = {fill.claim_id for fill in fills if fill.adjustment is not Adjustment.DELETED and fill.claim_id}
    if len(keys) == len(fills):  # nearly always: every claim once, none deleted
        return tuple(fills), ()
    by_key: dict[str, list[Fill]] = {}
    unkeyed = 0
    for fill in fills:
        key = fill.claim_id
        if not key:  # without a key nothing can be netted against it
            unkeyed += 1
            key = f"\0{unkeyed}"
        group = by_key.get(key)
        if group is None:
            by_key[key] = [fill]
        else:
            group.append(fill)
    used: list[Fill] = []
    not_counted: list[NotCounted] = []
    for group in by_key.values():
        if len(group) == 1 and group[0].adjustment is not Adjustment.DELETED:
            used.append(group[0])
        else:
            _final_action(group, used, not_counted)
    return tuple(used), tuple(not_counted)


def _final_action(group: list[Fill], used: list[Fill], not_counted: list[NotCounted]) -> None:
    kinds = {fill.adjustment for fill in group}
    deciding = next(kind for kind in _DECIDES if kind in kinds)
    candidates = [fill for fill in group if fill.adjustment is deciding]
    superseded = [fill for fill in group if fill.adjustment is not deciding]
    if deciding is Adjustment.DELETED:
        detail = "deletes its claim" if superseded else "deletes a claim that was not given"
        code = "deletion" if superseded else "deletion_without_claim"
        not_counted.extend(_not_counted(fill, code, detail) for fill in candidates)
        not_counted.extend(_not_counted(fill, "deleted", "was deleted") for fill in superseded)
        return
    candidates.sort(key=_fixed_order)
    standing = candidates.pop()
    used.append(standing)
    for fill in candidates:
        same = fill == standing
        code = "duplicate_claim" if same else "conflicting_claim"
        detail = "was given twice" if same else "has another record of the same kind that differs from it"
        not_counted.append(_not_counted(fill, code, detail))
    for fill in superseded:
        kind = "deletion" if fill.adjustment is Adjustment.DELETED else "replaced"
        detail = "was followed by a resubmission" if kind == "deletion" else "was replaced by a later record"
        not_counted.append(_not_counted(fill, kind, detail))


def _not_counted(fill: Fill, code: str, detail: str) -> NotCounted:
    return NotCounted(
        "fill", fill.claim_id, code, f"Record of {fill.fill_date} for {fill.given} {detail}; it is not counted."
    )


def _fixed_order(fill: Fill) -> tuple[date, Decimal, int, Decimal, str, str]:
    """A total order on what a fill counts for, so that a conflict is settled the same way whatever the order."""
    return (
        fill.fill_date, fill.cost, fill.days_supply, fill.quantity, fill.given, fill.coverage_status.value
    )  # fmt: skip
