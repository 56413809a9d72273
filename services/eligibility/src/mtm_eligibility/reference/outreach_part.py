"""Reads the `[outreach]` table of a programme file: how members are reached, and what guards a call back."""

from collections.abc import Collection
from datetime import time
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from mtm_shared.reference import Reader

from mtm_eligibility.domain.cited import Cited
from mtm_eligibility.domain.outreach import REACHING, Channel, Result
from mtm_eligibility.domain.outreach_plan import WEEKDAYS, OutreachPlan
from mtm_eligibility.reference.sources import Sources

_NO_STEP = frozenset({Channel.VOICEMAIL, Channel.IN_PERSON})
_COUNTABLE = frozenset(Result) - REACHING


def read_outreach(reader: Reader, sources: Sources) -> OutreachPlan:
    """The plan, complete: every code known, steps among the channels, hours that begin before they end."""
    plan = OutreachPlan(
        attempts=_count(reader, "attempts", sources),
        days_between=_count(reader, "days_between", sources),
        channels=_codes(reader, "channels", sources, Channel),
        steps=_steps(reader, "steps", sources),
        counted_results=_codes(reader, "counted_results", sources, _COUNTABLE),
        offering_results=_codes(reader, "offering_results", sources, Result),
        call_days=_codes(reader, "call_days", sources, WEEKDAYS),
        call_from=_time(reader, "call_from", sources),
        call_until=_time(reader, "call_until", sources),
        time_zone=_zone(reader, "time_zone", sources),
        pin_valid_days=_count(reader, "pin_valid_days", sources),
        max_failures=_count(reader, "max_failures", sources),
        locked_minutes=_count(reader, "locked_minutes", sources),
        attempts_per_hour=_count(reader, "attempts_per_hour", sources),
        caller_failures_per_hour=_count(reader, "caller_failures_per_hour", sources),
    )
    if reader.sound:
        _check(reader, plan)
    return plan


def _check(reader: Reader, plan: OutreachPlan) -> None:
    steps = set(plan.steps.value)
    if not steps <= set(plan.channels.value):
        reader.refuse("steps", list(plan.steps.value), "must be among the channels")
    if Channel.MAIL not in plan.channels.value:
        # The last way to a member who can be reached by nothing else.
        reader.refuse("channels", list(plan.channels.value), "must have mail among them")
    if plan.call_from.value >= plan.call_until.value:
        reader.refuse("call_until", str(plan.call_until.value), "must be after call_from")


def _count(reader: Reader, key: str, sources: Sources) -> Cited[int]:
    return sources.cited(reader, key, lambda table: table.integer("value", minimum=1, maximum=10_000))


def _codes(
    reader: Reader, key: str, sources: Sources, known: "type[StrEnum] | Collection[str]"
) -> Cited[tuple[str, ...]]:
    codes = [str(code) for code in known]

    def read(table: Reader) -> tuple[str, ...]:
        given = table.texts("value")
        if not given or not set(codes).issuperset(given):
            table.refuse("value", list(given), f"must be one or more of {', '.join(sorted(codes))}")
        return given

    return sources.cited(reader, key, read)


def _steps(reader: Reader, key: str, sources: Sources) -> Cited[tuple[str, ...]]:
    steps = [channel for channel in Channel if channel not in _NO_STEP]
    return _codes(reader, key, sources, steps)


def _time(reader: Reader, key: str, sources: Sources) -> Cited[time]:
    def read(table: Reader) -> time:
        text = table.text("value")
        try:
            return time.fromisoformat(text)
        except ValueError:
            table.refuse("value", text, "must be a time of day such as 08:00")
            return time(0)

    return sources.cited(reader, key, read)


def _zone(reader: Reader, key: str, sources: Sources) -> Cited[str]:
    def read(table: Reader) -> str:
        name = table.text("value")
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            table.refuse("value", name, "must be a time zone such as America/Chicago")
            return "UTC"

    return sources.cited(reader, key, read)
