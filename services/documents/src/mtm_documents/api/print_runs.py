"""Print runs over many subjects: ordered here, worked off by the worker (`mtm-documents worker`)."""

import csv
import io
from typing import Annotated

from fastapi import Header, Path, Query, Request, Response
from mtm_shared.contracts.common import Identifier, Page
from mtm_shared.contracts.documents import (
    DeliveredAll,
    DeliveryRequest,
    Manifest,
    ManifestLine,
    PrintRunCounts,
    PrintRunItem,
    PrintRunRequest,
    PrintRunStatus,
)
from mtm_shared.storage import Transaction
from mtm_shared.web import IdempotencyKey, PageQuery, Router, idempotent, page_of, problem_responses
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.api.documents import Reader, Writer
from mtm_documents.storage import runs
from mtm_documents.usecases.bundles import manifest, part_of
from mtm_documents.usecases.delivering import deliver_run
from mtm_documents.usecases.errors import PrintRunUnknown
from mtm_documents.usecases.print_runs import order_print_run

router = Router(prefix="/v1/print-runs", tags=["print-runs"])
PrintRunId = Annotated[Identifier, Path(description="The print run's id.")]


@router.post("", status_code=202, response_model=PrintRunStatus)
async def create_print_run(
    request: Request, body: PrintRunRequest, session: Transaction, _: Writer, key: IdempotencyKey = None
) -> Response:
    """Orders one document for each subject; the worker makes them."""

    async def create() -> PrintRunStatus:
        return await _status(session, await order_print_run(session, body, request.app.state.clock()))

    return await idempotent(
        request,
        session,
        body,
        create,
        status=202,
        headers=lambda made: {"Location": f"/v1/print-runs/{made.print_run_id}"},
    )


@router.get("/{print_run_id}", responses=problem_responses(404))
async def get_print_run(print_run_id: PrintRunId, session: Transaction, _: Reader) -> PrintRunStatus:
    """State, progress and counts."""
    return await _status(session, print_run_id)


@router.get("/{print_run_id}/items", responses=problem_responses(404))
async def list_print_run_items(
    print_run_id: PrintRunId, session: Transaction, paging: PageQuery, _: Reader
) -> Page[PrintRunItem]:
    """What became of each subject, in the order given: its document, or a code that says why there is none."""
    if await runs.get(session, print_run_id) is None:
        raise PrintRunUnknown
    after = paging.after(int)
    rows = await runs.page(session, print_run_id, int(after[0]) if after else -1, paging.limit)
    items, cursor = page_of(rows, paging.limit, lambda row: (int(row["position"]),))
    return Page[PrintRunItem](items=[PrintRunItem.model_validate(dict(row)) for row in items], next_cursor=cursor)


@router.get(
    "/{print_run_id}/bundle",
    response_class=Response,
    responses={
        200: {"description": "One part.", "content": {"application/pdf": {"schema": {"type": "string"}}}},
        **problem_responses(404, s409="The run has not ended."),
    },
)
async def get_print_run_bundle(
    print_run_id: PrintRunId, session: Transaction, _: Reader, part: Annotated[int, Query(ge=1, le=100_000)] = 1
) -> Response:
    """The run's documents merged for the printer; `X-Bundle-Parts` says how many parts there are."""
    pdf, digest, parts = await part_of(session, print_run_id, part)
    headers = {"ETag": f'"{digest}"', "X-Bundle-Parts": str(parts)}
    if part < parts:
        headers["Link"] = f'</v1/print-runs/{print_run_id}/bundle?part={part + 1}>; rel="next"'
    return Response(pdf, media_type="application/pdf", headers=headers)


@router.get(
    "/{print_run_id}/bundle/manifest",
    response_model=Manifest,
    responses=problem_responses(404, s409="The run has not ended."),
)
async def get_print_run_manifest(
    print_run_id: PrintRunId,
    session: Transaction,
    _: Reader,
    accept: Annotated[str | None, Header(max_length=500, description="`text/csv` for a table.")] = None,
) -> Response:
    """Where each document is: part, pages, SHA-256; and every subject without one."""
    told = await manifest(session, print_run_id)
    if accept is not None and "text/csv" in accept.lower():
        return Response(_table(told), media_type="text/csv; charset=utf-8")
    return Response(told.model_dump_json(), media_type="application/json")


def _table(told: Manifest) -> str:
    out = io.StringIO()
    lines = csv.writer(out)
    names = list(ManifestLine.model_fields)
    lines.writerow([*names, "reject_code"])
    rows = [(line.position, [*(getattr(line, name) for name in names), ""]) for line in told.lines]
    for one in told.rejects:
        known = one.model_dump(include={"position", "subject_id", "prescriber_npi"})
        rows.append((one.position, [*(known.get(name, "") for name in names), one.code]))
    lines.writerows(row for _, row in sorted(rows, key=lambda pair: pair[0]))
    return out.getvalue()


@router.post("/{print_run_id}/delivery", responses=problem_responses(404, s409="The run has not ended."))
async def record_print_run_delivery(
    request: Request, print_run_id: PrintRunId, body: DeliveryRequest, session: Transaction, caller: Writer
) -> DeliveredAll:
    """Marks every document of the run; told again, it marks none twice."""
    return await deliver_run(session, print_run_id, body, caller.subject, request.app.state.clock())


async def _status(session: AsyncSession, print_run_id: str) -> PrintRunStatus:
    run = await runs.get(session, print_run_id)
    if run is None:
        raise PrintRunUnknown
    counted = await runs.counts(session, print_run_id)
    subjects, waiting = sum(counted.values()), counted.get("waiting", 0)
    counts = PrintRunCounts(
        subjects=subjects, made=counted.get("made", 0), rejected=counted.get("rejected", 0), waiting=waiting
    )
    parts = len(await runs.parts(session, print_run_id))
    shown = {name: run[name] for name in ("print_run_id", "kind", "language", "state", "created_at", "finished_at")}
    return PrintRunStatus(
        **shown, progress=(subjects - waiting) / subjects if subjects else 1.0, counts=counts, parts=parts
    )
