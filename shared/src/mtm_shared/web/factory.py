"""The one factory for the three services: routes in, an application with the same manners out.

Problem documents for every failure, health, metrics, logs without member data, bearer tokens, a transaction for each
request, body limits, an OpenAPI document that names every status.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import httpx
from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy import Table
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from mtm_shared.clients.errors import Unavailable
from mtm_shared.fhir.outcome import FhirRefused, answer_refused
from mtm_shared.storage.audit import AuditTrail
from mtm_shared.storage.engine import Database
from mtm_shared.storage.outbox import Outbox
from mtm_shared.web.audit_routes import audit_router
from mtm_shared.web.auditing import Auditor
from mtm_shared.web.auth import Authenticator
from mtm_shared.web.database_errors import handle_database_error
from mtm_shared.web.documentation import describe
from mtm_shared.web.health import Readiness, health_router
from mtm_shared.web.observe import Observe
from mtm_shared.web.problems import ApiProblem, ProblemSpec, handle_problem, handler_for, problem_response
from mtm_shared.web.retention import keep_forgetting
from mtm_shared.web.settings import ServiceSettings
from mtm_shared.web.telemetry import Metrics
from mtm_shared.web.validation import handle_http, handle_invalid
from mtm_shared.web.webhooks import webhooks_router

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def utc_now() -> datetime:
    """The present moment; the default of `app.state.clock`."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What tests replace: the clock and the way to the identity provider."""

    clock: Callable[[], datetime] = utc_now
    monotonic: Callable[[], float] = time.monotonic
    jwks_transport: httpx.AsyncBaseTransport | None = None


@dataclass(frozen=True, slots=True)
class Documentation:
    """What the OpenAPI document says of the service besides its routes."""

    title: str = ""
    summary: str = ""
    description: str = ""
    tags: Sequence[Mapping[str, str]] = field(default=())


def create_service(
    name: str,
    *,
    settings: ServiceSettings,
    routers: Sequence[APIRouter],
    lifespan: Lifespan | None = None,
    problems: Mapping[type[Exception], ProblemSpec] | None = None,
    readiness: Readiness | None = None,
    idempotency: Table | None = None,
    trail: AuditTrail | None = None,
    outbox: Outbox | None = None,
    body_limits: Mapping[str, int] | None = None,
    documentation: Documentation | None = None,
    surroundings: Surroundings | None = None,
) -> FastAPI:
    """The service `name` (`eligibility`, `review`, `documents`).

    `body_limits` maps exact paths to their own limit in bytes. `app.state` holds `settings`, `database`, `clock`,
    `authenticator`, `metrics`, `idempotency`, `auditor` (with a `trail`) and `outbox`; a service's `lifespan` may add
    to it. With them come the routes of webhooks and of the audit trail.
    """
    released = _version(name)
    app = _application(name, released, documentation or Documentation(), lifespan)
    _furnish(app, name, settings, surroundings or Surroundings())
    app.state.idempotency = idempotency
    app.state.outbox = outbox
    app.state.auditor = None if trail is None else Auditor(trail, app.state.database, app.state.clock)
    shared = [*([] if outbox is None else [webhooks_router(name)]), *([] if trail is None else [audit_router(name)])]
    for router in (*routers, *shared, health_router(name, released, readiness)):
        app.include_router(router)
    _handle_errors(app, problems or {})
    app.add_middleware(
        Observe,
        metrics=app.state.metrics,
        max_body_bytes=settings.max_body_bytes,
        body_limits=body_limits or {},
        auditor=app.state.auditor,
    )
    _document(app)
    return app


def _application(name: str, released: str, about: Documentation, lifespan: Lifespan | None) -> FastAPI:
    return FastAPI(
        title=about.title or f"OpenMTM {name}",
        summary=about.summary or None,
        description=about.description,
        version=released,
        openapi_tags=[
            *map(dict, about.tags),
            {"name": "webhooks", "description": "Events for other systems, signed (Standard Webhooks)."},
            {"name": "audit", "description": "Who did and saw what, when."},
            {"name": "health", "description": "For the platform."},
        ],
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        lifespan=_lifespan(lifespan),
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
    )


def _furnish(app: FastAPI, name: str, settings: ServiceSettings, around: Surroundings) -> None:
    app.state.settings = settings
    app.state.database = Database.at(settings.database_url)
    app.state.clock = around.clock
    app.state.metrics = Metrics(name)
    app.state.authenticator = Authenticator(
        settings,
        transport=around.jwks_transport,
        clock=lambda: around.clock().timestamp(),
        monotonic=around.monotonic,
    )


def _version(name: str) -> str:
    try:
        return version(f"openmtm-{name}")
    except PackageNotFoundError:
        return "0.0.0"


def _lifespan(inner: Lifespan | None) -> Lifespan:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        forgetting = asyncio.create_task(keep_forgetting(app))
        try:
            if inner is None:
                yield
            else:
                async with inner(app):
                    yield
        finally:
            forgetting.cancel()
            await asyncio.wait({forgetting})
            await app.state.database.dispose()

    return lifespan


async def _handle_unavailable(_request: Any, error: Unavailable) -> Any:
    return problem_response(ApiProblem(503, headers={"Retry-After": str(error.retry_after)}))


def _handle_errors(app: FastAPI, problems: Mapping[type[Exception], ProblemSpec]) -> None:
    handlers: dict[type[Exception], Any] = {
        ApiProblem: handle_problem,
        RequestValidationError: handle_invalid,
        HTTPException: handle_http,
        SQLAlchemyError: handle_database_error,
        ConnectionError: handle_database_error,
        OverflowError: handle_database_error,
        Unavailable: _handle_unavailable,
        FhirRefused: answer_refused,
        **{kind: handler_for(spec) for kind, spec in problems.items()},
    }
    for kind, handler in handlers.items():
        app.add_exception_handler(kind, handler)


def _document(app: FastAPI) -> None:
    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = describe(app, [{"url": "/"}])
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]
