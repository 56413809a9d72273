"""Liveness, readiness and metrics, without a token: they are asked by the platform and say nothing about members."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import APIRouter, Request
from pydantic import BaseModel
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.responses import Response

from mtm_shared.logs import describe_error
from mtm_shared.storage.engine import Database
from mtm_shared.web.problems import ApiProblem, problem_responses

Readiness = Callable[[], Awaitable[dict[str, Any]]]
_log = structlog.get_logger("mtm.health")


class Alive(BaseModel):
    """The process answers."""

    status: str = "alive"


class Ready(BaseModel):
    """The service can serve: its database answers and its reference data is loaded."""

    status: str = "ready"
    service: str
    version: str
    database: str
    schema_revision: str | None
    versions: dict[str, Any]


def health_router(name: str, version: str, readiness: Readiness | None) -> APIRouter:
    """`/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz", summary="Is the process alive?")
    async def healthz() -> Alive:
        return Alive()

    @router.get("/readyz", summary="Can it serve?", responses=problem_responses(503))
    async def readyz(request: Request) -> Ready:
        database: Database = request.app.state.database
        try:
            revision = await _revision(database)
            versions = await readiness() if readiness else {}
        except Exception as error:
            _log.warning("not_ready", **describe_error(error))
            raise ApiProblem(503, "not_ready", "The database or reference data is not ready.") from error
        return Ready(
            service=name,
            version=version,
            database=database.engine.dialect.name,
            schema_revision=revision,
            versions=versions,
        )

    @router.get(
        "/metrics",
        summary="Prometheus metrics",
        response_class=Response,
        responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    )
    async def metrics(request: Request) -> Response:
        return Response(request.app.state.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return router


async def _revision(database: Database) -> str | None:
    """The revision that the database was migrated to; None when nobody migrated it."""
    async with database.reading() as session:
        await session.execute(text("SELECT 1"))
        try:
            found = await session.execute(text("SELECT version_num FROM alembic_version"))
        except SQLAlchemyError:
            return None
        revision = found.scalar_one_or_none()
        return None if revision is None else str(revision)
