"""The FHIR R4 door for members and claims: single resources and bundles; bulk NDJSON comes by `POST /v1/imports`.

Answers are FHIR resources (OperationOutcome, Bundle); what stops a request before it is read (no token, no JSON, too
large) is a problem document as everywhere.
"""

from typing import Any, Final

from fastapi import Path, Request, Response
from mtm_shared.fhir.capability import capability_statement
from mtm_shared.fhir.outcome import FhirRefused, Issue, fhir_answers, fhir_response, operation_outcome
from mtm_shared.fhir.resources import Bundle
from mtm_shared.storage import Transaction
from mtm_shared.web import Router
from mtm_shared.web.problems import ApiProblem
from pydantic import ValidationError

from mtm_eligibility.api.dependencies import Reader, Writer
from mtm_eligibility.usecases.fhir import Taken, take_resources
from mtm_eligibility.usecases.ids import new_id
from mtm_eligibility.usecases.imports.fhir import TAKEN

router = Router(prefix="/fhir/r4", tags=["fhir"])
_TRANSACTION: Final = "transaction"
_BUNDLES: Final = (_TRANSACTION, "batch", "collection", "searchset")


@router.get("/metadata", summary="What this door takes (CapabilityStatement)", responses=fhir_answers())
async def read_capability(request: Request, _: Reader) -> Response:
    """The CapabilityStatement."""
    taken = {kind: ["create"] for kind in TAKEN}
    return fhir_response(capability_statement("eligibility", request.app.version, taken, ["transaction", "batch"]))


@router.post("", summary="Take a bundle", responses=fhir_answers())
async def take_bundle(request: Request, body: dict[str, Any], session: Transaction, _: Writer) -> Response:
    """A transaction is taken whole or not at all; of any other bundle, what can be taken is."""
    try:
        bundle = Bundle.model_validate(body)
    except ValidationError:
        bundle = None
    if bundle is None or bundle.type not in _BUNDLES:
        fault = Issue("error", "invalid_bundle", f"a Bundle of type {', '.join(_BUNDLES)} with its entries is taken")
        raise FhirRefused([fault])
    resources = [entry.resource for entry in bundle.entry]
    taken = await take_resources(session, resources, new_id("fhir", request.app.state.clock()))
    if bundle.type == _TRANSACTION and any(one.refused for one in taken):
        raise FhirRefused(issue for one in taken for issue in one.issues if issue.severity == "error")
    entries = [{"response": _response(one)} for one in taken]
    kind = f"{_TRANSACTION}-response" if bundle.type == _TRANSACTION else "batch-response"
    return fhir_response({"resourceType": "Bundle", "type": kind, "entry": entries})


def _response(taken: Taken) -> dict[str, Any]:
    answer: dict[str, Any] = {"status": "422 Unprocessable Content" if taken.refused else "200 OK"}
    if taken.issues:
        answer["outcome"] = operation_outcome(taken.issues)
    return answer


@router.post("/{resource_type}", summary="Take one resource", responses=fhir_answers())
async def take_resource(
    request: Request,
    body: dict[str, Any],
    session: Transaction,
    _: Writer,
    resource_type: str = Path(pattern=r"^[A-Za-z]{1,64}$", examples=["ExplanationOfBenefit"]),
) -> Response:
    """Taken by its own id: the same resource again replaces what it said before."""
    if body.get("resourceType") != resource_type:
        raise ApiProblem(422, "resource_type_mismatch", "resourceType is not the one that the path names.")
    (taken,) = await take_resources(session, [body], new_id("fhir", request.app.state.clock()))
    if taken.refused:
        raise FhirRefused(taken.issues)
    done = [Issue("information", "taken", "The resource was taken.")]
    return fhir_response(operation_outcome(taken.issues or done))
