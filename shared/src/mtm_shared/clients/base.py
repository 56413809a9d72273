"""The one module that constructs HTTP clients for calls between services.

Timeouts on everything; reads are tried again on connection errors and 502, 503, 504, writes never, because nobody can
tell whether they were done; a circuit breaker; three kinds of failure (`NotFound`, `Refused`, `Unavailable`). The
request id travels along. Environment proxies are ignored: services talk inside one network.
"""

import ssl
import time
from collections.abc import AsyncIterator, Callable, Mapping
from datetime import date
from types import TracebackType
from typing import Any, Final, Self, TypeVar
from urllib.parse import quote

import httpx
import stamina
import structlog
from pydantic import BaseModel, ValidationError

from mtm_shared.clients.breaker import CircuitBreaker
from mtm_shared.clients.errors import NotAllowed, NotFound, Refused, ServiceError, Unavailable
from mtm_shared.clients.tokens import TokenProvider
from mtm_shared.contracts.problem import Problem
from mtm_shared.logs import request_id

_PASSING: Final = frozenset({502, 503, 504})
_NOT_ALLOWED: Final = frozenset({401, 403})
_PAGE: Final = 500
_log = structlog.get_logger("mtm.clients")
_Model = TypeVar("_Model", bound=BaseModel)
Query = Mapping[str, str | int | date | None]


class _Passing(Exception):
    """A failure that may be gone in a moment."""

    def __init__(self, retry_after: int = 5) -> None:
        super().__init__("passing")
        self.retry_after = retry_after


class ServiceClient:
    """Calls one service; made once, closed at the end."""

    def __init__(
        self,
        base_url: str,
        token_provider: TokenProvider,
        *,
        timeout: float = 10.0,
        attempts: int = 3,
        transport: httpx.AsyncBaseTransport | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self._tokens = token_provider
        self._attempts = attempts
        self._breaker = breaker or CircuitBreaker(monotonic)
        self._http = httpx.AsyncClient(
            base_url=base_url,
            timeout=httpx.Timeout(timeout, connect=min(timeout, 2.0)),
            limits=httpx.Limits(max_connections=50, max_keepalive_connections=20),
            transport=transport,
            verify=ssl.create_default_context() if base_url.startswith("https") else False,
            trust_env=False,
            headers={"Accept": "application/json"},
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close all connections."""
        await self._http.aclose()

    async def get(self, path: str, answer: type[_Model], query: Query | None = None) -> _Model:
        """Read something; tried again while the failure may be passing."""
        return _read(await self._again("GET", path, query=query), answer)

    async def ask(self, path: str, body: BaseModel, answer: type[_Model]) -> _Model:
        """Read something whose question is a body; changes nothing there, so it is tried again as `get` is."""
        return _read(await self._again("POST", path, content=_content(body)), answer)

    async def post(
        self, path: str, body: BaseModel, answer: type[_Model], *, idempotency_key: str | None = None
    ) -> _Model:
        """Send something, once."""
        headers = {"Idempotency-Key": idempotency_key} if idempotency_key else {}
        try:
            response = await self._send("POST", path, content=_content(body), headers=headers)
        except _Passing as error:
            raise Unavailable(error.retry_after) from None
        return _read(response, answer)

    async def pages(self, path: str, page: type[Any], query: Query | None = None) -> AsyncIterator[Any]:
        """Every item of a list, page after page; `page` is a `Page[...]`."""
        asked = {"limit": _PAGE, **(query or {})}
        while True:
            got = await self.get(path, page, asked)
            for item in got.items:
                yield item
            if got.next_cursor is None:
                return
            asked["cursor"] = got.next_cursor

    async def _again(self, method: str, path: str, **sent: Any) -> httpx.Response:
        try:
            async for attempt in stamina.retry_context(
                on=_Passing, attempts=self._attempts, timeout=20.0, wait_initial=0.05, wait_max=1.0, wait_jitter=0.1
            ):
                with attempt:
                    response = await self._send(method, path, **sent)
        except _Passing as error:
            raise Unavailable(error.retry_after) from None
        return response

    async def _send(
        self,
        method: str,
        path: str,
        *,
        query: Query | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        self._breaker.check()
        learnt = False
        try:
            response = await self._exchange(method, path, query, content, headers or {})
            learnt = True
        except httpx.RequestError as error:
            # Not only connections: an answer that cannot be decoded is no answer either.
            learnt = True
            self._breaker.failed()
            # Its text may hold the address, and the address a member: the type is enough.
            _log.warning("service_unreachable", host=self._http.base_url.host, error=type(error).__name__)
            raise _Passing from None
        finally:
            if not learnt:
                self._breaker.abandoned()
        return self._judged(response)

    async def _exchange(
        self, method: str, path: str, query: Query | None, content: bytes | None, headers: Mapping[str, str]
    ) -> httpx.Response:
        """One request, and a second one with a new token when the first was not accepted."""
        response: httpx.Response | None = None
        for _ in range(2):
            sent = {**headers, "Authorization": f"Bearer {await self._tokens.token()}"}
            if content is not None:
                sent["Content-Type"] = "application/json"
            if identifier := request_id.get():
                sent["X-Request-ID"] = identifier
            response = await self._http.request(method, path, params=_query(query), content=content, headers=sent)
            if response.status_code != 401:
                break
            self._tokens.forget()
        assert response is not None
        return response

    def _judged(self, response: httpx.Response) -> httpx.Response:
        status = response.status_code
        if status >= 500:
            self._breaker.failed()
            retry_after = _retry_after(response)
            raise _Passing(retry_after) if status in _PASSING else Unavailable(retry_after)
        self._breaker.succeeded()
        if status == 429:
            raise Unavailable(_retry_after(response))
        if status < 300:
            return response
        if status == 404:
            raise NotFound(_problem(response))
        if status < 400:
            raise Unavailable
        if status in _NOT_ALLOWED:
            _log.error("call_not_allowed", host=self._http.base_url.host, status=status)
            raise NotAllowed(status, _problem(response))
        raise Refused(status, _problem(response))


def segment(text: str) -> str:
    """An id as one segment of a path, whatever it holds; dots alone would lead to another address (RFC 3986, 5.2.4)."""
    if text in {".", ".."}:
        raise NotFound
    return quote(text, safe="")


def _content(body: BaseModel) -> bytes:
    return body.model_dump_json(by_alias=True, exclude_unset=True).encode()


def _query(query: Query | None) -> dict[str, str]:
    return {name: str(value) for name, value in (query or {}).items() if value is not None}


def _read(response: httpx.Response, answer: type[_Model]) -> _Model:
    try:
        return answer.model_validate_json(response.content)
    except ValidationError as error:
        # Pydantic's text repeats the input: say which shape and how many faults only.
        _log.error("answer_not_understood", shape=answer.__name__, faults=error.error_count())
    raise Unavailable


def _problem(response: httpx.Response) -> Problem | None:
    try:
        return Problem.model_validate_json(response.content)
    except ValidationError:
        return None


def _retry_after(response: httpx.Response) -> int:
    given = response.headers.get("retry-after", "")
    return min(int(given), 3600) if given.isdigit() and len(given) < 6 else 5


__all__ = ["NotAllowed", "NotFound", "Query", "Refused", "ServiceClient", "ServiceError", "Unavailable", "segment"]
