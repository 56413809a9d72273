"""Optimistic concurrency: a stored thing has an ETag, a change sends it back in `If-Match` (RFC 9110, 13.1.1)."""

import hashlib
from typing import Annotated

from fastapi import Header, Request

from mtm_shared.web.problems import ApiProblem

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", max_length=500, description="ETag of the thing as it was read; 412 when it has changed."),
]
IfNoneMatch = Annotated[
    str | None,
    Header(alias="If-None-Match", max_length=1000, description="ETags at hand; 304 when one of them is current."),
]


def etag(*parts: object) -> str:
    """A strong ETag over what identifies this version, such as an id and a version number."""
    return '"' + hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:24] + '"'


def check_if_match(request: Request | str | None, current: str) -> None:
    """412 `stale_etag` when the caller names a version that is not the current one; nothing when it names none."""
    given = request.headers.get("if-match") if isinstance(request, Request) else request
    if given is None or given.strip() == "*":
        return
    # Weak tags never match for a change (strong comparison); rubbish matches nothing either.
    if current not in (part.strip() for part in given.split(",")):
        raise ApiProblem(412, "stale_etag", "The thing has changed since it was read; read it again.")


def not_modified(if_none_match: str | None, current: str) -> bool:
    """The caller already holds the current version (weak comparison, RFC 9110, 13.1.2)."""
    if if_none_match is None:
        return False
    held = {part.strip().removeprefix("W/") for part in if_none_match.split(",")}
    return "*" in held or current in held
