"""The one wrapper around a service: request id, body limit, metrics, access log, audit, and the last resort for errors.

One pure ASGI layer instead of five, because every layer costs on every message; a single one of the framework's
decorated middlewares costs two thirds of the throughput.
"""

from collections.abc import Mapping
from time import perf_counter
from typing import Any, Final

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mtm_shared.logs import accepted_request_id, describe_error, request_id
from mtm_shared.web.auditing import Auditor, begin_notes
from mtm_shared.web.problems import ApiProblem, problem_response
from mtm_shared.web.telemetry import Metrics

_QUIET: Final = frozenset({"/healthz", "/readyz", "/metrics"})
# A caller can send any word as a method; only these are repeated.
_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
# Answers hold member data: no cache may keep them unless a route says so, no browser may guess what they are.
_ALWAYS: Final = ((b"cache-control", b"no-store"), (b"x-content-type-options", b"nosniff"))
_CLIENT_LEFT: Final = 499
_NOT_ENTERED: Final = ApiProblem(
    503, "audit_unavailable", "The audit trail cannot be written.", headers={"Retry-After": "5"}
)
_log = structlog.get_logger("mtm.access")


class Observe:
    """Pure ASGI; sits inside Starlette's own error middleware and lets no exception through."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        metrics: Metrics,
        max_body_bytes: int,
        body_limits: Mapping[str, int],
        auditor: Auditor | None = None,
    ) -> None:
        self.app = app
        self.auditor = auditor
        self.metrics = metrics
        self.max_body_bytes = max_body_bytes
        self.body_limits = dict(body_limits)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started = perf_counter()
        given_id, length = _headers(scope)
        identifier = accepted_request_id(given_id)
        token = request_id.set(identifier)
        answer = _Answer(self, scope, receive, send, identifier)
        try:
            limit = self.body_limits.get(scope["path"], self.max_body_bytes)
            if length is None:
                receive = _counted(receive, limit)
            if length is not None and length > limit:
                await problem_response(ApiProblem(413, headers={"Connection": "close"}))(scope, receive, answer)
            else:
                await self.app(scope, receive, answer)
        except Exception as error:  # noqa: BLE001 - the last resort: nothing may reach the server's own log
            self._unexpected(error)
            if not answer.status:
                await problem_response(ApiProblem(500))(scope, receive, answer)
        finally:
            self._account(scope, answer.status or _CLIENT_LEFT, perf_counter() - started)
            request_id.reset(token)

    def _unexpected(self, error: Exception) -> None:
        self.metrics.unexpected_error()
        _log.error("unexpected_error", **describe_error(error))

    def _account(self, scope: Scope, status: int, seconds: float) -> None:
        route, method = route_template(scope), _method(scope)
        self.metrics.observe(method, route, status, seconds)
        line: dict[str, Any] = {
            "method": method,
            "route": route,
            "status": status,
            "ms": round(seconds * 1000, 2),
        }
        if subject := scope.get("mtm.subject"):
            line["subject"] = subject
        if route in _QUIET and status < 400:
            _log.debug("request", **line)
        else:
            _log.info("request", **line)


class _Answer:
    """Where the application sends its answer: entered in the audit trail first, then given headers and passed on.

    An answer that could not be entered is withheld, and 503 is given in its place.
    """

    def __init__(self, layer: Observe, scope: Scope, receive: Receive, send: Send, identifier: str) -> None:
        self._auditor = layer.auditor
        self._scope, self._receive, self._send = scope, receive, send
        self._extra = (*_ALWAYS, (b"x-request-id", identifier.encode()))
        self._notes = begin_notes()
        self._withheld = False
        self.status = 0

    async def __call__(self, message: Message) -> None:
        begins = message["type"] == "http.response.start" and not self.status
        if begins and not await self._entered(message["status"]):
            self._withheld = True
            await problem_response(_NOT_ENTERED)(self._scope, self._receive, self._give)
        elif not self._withheld:
            await self._give(message)

    async def _give(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            given = list(message.get("headers", ()))
            told = {name.lower() for name, _ in given}
            message["headers"] = [*given, *(extra for extra in self._extra if extra[0] not in told)]
        await self._send(message)

    async def _entered(self, status: int) -> bool:
        if self._auditor is None:
            return True
        route = f"{_method(self._scope)} {route_template(self._scope)}"
        try:
            await self._auditor.before_answer(self._scope, self._notes, status, route)
        except Exception as error:  # noqa: BLE001 - whatever the database says, nobody sees what was not entered
            _log.error("audit_entry_not_kept", **describe_error(error))
            return False
        return True


def _method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in _METHODS else "other"


def _headers(scope: Scope) -> tuple[bytes | None, int | None]:
    """`X-Request-ID` and `Content-Length`; a request without a body to come has length 0."""
    identifier: bytes | None = None
    length: int | None = 0
    for name, value in scope["headers"]:
        if name == b"x-request-id":
            identifier = value
        elif name == b"content-length":
            length = int(value) if value.isdigit() and len(value) < 19 else None
        elif name == b"transfer-encoding":
            length = None
    return identifier, length


def _counted(receive: Receive, limit: int) -> Receive:
    """For bodies of unknown length: refuses as soon as more than the limit has come."""
    seen = 0

    async def count() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > limit:
                raise HTTPException(413)
        return message

    return count


def route_template(scope: Scope) -> str:
    """The route's template; never the path, which names members."""
    context = scope.get("fastapi")
    if context is not None:
        effective = context.get("effective_route_context")
        if effective is not None:
            return str(effective.path)
    return getattr(scope.get("route"), "path", None) or "unmatched"
