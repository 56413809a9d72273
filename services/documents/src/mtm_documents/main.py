"""The documents service, composed: settings in, application out."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
from fastapi import FastAPI
from mtm_shared.clients.connect import eligibility_client, review_client
from mtm_shared.web import Documentation, Surroundings, create_service

from mtm_documents.api import (
    blank_list,
    cmr_completion,
    cms_reports,
    documents,
    fhir,
    owed,
    print_runs,
    take_back_sites,
)
from mtm_documents.api.errors import PROBLEMS
from mtm_documents.forms.registry import FORMS
from mtm_documents.reference.cms import load_cms_rules
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
        {"name": "cms-reports", "description": "The yearly beneficiary-level file to CMS, with the edits run on it."},
        {"name": "cmr-completion", "description": "The rate of completed comprehensive medication reviews."},
        {"name": "take-back-sites", "description": "Where unused medicines can be handed in: the sponsor's own table."},
        {"name": "fhir", "description": "Documents as FHIR R4 resources."},
    ],
)
_ROUTES = (documents, blank_list, print_runs, owed, cms_reports, cmr_completion, take_back_sites, fhir)


def create_app(
    settings: DocumentsSettings,
    *,
    eligibility: httpx.AsyncBaseTransport | None = None,
    reviews: httpx.AsyncBaseTransport | None = None,
    surroundings: Surroundings | None = None,
) -> FastAPI:
    """The application; tests give transports that lead straight to the other services' applications."""

    cms_rules = load_cms_rules(settings.cms_rules)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        app.state.cms_rules = cms_rules
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
        routers=[each.router for each in _ROUTES],
        lifespan=lifespan,
        problems=PROBLEMS,
        readiness=readiness,
        idempotency=tables.idempotency_keys,
        trail=tables.audit_trail,
        outbox=tables.outbox,
        documentation=_ABOUT,
        surroundings=surroundings,
    )
