"""The bundle of a print run, its manifest, and the note that it was sent."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import Header, Query, Request, Response
from fastapi.responses import StreamingResponse
from mtm_shared.contracts.documents import DeliveryRequest, Manifest, ManifestEntry, RunDelivered
from mtm_shared.storage import Database, Transaction
from mtm_shared.web import IdempotencyKey, Router, idempotent, problem_responses

from mtm_documents.api.documents import Reader, Writer
from mtm_documents.api.print_runs import PrintRunId
from mtm_documents.storage import bundles
from mtm_documents.usecases.bundling import bundle_part, manifest
from mtm_documents.usecases.delivering import record_run_delivery

router = Router(prefix="/v1/print-runs", tags=["print-runs"])
_MOST_PARTS: Final = 10_000
_PDF: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "A part of the bundle.",
        "content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}},
    }
}
_TABLE: Final[dict[int | str, dict[str, Any]]] = {
    200: {"description": "The manifest.", "content": {"text/csv": {"schema": {"type": "string"}}}}
}


@router.get("/{print_run_id}/bundle", response_class=Response, responses={**_PDF, **problem_responses(404, 409)})
async def get_bundle(
    request: Request,
    print_run_id: PrintRunId,
    session: Transaction,
    _: Reader,
    part: Annotated[int, Query(ge=1, le=_MOST_PARTS)] = 1,
) -> Response:
    """All documents of a run in the order given, for the printer; `Link: rel=next` leads to the next part."""
    found, parts = await bundle_part(session, print_run_id, part)
    headers = {
        "Content-Length": str(found["size"]),
        "ETag": f'"{found["sha256"]}"',
        "X-Bundle-Parts": str(parts),
    }
    if part < parts:
        headers["Link"] = f'</v1/print-runs/{print_run_id}/bundle?part={part + 1}>; rel="next"'
    content = _content(request.app.state.database, print_run_id, part)
    return StreamingResponse(content, media_type="application/pdf", headers=headers)


async def _content(database: Database, print_run_id: str, part: int) -> AsyncIterator[bytes]:
    """Piece by piece, each read on its own: no connection waits for a slow caller."""
    at = 0
    while True:
        async with database.reading() as session, session.begin():
            content = await bundles.chunk(session, print_run_id, part, at)
        if content is None:
            return
        yield content
        at += 1


@router.get(
    "/{print_run_id}/bundle/manifest",
    response_model=Manifest,
    responses={**_TABLE, **problem_responses(404, 409)},
)
async def get_bundle_manifest(
    print_run_id: PrintRunId,
    session: Transaction,
    _: Reader,
    accept: Annotated[
        str | None, Header(description="`application/json` (default) or `text/csv`.", max_length=500)
    ] = None,
) -> Manifest | Response:
    """On which pages of which part each document is, and who has none and why."""
    found = await manifest(session, print_run_id)
    if "text/csv" in (accept or "").lower():
        return Response(_csv(found), media_type="text/csv; charset=utf-8")
    return found


@router.post(
    "/{print_run_id}/delivery", status_code=201, response_model=RunDelivered, responses=problem_responses(404, 409)
)
async def record_print_run_delivery(
    request: Request,
    print_run_id: PrintRunId,
    body: DeliveryRequest,
    session: Transaction,
    _: Writer,
    key: IdempotencyKey = None,
) -> Response:
    """Notes the same of every document of a run; a document that has the same entry gets no second one."""

    async def create() -> RunDelivered:
        return await record_run_delivery(session, print_run_id, body, request.app.state.clock())

    return await idempotent(request, session, body, create)


def _csv(found: Manifest) -> str:
    hashes = {part.part: part.sha256 for part in found.parts}
    columns = [*ManifestEntry.model_fields, "part_sha256"]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    for entry in found.entries:
        row = entry.model_dump()
        writer.writerow(row | {"part_sha256": hashes.get(entry.part) if entry.part is not None else None})
    return out.getvalue()
