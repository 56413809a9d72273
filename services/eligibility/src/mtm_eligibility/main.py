"""The eligibility service, put together: the one place that knows everything."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from mtm_shared.vocabulary import load_vocabulary
from mtm_shared.web import Documentation, Surroundings, create_service

from mtm_eligibility.api import (
    clocks,
    contacts,
    determinations,
    enrollments,
    fhir,
    identity,
    imports,
    members,
    outreach,
    population,
    programs,
)
from mtm_eligibility.api.errors import PROBLEMS
from mtm_eligibility.settings import IMPORT_LIMIT, EligibilitySettings
from mtm_eligibility.storage import tables
from mtm_eligibility.usecases.lexicon import Lexicon
from mtm_eligibility.usecases.runtime import Runtime

ROUTERS = (
    programs.router,
    determinations.router,
    members.router,
    contacts.router,
    enrollments.router,
    outreach.router,
    identity.router,
    clocks.router,
    population.router,
    imports.router,
    fhir.router,
)
ABOUT = Documentation(
    title="OpenMTM eligibility",
    summary="Who must be offered Medication Therapy Management, and why.",
    description=(
        "Members with coverage and claims, the programmes that decide, determinations with reasons, enrolment by "
        "opt-out only (42 CFR 423.153(d)), and imports of claims."
    ),
    tags=[
        {"name": "programs", "description": "Programme definitions as cited data."},
        {"name": "determinations", "description": "Decisions with reasons."},
        {"name": "members", "description": "Members, coverage and claims."},
        {"name": "enrollments", "description": "Enrolment by opt-out only."},
        {"name": "outreach", "description": "Attempts to reach members, and whom to contact next."},
        {"name": "identity", "description": "Call-back PINs, and who is calling."},
        {"name": "contacts", "description": "How members want to be contacted, and who speaks for them."},
        {"name": "runs", "description": "Runs over every member."},
        {"name": "fhir", "description": "Members and claims as FHIR R4 resources."},
        {"name": "imports", "description": "Files of members and claims, worked off with counts that reconcile."},
    ],
)


def create_app(settings: EligibilitySettings, surroundings: Surroundings | None = None) -> FastAPI:
    """The application; the vocabulary and the programmes are loaded when it starts."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.runtime = Runtime.load(Lexicon(load_vocabulary(settings.vocabulary_path)))
        yield

    async def readiness() -> dict[str, Any]:
        runtime: Runtime = app.state.runtime
        book = runtime.lexicon.vocabulary
        return {
            "vocabulary": book.version,
            "vocabulary_sha256": book.sha256,
            "programs": dict(runtime.fingerprints),
        }

    app = create_service(
        "eligibility",
        settings=settings,
        routers=ROUTERS,
        lifespan=lifespan,
        problems=PROBLEMS,
        readiness=readiness,
        idempotency=tables.idempotency,
        trail=tables.audit_trail,
        outbox=tables.outbox,
        body_limits={"/v1/imports": IMPORT_LIMIT},
        documentation=ABOUT,
        surroundings=surroundings,
    )
    return app
