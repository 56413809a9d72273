"""Every error as a problem document (RFC 9457), without a word of what the caller sent.

Member data must not reach error bodies, because they are logged by callers and gateways: faults are located by JSON
pointers (RFC 6901) and described by the rule that was broken. Services map their own errors in one table,
`{ErrorType: ProblemSpec(...)}`; anything unexpected is a 500 that says nothing.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from mtm_shared.contracts.problem import Problem, ProblemError

MEDIA_TYPE: Final = "application/problem+json"

# status -> (code, detail) for errors that nobody described further.
DEFAULTS: Final[Mapping[int, tuple[str, str]]] = {
    400: ("unreadable_body", "The body cannot be read in the media type that it claims."),
    401: ("unauthorized", "A valid access token is required."),
    403: ("forbidden", "The access token does not allow this."),
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not take this method."),
    406: ("not_acceptable", "None of the accepted media types can be given."),
    409: ("conflict", "The request conflicts with the state of the thing."),
    412: ("stale_etag", "The thing has changed since it was read."),
    413: ("body_too_large", "The body is larger than this service takes."),
    415: ("unsupported_media_type", "The body is not in a media type that this address takes."),
    422: ("invalid_request", "The request is well-formed but not valid."),
    429: ("too_many_requests", "Too many requests; try again later."),
    500: ("internal_error", "Something went wrong here; the request id names the log entry."),
    503: ("unavailable", "A service or database that is needed is away; try again later."),
}


# Written here because Python's own phrases change between releases (413 and 422 did in 3.13).
TITLES: Final[Mapping[int, str]] = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    409: "Conflict",
    410: "Gone",
    412: "Precondition Failed",
    413: "Content Too Large",
    415: "Unsupported Media Type",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


class ApiProblem(Exception):
    """Raise to answer with a problem document; `detail` must hold no member data."""

    def __init__(
        self,
        status: int,
        code: str = "",
        detail: str = "",
        *,
        errors: Sequence[ProblemError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


def _no_errors(error: Any) -> Sequence[ProblemError]:
    return ()


class FrameworkProblem(HTTPException):
    """A problem raised while the framework reads a body: it lets only its own kind of exception through."""

    def __init__(self, problem: ApiProblem) -> None:
        super().__init__(problem.status, headers=problem.headers)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class ProblemSpec:
    """How one type of error is answered. `detail` may be a function of the error; it must hold no member data."""

    status: int
    code: str
    detail: str | Callable[[Any], str] = ""
    retry_after: int | None = None
    errors: Callable[[Any], Sequence[ProblemError]] = field(default=_no_errors)

    def of(self, error: Exception) -> ApiProblem:
        """The problem that answers this error."""
        detail = self.detail if isinstance(self.detail, str) else self.detail(error)
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return ApiProblem(self.status, self.code, detail, errors=self.errors(error), headers=headers)


def problem_response(problem: ApiProblem) -> Response:
    """The document as a response."""
    code, detail = DEFAULTS.get(problem.status, ("error", "The request was not served."))
    body: dict[str, Any] = {
        "type": f"urn:openmtm:problem:{problem.code or code}",
        "title": TITLES.get(problem.status, "Error"),
        "status": problem.status,
        "detail": problem.detail or detail,
        "code": problem.code or code,
        "errors": [error.model_dump() for error in problem.errors],
    }
    headers = dict(problem.headers)
    if problem.status == 503:
        headers.setdefault("Retry-After", "5")
    return Response(json.dumps(body), problem.status, headers, MEDIA_TYPE)


Handler = Callable[[Request, Any], Any]


def handler_for(spec: ProblemSpec) -> Handler:
    """An exception handler that answers by `spec`."""

    async def handle(_request: Request, error: Exception) -> Response:
        return problem_response(spec.of(error))

    return handle


async def handle_problem(_request: Request, problem: ApiProblem) -> Response:
    """Answer a raised problem."""
    return problem_response(problem)


def problem_responses(*statuses: int, **described: str) -> dict[int | str, dict[str, Any]]:
    """`responses=` for a route: `problem_responses(404, 409)`.

    400, 401, 403, 413, 415, 422, 500 and 503 are documented by the factory where they can occur; name the others
    here. Keywords of the form `s409="The review is complete."` give a description.
    """
    wanted = {status: DEFAULTS.get(status, ("", ""))[1] for status in statuses}
    wanted.update({int(name.removeprefix("s")): text for name, text in described.items()})
    return {status: documented(status, text) for status, text in sorted(wanted.items())}


def documented(status: int, description: str = "") -> dict[str, Any]:
    """The OpenAPI response object of a problem with this status."""
    code, detail = DEFAULTS.get(status, ("error", "The request was not served."))
    return {
        "description": description or detail,
        "content": {
            MEDIA_TYPE: {
                "schema": {"$ref": "#/components/schemas/Problem"},
                "example": Problem(
                    type=f"urn:openmtm:problem:{code}",
                    title=TITLES.get(status, "Error"),
                    status=status,
                    detail=detail,
                    code=code,
                ).model_dump(),
            }
        },
    }
