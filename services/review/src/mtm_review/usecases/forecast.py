"""Forecasts the burden of alerts: stored reviews screened again without a policy and with it, by today's knowledge.

Each review is screened as of its own day, because its supply says nothing of a later one; the policy is asked as of
the forecast's day, so that one which begins next year can be judged before it does. Stopped at any point and started
again, a forecast counts every member once. Nothing about a member is in its result.
"""

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from mtm_shared.contracts.policies import PolicyIn
from mtm_shared.storage.jobs import JobQueue
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.burden import Burden, MemberSeen, alert_burden, member_seen
from mtm_review.domain.finding import Screen
from mtm_review.domain.policed import Asked
from mtm_review.domain.policy import Policy
from mtm_review.domain.screening import ScreeningOptions, screen_situation
from mtm_review.domain.situation import situation_of
from mtm_review.storage.forecasts import Forecast, ForecastRepository, Waiting
from mtm_review.storage.tables import jobs
from mtm_review.usecases.listing import as_screened, understood_again
from mtm_review.usecases.opening import check_as_of, new_id
from mtm_review.usecases.policies import Payer, document_of, policy_of_member, policy_of_request
from mtm_review.usecases.ports import Clock, Expertise
from mtm_review.usecases.screening import made_by
from mtm_review.usecases.understanding import patient_understood_again

JOB_KIND = "policy_forecast"
BATCH = 50
MAX_ATTEMPTS = 20
_READ_AT_ONCE = 1000
_POINTER = "/policy"

Begin = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a transaction of its own."""


@dataclass(frozen=True, slots=True)
class ForecastOrder:
    """What to forecast; `policy` is an id, a document, or None for that of each member's payer."""

    as_of: date
    program_id: str | None
    member_ids: tuple[str, ...]
    policy: str | PolicyIn | None
    screens: tuple[str, ...]
    author: str


async def order_forecast(session: AsyncSession, order: ForecastOrder, expertise: Expertise, now: datetime) -> Forecast:
    """Keeps the forecast with its population and puts its job in the queue, in one transaction."""
    check_as_of(order.as_of, now)
    sent = order.policy if isinstance(order.policy, PolicyIn) else None
    named = order.policy if isinstance(order.policy, str) else None
    policy = _policy(named if sent is None else document_of(sent), expertise)
    forecast = Forecast(
        forecast_id=new_id("fc", now),
        as_of=order.as_of,
        program_id=order.program_id,
        policy_id=policy.policy_id if policy is not None else None,
        policy=None if sent is None else sent.model_dump(mode="json", by_alias=True, exclude_unset=True),
        screens=order.screens,
        author=order.author,
        state="queued",
        asked=len(order.member_ids) or None,
        created_at=now,
    )
    await ForecastRepository(session).add(forecast, order.member_ids)
    await JobQueue(jobs).enqueue(
        session,
        JOB_KIND,
        {"forecast_id": forecast.forecast_id},
        now=now,
        key=forecast.forecast_id,
        max_attempts=MAX_ATTEMPTS,
    )
    return forecast


def _policy(given: str | Mapping[str, Any] | None, expertise: Expertise) -> Policy | None:
    return None if given is None else policy_of_request(given, expertise, _POINTER)


async def work_off_forecast(
    forecast_id: str, begin: Begin, expertise: Expertise, clock: Clock, checkpoint: Callable[[], Awaitable[None]]
) -> None:
    """Screens every waiting member; `checkpoint` may raise to leave between two batches."""
    async with begin() as session:
        forecast = await ForecastRepository(session).get(forecast_id)
        await ForecastRepository(session).advance(forecast_id, "running")
    sent = None if forecast.policy is None else document_of(PolicyIn.model_validate(forecast.policy))
    policy = _policy(sent or forecast.policy_id, expertise)
    while True:
        await checkpoint()
        async with begin() as session:
            waiting = await ForecastRepository(session).waiting(forecast_id, BATCH)
        if not waiting:
            break
        # Screened between two transactions: a database lock must not wait for it.
        seen = {one.position: _seen(one, forecast, policy, expertise) for one in waiting}
        async with begin() as session:
            await ForecastRepository(session).note(forecast_id, seen)
    await _finish(forecast, policy, begin, expertise, clock)


async def fail_forecast(forecast_id: str, begin: Begin, now: datetime) -> None:
    """Says that a forecast will not go on: its last attempt failed."""
    async with begin() as session:
        await ForecastRepository(session).advance(forecast_id, "failed", now)


def _seen(member: Waiting, forecast: Forecast, policy: Policy | None, expertise: Expertise) -> MemberSeen:
    """One member without the policy and with it; the situation is worked out once for both."""
    patient = patient_understood_again(member.patient, expertise.vocabulary)
    medications = [as_screened(understood_again(line, expertise.vocabulary)) for line in member.medications]
    situation = situation_of(patient, medications, member.as_of, expertise.knowledge)
    if policy is not None:
        asked: Asked | None = Asked(forecast.as_of, policy)
    else:
        asked = policy_of_member(expertise, Payer(member.program_id, member.contract_id), forecast.as_of)
    options = ScreeningOptions(screens=frozenset(Screen(name) for name in forecast.screens))
    without = screen_situation(situation, medications, options)
    return member_seen(without, screen_situation(situation, medications, replace(options, policy=asked)))


async def _finish(forecast: Forecast, policy: Policy | None, begin: Begin, expertise: Expertise, clock: Clock) -> None:
    burden, after = Burden(), 0
    while True:
        async with begin() as session:
            found = await ForecastRepository(session).seen(forecast.forecast_id, after, _READ_AT_ONCE)
        if not found:
            break
        for _, seen in found:
            burden.add(seen)
        after = found[-1][0]
    made = made_by(expertise, forecast.as_of, forecast.program_id, policy.name if policy is not None else None)
    async with begin() as session:
        await ForecastRepository(session).finish(forecast.forecast_id, alert_burden(burden), made, clock())
