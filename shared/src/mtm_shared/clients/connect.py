"""Makes the clients that a service needs from its settings."""

import time
from typing import Final

import httpx

from mtm_shared.clients.eligibility import EligibilityClient
from mtm_shared.clients.review import ReviewClient
from mtm_shared.clients.tokens import ClientCredentials, FixedToken, TokenProvider
from mtm_shared.web.settings import ServiceSettings

# What each service may ask of the others: they only read.
_SCOPES: Final = {"review": ("eligibility.read",), "documents": ("eligibility.read", "review.read")}


def token_provider(settings: ServiceSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> TokenProvider:
    """Client credentials where they are configured, else the development key."""
    if settings.token_url and settings.client_id and settings.client_secret_file:
        return ClientCredentials(
            settings.token_url,
            settings.client_id,
            settings.client_secret_file,
            _SCOPES.get(settings.service, ()),
            monotonic=time.monotonic,
            transport=transport,
        )
    return FixedToken(settings.development_key)


def eligibility_client(
    settings: ServiceSettings, *, transport: httpx.AsyncBaseTransport | None = None
) -> EligibilityClient:
    """The client for `settings.eligibility_url`; tests give a transport."""
    return EligibilityClient(settings.eligibility_url, token_provider(settings), transport=transport)


def review_client(settings: ServiceSettings, *, transport: httpx.AsyncBaseTransport | None = None) -> ReviewClient:
    """The client for `settings.review_url`; tests give a transport."""
    return ReviewClient(settings.review_url, token_provider(settings), transport=transport)
