"""Who is calling and what they may do: OAuth 2 bearer tokens (RFC 6750, RFC 9068), verified against published keys.

Signature, issuer, audience, expiry and not-before are checked; the algorithm follows from the key, never from the
token. Verified tokens are remembered by hash until they expire, because checking a signature costs a third of a small
request. One fixed development key is accepted where `ServiceSettings.accepts_development_key` says so.
"""

import hashlib
import hmac
import math
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, cast

import httpx
import jwt
from fastapi import Request
from fastapi.openapi.models import HTTPBearer as HTTPBearerModel
from fastapi.security.base import SecurityBase

from mtm_shared.web.keys import KeySet, UnknownKey
from mtm_shared.web.problems import ApiProblem
from mtm_shared.web.settings import ServiceSettings

_LEEWAY_SECONDS: Final = 30
_LONGEST_TOKEN: Final = 16_384
_REMEMBERED: Final = 4096
# RFC 6750, 3.1: no error code when the request held no token at all.
_INVALID: Final = 'error="invalid_token"'
_SERVICES: Final = ("eligibility", "review", "documents")
SCOPES: Final = {
    f"{service}.{kind}": f"{kind} what the {service} service holds"
    for service in _SERVICES
    for kind in ("read", "write")
} | {f"{service}.audit": f"read who did and saw what in the {service} service" for service in _SERVICES}


@dataclass(frozen=True, slots=True)
class Principal:
    """The caller and the scopes that were granted."""

    subject: str
    scopes: frozenset[str]


class Refusal(Exception):
    """The token is not accepted; `reason` is safe to say."""

    def __init__(self, reason: str, *, without_token: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.without_token = without_token


class Authenticator:
    """Turns an Authorization header into a `Principal`."""

    def __init__(
        self,
        settings: ServiceSettings,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._issuer = settings.issuer
        self._audience = settings.audience
        key = settings.development_key if settings.accepts_development_key else ""
        self._development_key = hashlib.sha256(key.encode()).digest() if key else None
        self._keys: KeySet | None = None
        if settings.jwks_url and settings.issuer and settings.audience:
            self._keys = KeySet(settings.jwks_url, monotonic=monotonic, transport=transport)
        self._clock = clock
        self._known: OrderedDict[bytes, tuple[Principal, float]] = OrderedDict()
        self._generation = 0

    async def authenticate(self, header: str | None) -> Principal:
        """The principal of a bearer token, or `Refusal`."""
        if header is None:
            raise Refusal("no access token was sent", without_token=True)
        scheme, _, token = header.partition(" ")
        token = token.strip()
        if scheme.lower() != "bearer" or not token:
            raise Refusal("the Authorization header does not hold a bearer token")
        if len(token) > _LONGEST_TOKEN:
            raise Refusal("the access token is too long")
        digest = hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
        self._forget_withdrawn()
        known = self._known.get(digest)
        if known is not None and self._clock() < known[1]:
            return known[0]
        # Both sides are hashes of equal length, so that time tells nothing of the key.
        if self._development_key is not None and hmac.compare_digest(digest, self._development_key):
            return DEVELOPER
        principal, expires = await self._verify(token)
        self._remember(digest, principal, expires)
        return principal

    def _forget_withdrawn(self) -> None:
        """When a key was withdrawn, replaced or added, what was signed has to be looked at again."""
        if self._keys is not None and self._generation != self._keys.generation:
            self._known.clear()
            self._generation = self._keys.generation

    def _remember(self, digest: bytes, principal: Principal, expires: float) -> None:
        self._forget_withdrawn()
        self._known[digest] = (principal, expires)
        self._known.move_to_end(digest)
        while len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)

    async def _verify(self, token: str) -> tuple[Principal, float]:
        if self._keys is None:
            raise Refusal("the access token is not valid")
        try:
            key_id = jwt.get_unverified_header(token).get("kid")
            key = await self._keys.key(key_id if isinstance(key_id, str) else None)
            claims = jwt.decode(
                token,
                key,
                algorithms=[key.algorithm_name],
                issuer=self._issuer,
                audience=self._audience,
                # Times are checked below against this service's own clock.
                options={
                    "require": ["exp", "iss", "aud"],
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                },
            )
        except (jwt.PyJWTError, UnknownKey, ValueError, TypeError) as error:
            raise Refusal("the access token is not valid") from error
        expires = _check_times(claims, self._clock())
        return Principal(_subject(claims), _scopes(claims)), expires


DEVELOPER: Final = Principal("development", frozenset(SCOPES))


def _check_times(claims: dict[str, Any], now: float) -> float:
    """When the token expires; refused when that is past, or its first moment is still to come (RFC 7519, 4.1)."""
    moments: list[float] = []
    for name, default in (("exp", None), ("nbf", now)):
        value = claims.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise Refusal("the access token is not valid")
        moments.append(float(value))
    expires, starts = moments
    if now >= expires + _LEEWAY_SECONDS:
        raise Refusal("the access token has expired")
    if now < starts - _LEEWAY_SECONDS:
        raise Refusal("the access token is not valid yet")
    return expires


def _subject(claims: dict[str, Any]) -> str:
    for name in ("sub", "client_id", "azp"):
        value = claims.get(name)
        if isinstance(value, str) and value:
            return value[:200]
    raise Refusal("the access token names no subject")


def _scopes(claims: dict[str, Any]) -> frozenset[str]:
    for name in ("scope", "scp"):
        value = claims.get(name)
        if isinstance(value, str):
            return frozenset(value.split())
        if isinstance(value, list):
            return frozenset(item for item in value if isinstance(item, str))
    return frozenset()


class RequireScope(SecurityBase):
    """A dependency that lets a caller through who holds one scope."""

    def __init__(self, scope: str) -> None:
        if scope not in SCOPES:
            raise ValueError(f"unknown scope {scope}")
        self.scope = scope
        self.model = HTTPBearerModel(
            bearerFormat="JWT", description="OAuth 2 access token; scopes: " + ", ".join(sorted(SCOPES)) + "."
        )
        # One name for each scope, so that the OpenAPI document can tell them apart (see `documentation`).
        self.scheme_name = scope

    async def __call__(self, request: Request) -> Principal:
        """The caller, found once for a request: the strict route asks before it reads the body."""
        found: Principal | None = request.scope.get("mtm.principal")
        if found is None:
            found = await self._caller(request)
            request.scope["mtm.principal"] = found
            request.scope["mtm.subject"] = found.subject
        if self.scope not in found.scopes:
            challenge = f'Bearer realm="openmtm", error="insufficient_scope", scope="{self.scope}"'
            raise ApiProblem(
                403,
                "insufficient_scope",
                f"The access token lacks the scope {self.scope}.",
                headers={"WWW-Authenticate": challenge},
            )
        return found

    async def _caller(self, request: Request) -> Principal:
        authenticator: Authenticator = request.app.state.authenticator
        try:
            return await authenticator.authenticate(_authorization(request))
        except Refusal as refusal:
            challenge = 'Bearer realm="openmtm"' if refusal.without_token else f'Bearer realm="openmtm", {_INVALID}'
            raise ApiProblem(
                401,
                "unauthorized",
                f"Not authorized: {refusal.reason}.",
                headers={"WWW-Authenticate": f'{challenge}, scope="{self.scope}"'},
            ) from refusal


def _authorization(request: Request) -> str | None:
    for name, value in request.scope["headers"]:
        if name == b"authorization":
            return cast(bytes, value).decode("latin-1")
    return None


def require(scope: str) -> Callable[[Request], Awaitable[Principal]]:
    """`Depends(require("review.read"))`: the caller as a `Principal`, or 401 or 403."""
    return RequireScope(scope)
