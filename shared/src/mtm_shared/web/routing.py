"""A router whose routes read JSON strictly.

Stricter than the framework in three ways that would otherwise surface later as a database error or an unserialisable
answer: no NUL in a text (PostgreSQL cannot hold it), no halves of surrogate pairs, no NaN or Infinity.
"""

import re
from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from pydantic_core import from_json
from starlette.responses import Response

from mtm_shared.web.auditing import noted
from mtm_shared.web.auth import RequireScope
from mtm_shared.web.problems import ApiProblem, FrameworkProblem

_ESCAPED_NUL: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")


class InvalidText(FrameworkProblem):
    """A text in the body that no database can hold."""

    def __init__(self) -> None:
        super().__init__(ApiProblem(422, "invalid_text", "A text must not contain the NUL character."))


class StrictRequest(Request):
    """A request whose `json()` refuses what no database or answer could hold."""

    async def json(self) -> Any:
        """The parsed body; ValueError (answered 400) when it is not JSON."""
        if not hasattr(self, "_strict_json"):
            body = await self.body()
            if b"\\u0000" in body and _ESCAPED_NUL.search(body):
                raise InvalidText
            self._strict_json = from_json(body, allow_inf_nan=False)
        return self._strict_json


class StrictRoute(APIRoute):
    """A route that hands a `StrictRequest` on."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's handler over a strict request."""
        handle = super().get_route_handler()
        doors = _doors(self.dependant)

        async def strictly(request: Request) -> Response:
            for door in doors:
                # The framework reads and parses the body first; of a caller without a token nothing is read.
                await door(request)
            return await handle(StrictRequest(request.scope, request.receive))

        return strictly


def _doors(dependant: Dependant) -> list[RequireScope]:
    """What the route asks of its caller, wherever among its dependencies."""
    own = [dependant.call] if isinstance(dependant.call, RequireScope) else []
    return own + [door for inner in dependant.dependencies for door in _doors(inner)]


class Router(APIRouter):
    """An `APIRouter` of strict routes that the audit trail can follow; the one to use for every `/v1` path."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("route_class", StrictRoute)
        super().__init__(**options)

    def add_api_route(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:
        """Add a route whose answers are noted for the audit trail."""
        super().add_api_route(path, noted(endpoint, options.get("status_code")), **options)
