"""Spans of coverage: what was told last holds for the days that it is about.

A member is in one Part D plan at a time (42 CFR 423.30), so a new span cuts away what older spans said of the same
days, and a span that goes on from another without a change of plan becomes one with it. Beneficiary files of several
years can then be read one after the other, and read again.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from mtm_eligibility.storage.bulk import Row

_DAY = timedelta(days=1)
_PLAN = ("contract_id", "pbp_id", "plan_type", "low_income")


def with_span(spans: Sequence[Row], told: Row) -> list[Row]:
    """The member's coverage after one span was told; a span with the same first day is a correction of it."""
    others = [span for span in spans if span["effective_from"] != told["effective_from"]]
    kept = [*_without(others, told["effective_from"], told["effective_to"]), told]
    return sorted(kept, key=lambda span: span["effective_from"])


def with_period(spans: Sequence[Row], told: Iterable[Row], first: date, last: date) -> list[Row]:
    """The member's coverage after everything from `first` to `last` was told anew."""
    return _joined([*_without(spans, first, last), *told])


def _without(spans: Iterable[Row], first: date, last: date | None) -> list[Row]:
    kept: list[Row] = []
    for span in spans:
        start, end = span["effective_from"], span["effective_to"]
        if (last is not None and start > last) or (end is not None and end < first):
            kept.append(span)
            continue
        if start < first:
            kept.append({**span, "effective_to": first - _DAY})
        if last is not None and (end is None or end > last):
            kept.append({**span, "effective_from": last + _DAY})
    return kept


def _joined(spans: Iterable[Row]) -> list[Row]:
    joined: list[Row] = []
    for span in sorted(spans, key=lambda row: row["effective_from"]):
        before = joined[-1] if joined else None
        if before is not None and _goes_on(before, span):
            joined[-1] = {**before, "effective_to": span["effective_to"]}
        else:
            joined.append(span)
    return joined


def _goes_on(before: Row, span: Row) -> bool:
    end = before["effective_to"]
    return (
        end is not None
        and end + _DAY == span["effective_from"]
        and all(before[column] == span[column] for column in _PLAN)
    )
