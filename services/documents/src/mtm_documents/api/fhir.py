"""The FHIR R4 door of documents: DocumentReference, with the way to the exact bytes (HL7 FHIR R4, 4.0.1).

The SHA-256 of the bytes stands in the identifier: FHIR R4's own `hash` is a SHA-1, which nobody should rely on.
"""

from re import compile as pattern
from typing import Annotated, Any, Final

from fastapi import Path, Query, Request, Response
from mtm_shared.contracts.common import Identifier
from mtm_shared.contracts.documents import DocumentRecord
from mtm_shared.fhir.capability import capability_statement
from mtm_shared.fhir.outcome import FhirRefused, Issue, fhir_answers, fhir_response
from mtm_shared.storage import Transaction
from mtm_shared.web import Router
from mtm_shared.web.auditing import note

from mtm_documents.api.documents import Reader
from mtm_documents.api.shapes import document_record
from mtm_documents.storage import documents
from mtm_documents.usecases.errors import DocumentUnknown

router = Router(prefix="/fhir/r4", tags=["fhir"])
_MOST: Final = 500
_NOT_IN_IDS: Final = pattern(r"[^A-Za-z0-9.-]")
_TYPES: Final = "urn:openmtm:document-kind"
_LANGUAGES: Final = {"en": "en-US", "es": "es-US"}


@router.get("/metadata", summary="What this door can do (CapabilityStatement)", responses=fhir_answers())
async def read_capability(request: Request, _: Reader) -> Response:
    """The CapabilityStatement."""
    told = {"DocumentReference": ["read", "search-type"]}
    search = {"DocumentReference": ["patient"]}
    return fhir_response(capability_statement("documents", request.app.version, told, search=search))


@router.get("/DocumentReference", summary="A member's documents", responses=fhir_answers())
async def search_document_references(
    request: Request,
    session: Transaction,
    _: Reader,
    patient: Annotated[Identifier | None, Query(description="The member.")] = None,
) -> Response:
    """A search set of the member's documents; a member with more than 500 is told so."""
    if patient is None:
        raise FhirRefused([Issue("error", "missing_parameter", "give patient")])
    rows = await documents.page(session, {"member_id": patient}, None, None, _MOST)
    records = [document_record(row) for row in rows[:_MOST]]
    note(records)
    base = str(request.base_url).rstrip("/")
    entries = [{"resource": _reference(record, base)} for record in records]
    answer: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    if len(rows) <= _MOST:
        answer["total"] = len(entries)
    return fhir_response(answer | ({"entry": entries} if entries else {}))


@router.get("/DocumentReference/{document_id}", summary="A document", responses=fhir_answers(404))
async def read_document_reference(
    request: Request, document_id: Annotated[Identifier, Path()], session: Transaction, _: Reader
) -> Response:
    """The document's resource."""
    row = await documents.record(session, document_id)
    if row is None:
        raise DocumentUnknown
    record = document_record(row)
    note(record)
    return fhir_response(_reference(record, str(request.base_url).rstrip("/")))


def _reference(record: DocumentRecord, base: str) -> dict[str, Any]:
    attachment = {
        "contentType": "application/pdf",
        "language": _LANGUAGES[record.language],
        "url": f"{base}{record.content_url}",
        "title": record.kind.replace("_", " "),
        "creation": record.dated.isoformat(),
    }
    reference: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "id": _NOT_IN_IDS.sub("-", record.document_id)[:64],
        "identifier": [
            {"system": "urn:openmtm:document", "value": record.document_id},
            {"system": "urn:openmtm:sha256", "value": record.sha256},
        ],
        "status": "current",
        "docStatus": "final",
        "type": {"coding": [{"system": _TYPES, "code": record.kind}], "text": attachment["title"]},
        "date": record.created_at.isoformat(),
        "content": [{"attachment": attachment}],
    }
    if record.member_id is not None:
        reference["subject"] = {"reference": f"Patient/{record.member_id}"}
    return reference
