"""The identity provider's public keys, fetched once and refreshed when a token names a key that is not known.

Refreshing has a minimum interval, so that invented key ids cannot make this service hammer the provider, and known
keys keep working while the provider is away.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx
import jwt
import structlog

from mtm_shared.clients.errors import Unavailable

# One algorithm for each kind of key: a token never chooses how it is verified.
ALGORITHMS: Final[Mapping[str, str]] = {"RSA": "RS256", "EC": "ES256"}
_SMALLEST_RSA_BITS: Final = 2048


class UnknownKey(Exception):
    """No published key has this id."""


class KeySet:
    """Keys by id, from a JWKS address."""

    def __init__(
        self,
        url: str,
        *,
        monotonic: Callable[[], float],
        transport: httpx.AsyncBaseTransport | None = None,
        minimum_interval: float = 30.0,
        maximum_age: float = 3600.0,
    ) -> None:
        self._url = url
        self._monotonic = monotonic
        self._transport = transport
        self._minimum_interval = minimum_interval
        self._maximum_age = maximum_age
        self._keys: dict[str, jwt.PyJWK] = {}
        self._tried_at: float | None = None
        self._lock = asyncio.Lock()
        self._refreshing: asyncio.Task[None] | None = None
        self.generation = 0

    async def key(self, key_id: str | None) -> jwt.PyJWK:
        """The key with this id; a token without one is fine while there is only one key."""
        found = self._find(key_id)
        if found is None:
            await self._refresh_once()
            found = self._find(key_id)
        elif self._tried_at is not None and self._monotonic() - self._tried_at > self._maximum_age:
            self._refresh_behind()
        if found is not None:
            return found
        if not self._keys:
            raise Unavailable(int(self._minimum_interval))
        raise UnknownKey

    def _find(self, key_id: str | None) -> jwt.PyJWK | None:
        if key_id is None:
            return next(iter(self._keys.values())) if len(self._keys) == 1 else None
        return self._keys.get(key_id)

    def _refresh_behind(self) -> None:
        """Fetch again without making anyone wait: the keys at hand are still good."""
        if self._refreshing is None or self._refreshing.done():
            self._refreshing = asyncio.create_task(self._refresh_once())

    async def _refresh_once(self) -> None:
        async with self._lock:
            now = self._monotonic()
            if self._tried_at is not None and now - self._tried_at < self._minimum_interval:
                return
            self._tried_at = now
            try:
                async with httpx.AsyncClient(transport=self._transport, timeout=5.0) as client:
                    answer = await client.get(self._url)
                    answer.raise_for_status()
                    keys = _usable(answer.json())
            except (httpx.HTTPError, ValueError) as error:
                structlog.get_logger("mtm.auth").warning("keys_not_fetched", error=type(error).__name__)
                return
            # A provider may put another key under an old id.
            if _material(keys) != _material(self._keys):
                self.generation += 1
            self._keys = keys


def _material(keys: Mapping[str, jwt.PyJWK]) -> dict[str, Any]:
    return {key_id: key.key for key_id, key in keys.items()}


def _usable(document: Any) -> dict[str, jwt.PyJWK]:
    """The signing keys of the two kinds that are accepted; symmetric and encryption keys are left out."""
    keys: dict[str, jwt.PyJWK] = {}
    published = document.get("keys") if isinstance(document, dict) else None
    for entry in published if isinstance(published, list) else ():
        if not isinstance(entry, dict) or entry.get("use", "sig") != "sig":
            continue
        algorithm = ALGORITHMS.get(str(entry.get("kty")))
        if algorithm is None or entry.get("alg", algorithm) != algorithm:
            continue
        try:
            key = jwt.PyJWK(entry, algorithm=algorithm)
        except (jwt.PyJWTError, ValueError, KeyError):
            continue
        if _strong(entry, key):
            keys[str(entry.get("kid", ""))] = key
    return keys


def _strong(entry: dict[str, Any], key: jwt.PyJWK) -> bool:
    if entry["kty"] == "EC":
        return entry.get("crv") == "P-256"
    return int(getattr(key.key, "key_size", 0)) >= _SMALLEST_RSA_BITS
