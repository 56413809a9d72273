"""Documents: made, rendered, read."""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import Depends, Header, Path, Query, Request
from fastapi.responses import Response
from mtm_shared.contracts.common import Day, Identifier, Page
from mtm_shared.contracts.documents import DeliveryRequest, DocumentKind, DocumentRecord, DocumentRequest, RenderRequest
from mtm_shared.storage import Transaction
from mtm_shared.web import (
    IdempotencyKey,
    IfNoneMatch,
    PageQuery,
    Principal,
    Router,
    idempotent,
    not_modified,
    page_of,
    problem_responses,
    require,
)

from mtm_documents.api.accepting import MEDIA_TYPES, preferred
from mtm_documents.api.shapes import document_record
from mtm_documents.storage import deliveries, documents, sites
from mtm_documents.usecases.create import make_document
from mtm_documents.usecases.delivering import deliver
from mtm_documents.usecases.errors import DocumentUnknown
from mtm_documents.usecases.keeping import keep_document
from mtm_documents.usecases.ordering import Order, Sources
from mtm_documents.usecases.render_given import render_given

router = Router(prefix="/v1/documents", tags=["documents"])
Writer = Annotated[Principal, Depends(require("documents.write"))]
Reader = Annotated[Principal, Depends(require("documents.read"))]
DocumentId = Annotated[Identifier, Path(description="The document's id.")]
Accept = Annotated[str | None, Header(description="`application/pdf` (default) or `text/html`.", max_length=500)]
CONTENT: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The document.",
        "content": {
            "application/pdf": {"schema": {"type": "string", "format": "binary"}},
            "text/html": {"schema": {"type": "string"}},
        },
    }
}


@router.post("", status_code=201, response_model=DocumentRecord, responses=problem_responses(404, 409))
async def create_document_from_services(
    request: Request, body: DocumentRequest, session: Transaction, _: Writer, key: IdempotencyKey = None
) -> Response:
    """Renders a document from what the other services hold, and keeps its exact bytes."""
    state = request.app.state

    async def create() -> DocumentRecord:
        now = state.clock()
        order = Order(
            kind=body.kind,
            language=body.language,
            review_id=body.review_id,
            enrollment_id=body.enrollment_id,
            format_edition=body.format_edition,
            dated=body.dated or now.date(),
            member_id=body.member_id,
            prescriber_npi=body.prescriber_npi,
        )
        sources = Sources(state.eligibility, state.reviews, partial(sites.near, session), state.settings.wording)
        row = await make_document(sources, order, now)
        await keep_document(session, row, now)
        return document_record(row)

    return await idempotent(request, session, body, create, headers=lambda made: {"Location": made.content_url})


@router.post("/render", response_class=Response, responses={**CONTENT, **problem_responses()})
async def render_document(request: Request, body: RenderRequest, _: Writer, accept: Accept = None) -> Response:
    """Renders the given data and stores nothing; gaps are counted in `X-Document-Gaps`."""
    rendered = await render_given(body, preferred(accept), request.app.state.settings.wording)
    headers = {
        "X-Document-Sha256": rendered.sha256,
        "X-Document-Gaps": str(len(rendered.gaps)),
        "X-Document-Edition": rendered.edition,
    }
    return Response(rendered.content, media_type=rendered.media_type, headers=headers)


@router.get("", response_model=Page[DocumentRecord])
async def list_documents(
    session: Transaction,
    paging: PageQuery,
    _: Reader,
    member_id: Annotated[Identifier | None, Query()] = None,
    enrollment_id: Annotated[Identifier | None, Query()] = None,
    review_id: Annotated[Identifier | None, Query()] = None,
    kind: Annotated[DocumentKind | None, Query()] = None,
    due: Annotated[Day | None, Query(description="Owed by this day, and not sent yet.")] = None,
) -> Page[DocumentRecord]:
    """Documents that fit every given filter, in order of id."""
    after = paging.after(str)
    wanted = {"member_id": member_id, "enrollment_id": enrollment_id, "review_id": review_id, "kind": kind}
    rows = await documents.page(session, wanted, due, str(after[0]) if after else None, paging.limit)
    items, cursor = page_of(rows, paging.limit, lambda row: (str(row["document_id"]),))
    sent = await deliveries.of_documents(session, [row["document_id"] for row in items])
    shown = [document_record(row, sent.get(row["document_id"], ())) for row in items]
    return Page[DocumentRecord](items=shown, next_cursor=cursor)


@router.get("/{document_id}", response_model=DocumentRecord, responses=problem_responses(404))
async def get_document(document_id: DocumentId, session: Transaction, _: Reader) -> DocumentRecord:
    """A document's record."""
    row = await documents.record(session, document_id)
    if row is None:
        raise DocumentUnknown
    sent = await deliveries.of_documents(session, [document_id])
    return document_record(row, sent.get(document_id, ()))


@router.post("/{document_id}/delivery", status_code=201, responses=problem_responses(404))
async def record_delivery(
    request: Request, document_id: DocumentId, body: DeliveryRequest, session: Transaction, caller: Writer
) -> DocumentRecord:
    """Adds an attempt to deliver the document; a later return takes a sending by that channel back."""
    await deliver(session, document_id, body, caller.subject, request.app.state.clock())
    return await get_document(document_id, session, caller)


@router.get(
    "/{document_id}/content",
    response_class=Response,
    responses={**CONTENT, 304: {"description": "The bytes are those of the ETag."}, **problem_responses(404)},
)
async def get_document_content(
    document_id: DocumentId,
    session: Transaction,
    _: Reader,
    accept: Accept = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The exact bytes that were kept."""
    target = preferred(accept)
    row = await documents.content(session, document_id, target)
    if row is None:
        raise DocumentUnknown
    content, digest = row.values()
    headers = {"ETag": f'"{digest}"', "Vary": "Accept"}
    if not_modified(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=MEDIA_TYPES[target], headers=headers)
