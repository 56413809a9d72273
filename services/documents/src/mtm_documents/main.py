"""The documents service, composed: settings in, application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from mtm_shared.clients.connect import eligibility_client, review_client
from mtm_shared.web import Documentation, Surroundings, create_service

from mtm_documents.api import documents, fhir, owed, print_runs
from mtm_documents.api.errors import PROBLEMS
from mtm_documents.forms.registry import FORMS
from mtm_documents.rendering.render import template_fingerprint
from mtm_documents.settings import DocumentsSettings
from mtm_documents.storage import tables

_ABOUT = Documentation(
    title="OpenMTM documents",
    summary="Letters and written summaries of Medication Therapy Management.",
    description="Documents as tagged PDF and HTML, in English and Spanish, from what eligibility and review hold.",
    tags=[
        {"name": "documents", "description": "Rendered documents and their exact bytes."},
        {"name": "print-runs", "description": "Many documents, made by the worker."},
        {"name": "fhir", "description": "Documents as FHIR R4 resources."},
    ],
)


def create_app(
    settings: DocumentsSettings,
    *,
    eligibility: httpx.AsyncBaseTransport | None = None,
    reviews: httpx.AsyncBaseTransport | None = None,
    surroundings: Surroundings | None = None,
) -> FastAPI:
    """The application; tests give transports that lead straight to the other services' applications."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with (
            eligibility_client(settings, transport=eligibility) as app.state.eligibility,
            review_client(settings, transport=reviews) as app.state.reviews,
        ):
            yield

    async def readiness() -> dict[str, str]:
        return {f"template:{kind}": template_fingerprint(kind) for kind in FORMS}

    return create_service(
        "documents",
        settings=settings,
        routers=[documents.router, print_runs.router, owed.router, fhir.router],
        lifespan=lifespan,
        problems=PROBLEMS,
        readiness=readiness,
        idempotency=tables.idempotency_keys,
        trail=tables.audit_trail,
        outbox=tables.outbox,
        documentation=_ABOUT,
        surroundings=surroundings,
    )
