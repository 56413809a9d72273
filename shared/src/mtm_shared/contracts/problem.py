"""RFC 9457 problem details, the one shape of every error."""

from pydantic import Field

from mtm_shared.contracts.common import Answer


class ProblemError(Answer):
    """One fault inside a request, located by a JSON pointer into the body or `#/query/…`, `#/header/…`, `#/path/…`."""

    pointer: str
    code: str
    message: str


class Problem(Answer):
    """Why a request was not served. `code` is stable and meant for programs; `detail` is for people."""

    type: str = Field(examples=["urn:openmtm:problem:not_found"])
    title: str
    status: int = Field(ge=400, le=599)
    detail: str
    code: str
    errors: list[ProblemError] = []
