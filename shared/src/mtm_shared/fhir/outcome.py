"""OperationOutcome: what became of what was sent, in the words of FHIR R4. It names elements, never their values."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from fastapi.responses import Response
from pydantic_core import to_json

from mtm_shared.web.problems import documented, problem_responses

FHIR_JSON: Final = "application/fhir+json"


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing to say: `severity` error, warning or information; `code` is ours and stable."""

    severity: str
    code: str
    text: str
    where: str = ""


class FhirRefused(Exception):
    """What was sent is not taken; the answer is an OperationOutcome, and nothing of it is kept."""

    def __init__(self, issues: Iterable[Issue], status: int = 422) -> None:
        super().__init__("refused")
        self.issues = tuple(issues)
        self.status = status


def fhir_answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """`responses=` of a route of the door: a resource, an OperationOutcome where it refuses, problem documents else."""
    refused = documented(422)
    refused["content"] = {**refused["content"], FHIR_JSON: {"schema": {"type": "object"}}}
    taken = {"description": "A FHIR resource.", "content": {FHIR_JSON: {"schema": {"type": "object"}}}}
    return {200: taken, 422: refused, **problem_responses(*statuses)}


async def answer_refused(_request: Any, error: FhirRefused) -> Response:
    """The handler of `FhirRefused`."""
    return fhir_response(operation_outcome(error.issues), error.status)


def operation_outcome(issues: Iterable[Issue]) -> dict[str, Any]:
    """The resource; its `code` is FHIR's broad one, our own stands in `details`."""
    told = []
    for issue in issues:
        one: dict[str, Any] = {
            "severity": issue.severity,
            "code": "informational" if issue.severity == "information" else "invalid",
            "details": {"coding": [{"system": "urn:openmtm:code", "code": issue.code}], "text": issue.text},
        }
        if issue.where:
            one["expression"] = [issue.where]
        told.append(one)
    return {"resourceType": "OperationOutcome", "issue": told}


def fhir_response(resource: dict[str, Any], status: int = 200) -> Response:
    """A resource as an answer."""
    return Response(to_json(resource), status, media_type=FHIR_JSON)
