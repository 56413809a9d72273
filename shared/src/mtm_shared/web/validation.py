"""Turns refused input into problem documents: where, which rule, never what was sent.

Pydantic's own messages state the rule (`Input should be less than or equal to 500`); some repeat a part of the input
(an unknown union tag, a validator's own text), so every message is searched for the input before it is used.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.params import Form
from starlette.exceptions import HTTPException
from starlette.responses import Response

from mtm_shared.contracts.problem import ProblemError
from mtm_shared.web.observe import route_template
from mtm_shared.web.problems import ApiProblem, FrameworkProblem, problem_response

_MOST_ERRORS: Final = 100
_FIELD_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_\-]{0,63}")
_JSON: Final = re.compile(r"application/(?:[\w.-]+\+)?json", re.IGNORECASE)
_FORMS: Final = ("multipart/form-data", "application/x-www-form-urlencoded")


async def handle_invalid(request: Request, invalid: RequestValidationError) -> Response:
    """422 with pointers; 400 when the body is not JSON at all; 415 when it does not claim to be."""
    if _wrong_media_type(request, invalid):
        return problem_response(ApiProblem(415))
    faults = invalid.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return problem_response(ApiProblem(400))
    detail = f"The request has {fault_count(len(faults))}"
    return problem_response(ApiProblem(422, "invalid_request", detail, errors=located(faults)))


def fault_count(count: int) -> str:
    """How many faults there are, and where they are told."""
    told = "see errors." if count <= _MOST_ERRORS else f"the first {_MOST_ERRORS} are in errors."
    return f"{count} fault{'' if count == 1 else 's'}; {told}"


def located(faults: Sequence[Mapping[str, Any]], under: Sequence[str] = ()) -> list[ProblemError]:
    """The first faults that Pydantic found, without what was sent; `under` leads to the part of the body it was."""
    return [
        _located({**fault, "loc": ("body", *under, *fault["loc"])} if under else fault)
        for fault in faults[:_MOST_ERRORS]
    ]


async def handle_http(request: Request, error: HTTPException) -> Response:
    """Errors of the framework, in fixed words: their own could repeat the request."""
    if isinstance(error, FrameworkProblem):
        return problem_response(error.problem)
    headers = dict(error.headers or {})
    if error.status_code == 405 and (methods := _documented_methods(request)):
        headers = {"Allow": ", ".join(methods)}
    return problem_response(ApiProblem(error.status_code, headers=headers))


def _documented_methods(request: Request) -> list[str]:
    """Every method of the address; the framework names only those of the first route that has it."""
    operations = request.app.openapi()["paths"].get(route_template(request.scope), {})
    return sorted(method.upper() for method in operations)


def _wrong_media_type(request: Request, invalid: RequestValidationError) -> bool:
    media_type = request.headers.get("content-type", "")
    if isinstance(invalid.body, bytes):
        return not _JSON.match(media_type)
    body_field = getattr(request.scope.get("route"), "body_field", None)
    is_form = body_field is not None and isinstance(body_field.field_info, Form)
    return is_form and not media_type.lower().startswith(_FORMS)


def _located(fault: Mapping[str, Any]) -> ProblemError:
    cause = (fault.get("ctx") or {}).get("error")
    own_code = getattr(cause, "code", None)
    return ProblemError(
        pointer=pointer(fault["loc"]),
        code=own_code if isinstance(own_code, str) else fault["type"],
        message=_without_input(fault),
    )


def pointer(location: Sequence[str | int]) -> str:
    """A JSON pointer into the body (`/fills/3/ndc`), or `#/query/limit`, `#/header/…`, `#/path/…`."""
    place, *rest = location or ("body",)
    steps = "".join("/" + _step(step) for step in rest)
    return steps if place == "body" else f"#/{place}{steps}"


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return str(step)
    # A key that is no field name of ours may itself be data.
    return step if _FIELD_NAME.fullmatch(step) else "*"


def _without_input(fault: Mapping[str, Any]) -> str:
    message = str(fault["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")
    for text in _texts(fault.get("input")):
        if text in message:
            message = message.replace(text, "…")
    tag = (fault.get("ctx") or {}).get("tag")
    return message.replace(str(tag), "…") if tag else message


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        if len(value) > 1:
            yield value
            if value != value.strip():
                yield value.strip()
    elif isinstance(value, dict) and depth < 4:
        for item in value.values():
            yield from _texts(item, depth + 1)
    elif isinstance(value, list | tuple) and depth < 4:
        for item in value[:1000]:
            yield from _texts(item, depth + 1)
    elif isinstance(value, int | float) and not isinstance(value, bool) and abs(value) > 9999:
        yield str(value)
