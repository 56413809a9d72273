"""Where a service gets the bearer token that it shows to another one.

In production: OAuth 2 client credentials (RFC 6749, 4.4), kept until shortly before they expire. In development: the
fixed key.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol

import httpx
import structlog

from mtm_shared.clients.errors import Unavailable

_EARLY_SECONDS: Final = 30.0
_SHORTEST_LIFE: Final = 10.0
_log = structlog.get_logger("mtm.clients")


class TokenProvider(Protocol):
    """Gives bearer tokens."""

    async def token(self) -> str:
        """A token that is good now; `Unavailable` when none can be had."""
        ...

    def forget(self) -> None:
        """The last token was not accepted: get another one."""
        ...


class FixedToken:
    """The development key."""

    def __init__(self, key: str) -> None:
        self._key = key

    async def token(self) -> str:
        """The key."""
        return self._key

    def forget(self) -> None:
        """There is only the one."""


class ClientCredentials:
    """Tokens for this service's own client id; the secret is read when needed, so that it can be rotated."""

    def __init__(
        self,
        token_url: str,
        client_id: str,
        secret_file: Path,
        scopes: Sequence[str],
        *,
        monotonic: Callable[[], float],
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        self._token_url = token_url
        self._client_id = client_id
        self._secret_file = secret_file
        self._scopes = " ".join(scopes)
        self._monotonic = monotonic
        self._transport = transport
        self._lock = asyncio.Lock()
        self._token = ""
        self._good_until = 0.0

    async def token(self) -> str:
        """The token at hand, or a new one; callers at the same time share one request."""
        if self._monotonic() < self._good_until:
            return self._token
        async with self._lock:
            if self._monotonic() >= self._good_until:
                await self._fetch()
            return self._token

    def forget(self) -> None:
        """Fetch anew next time."""
        self._good_until = 0.0

    async def _fetch(self) -> None:
        started = self._monotonic()
        try:
            secret = (await asyncio.to_thread(self._secret_file.read_text, "utf-8")).strip()
            async with httpx.AsyncClient(transport=self._transport, timeout=5.0) as client:
                answer = await client.post(
                    self._token_url,
                    data={"grant_type": "client_credentials", "scope": self._scopes},
                    auth=(self._client_id, secret),
                )
            answer.raise_for_status()
            granted = answer.json()
            self._token = str(granted["access_token"])
            life = float(granted.get("expires_in", 60))
        except (httpx.HTTPError, OSError, ValueError, KeyError, TypeError) as error:
            _log.error("token_not_granted", error=type(error).__name__)
            raise Unavailable from None
        self._good_until = started + max(life - _EARLY_SECONDS, _SHORTEST_LIFE)
