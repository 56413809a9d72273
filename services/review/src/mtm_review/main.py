"""Puts the review service together: the one place that knows everything.

The vocabulary, the clinical knowledge and the words for members are loaded before the first request, so that a fault
in a reference file stops the service and not a review.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI
from mtm_shared.clients.connect import eligibility_client
from mtm_shared.vocabulary import load_vocabulary
from mtm_shared.web.factory import Documentation, Surroundings, create_service

from mtm_review.api import (
    appointments,
    cds_hooks,
    explaining,
    fhir,
    knowledge,
    policies,
    preparing,
    recommendations,
    replays,
    review_runs,
    review_work,
    reviews,
    screenings,
    year,
)
from mtm_review.api.errors import PROBLEMS, answer_unavailable
from mtm_review.clients.eligibility import EligibilityProfiles
from mtm_review.clients.population import EligibilityPopulation
from mtm_review.domain.policies import Policies
from mtm_review.domain.readable import readable_rules
from mtm_review.reference import KNOWLEDGE
from mtm_review.reference.consultation_rules import load_consultation_rules
from mtm_review.reference.policy_tables import Ground, load_policies
from mtm_review.reference.recommending import load_recommending
from mtm_review.reference.shelf import Shelf, running_knowledge
from mtm_review.reference.todo_wording import load_todo_wording
from mtm_review.settings import ReviewSettings
from mtm_review.storage.tables import audit_trail, idempotency, outbox
from mtm_review.usecases.policies import policy_versions
from mtm_review.usecases.ports import Expertise, ProfilesUnavailable

ABOUT = Documentation(
    title="OpenMTM review",
    summary="Medication reviews: screenings, findings, decisions and clinical knowledge.",
    tags=[
        {"name": "screenings", "description": "Screen a list of medications without storing anything."},
        {"name": "reviews", "description": "Comprehensive and targeted medication reviews."},
        {"name": "recommendations", "description": "What was recommended, and what came of it."},
        {"name": "review-runs", "description": "Reviews for many members."},
        {"name": "appointments", "description": "When consultations are held, and with whom."},
        {"name": "programme", "description": "What is owed to enrolled members by when, and what was done for them."},
        {"name": "policies", "description": "What sponsors' policies would hide, and the burden of alerts with them."},
        {"name": "replays", "description": "What another version of the knowledge finds, and why a rule is silent."},
        {"name": "knowledge", "description": "What the screens know, with sources."},
        {"name": "fhir", "description": "Screenings and reviews as FHIR R4 resources."},
        {"name": "cds-hooks", "description": "Cards for electronic health records (CDS Hooks)."},
    ],
)
ROUTERS = (
    screenings.router,
    reviews.router,
    review_work.router,
    year.router,
    recommendations.router,
    review_runs.router,
    policies.router,
    replays.router,
    explaining.router,
    knowledge.router,
    fhir.router,
    cds_hooks.router,
    appointments.router,
    preparing.router,
)


@cache
def _expertise(vocabulary_path: Path | None, knowledge_path: Path, policies_path: Path | None) -> Expertise:
    vocabulary = load_vocabulary(vocabulary_path)
    return Expertise(
        vocabulary=vocabulary,
        knowledge=running_knowledge(knowledge_path, vocabulary),
        wording=load_todo_wording(),
        service_version=version("openmtm-review"),
        policies=_policies(vocabulary_path, knowledge_path, policies_path),
    )


@cache
def _policies(vocabulary_path: Path | None, knowledge_path: Path, policies_path: Path | None) -> Policies:
    if policies_path is None:
        return Policies()
    vocabulary = load_vocabulary(vocabulary_path)
    return load_policies(policies_path, Ground.of(running_knowledge(knowledge_path, vocabulary), vocabulary))


def load_policies_of(settings: ReviewSettings) -> Policies:
    """The sponsors' policies; raises when one of them is faulty."""
    return _policies(settings.vocabulary_path, settings.knowledge_path or KNOWLEDGE, settings.policies_path)


def load_expertise(settings: ReviewSettings) -> Expertise:
    """Everything that a screening knows; raises when a reference file is faulty."""
    return _expertise(settings.vocabulary_path, settings.knowledge_path or KNOWLEDGE, settings.policies_path)


def load_shelf(settings: ReviewSettings) -> Shelf:
    """Today's knowledge and every archived version."""
    vocabulary = load_vocabulary(settings.vocabulary_path)
    return Shelf.of(load_expertise(settings).knowledge, vocabulary, settings.knowledge_archive)


def _versions(settings: ReviewSettings, expertise: Expertise) -> dict[str, Any]:
    return {
        "vocabulary": expertise.vocabulary.version,
        "vocabulary_sha256": load_vocabulary(settings.vocabulary_path).sha256,
        "knowledge": expertise.knowledge.version,
        "rules_fingerprint": expertise.knowledge.fingerprint,
    }


def create_app(
    settings: ReviewSettings,
    *,
    surroundings: Surroundings | None = None,
    eligibility: httpx.AsyncBaseTransport | None = None,
) -> FastAPI:
    """The application. `eligibility` replaces the way to the eligibility service in tests."""
    expertise = load_expertise(settings)
    load_recommending()

    async def versions() -> dict[str, Any]:
        return _versions(settings, expertise) | {
            "policies": policy_versions(expertise.policies, app.state.clock().date())
        }

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with eligibility_client(settings, transport=eligibility) as client:
            app.state.profiles = EligibilityProfiles(client)
            app.state.population = EligibilityPopulation(client)
            yield

    app = create_service(
        "review",
        settings=settings,
        routers=ROUTERS,
        lifespan=lifespan,
        problems=PROBLEMS,
        readiness=versions,
        idempotency=idempotency,
        trail=audit_trail,
        outbox=outbox,
        documentation=ABOUT,
        surroundings=surroundings,
    )
    app.add_exception_handler(ProfilesUnavailable, answer_unavailable)  # type: ignore[arg-type]
    app.state.expertise, app.state.versions = expertise, load_shelf(settings)
    app.state.consultation_rules = load_consultation_rules()
    app.state.rules = readable_rules(expertise.knowledge)
    return app
