"""Forecasts of the burden of alerts without and with a sponsor's policy, worked off by the worker."""

from typing import Annotated

from fastapi import Path, Request, Response
from mtm_shared.contracts.policies import AlertBurden, ForecastCounts, PolicyForecast
from mtm_shared.storage.session import Transaction
from mtm_shared.web.idempotency import IdempotencyKey, idempotent
from mtm_shared.web.problems import problem_responses
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import Known, Now, Reader, Writer
from mtm_review.api.examples import PolicyForecastBody
from mtm_review.api.shapes import made_by_answer
from mtm_review.storage.forecasts import DONE, WAITING, Forecast, ForecastRepository
from mtm_review.usecases.forecast import ForecastOrder, order_forecast

router = Router(prefix="/v1", tags=["policies"])
ForecastId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._:+-]{1,64}$", examples=["fc_019ab0c2d3e44f5a6b7c8d9e0f1a2b3c"])]


@router.post(
    "/policy-forecasts",
    status_code=202,
    response_model=PolicyForecast,
    responses=problem_responses(409),
    summary="Forecast the burden of alerts without and with a policy",
)
async def create_policy_forecast(
    request: Request,
    body: PolicyForecastBody,
    session: Transaction,
    known: Known,
    now: Now,
    writer: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """Keeps the order and leaves it to the worker."""
    order = ForecastOrder(
        as_of=body.as_of,
        program_id=body.program_id,
        member_ids=tuple(body.member_ids),
        policy=body.policy,
        screens=tuple(body.screens),
        author=writer.subject,
    )

    async def create() -> PolicyForecast:
        return await _answer(ForecastRepository(session), await order_forecast(session, order, known, now))

    return await idempotent(
        request,
        session,
        body,
        create,
        status=202,
        headers=lambda made: {"Location": f"/v1/policy-forecasts/{made.forecast_id}"},
    )


@router.get("/policy-forecasts/{forecast_id}", responses=problem_responses(404), summary="Read a forecast")
async def read_policy_forecast(forecast_id: ForecastId, session: Transaction, _: Reader) -> PolicyForecast:
    """State and progress, and the counts once they are all there."""
    kept = ForecastRepository(session)
    return await _answer(kept, await kept.get(forecast_id))


async def _answer(kept: ForecastRepository, forecast: Forecast) -> PolicyForecast:
    counted = await kept.counts(forecast.forecast_id)
    members, waiting = sum(counted.values()), counted.get(WAITING, 0)
    burden, made = forecast.burden, forecast.made_by
    return PolicyForecast.model_validate(
        {
            "forecast_id": forecast.forecast_id,
            "as_of": forecast.as_of,
            "program_id": forecast.program_id,
            "policy_id": forecast.policy_id,
            "screens": list(forecast.screens),
            "state": forecast.state,
            "progress": (members - waiting) / members if members else float(forecast.state == DONE),
            "counts": ForecastCounts(
                members=members,
                done=members - waiting,
                waiting=waiting,
                without_review=max(forecast.asked - members, 0) if forecast.asked is not None else 0,
            ),
            "burden": None if burden is None else AlertBurden.model_validate(burden, from_attributes=True),
            "made_by": None if made is None else made_by_answer(made),
            "created_at": forecast.created_at,
            "finished_at": forecast.finished_at,
        }
    )
