"""Print runs over many subjects: ordered here, worked off by the worker (`mtm-documents worker`)."""

from typing import Annotated

from fastapi import Path, Request, Response
from mtm_shared.contracts.common import Identifier, Page
from mtm_shared.contracts.documents import PrintRunCounts, PrintRunItem, PrintRunRequest, PrintRunStatus
from mtm_shared.storage import Transaction
from mtm_shared.web import IdempotencyKey, PageQuery, Router, idempotent, page_of, problem_responses
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.api.documents import Reader, Writer
from mtm_documents.storage import bundles, runs
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


async def _status(session: AsyncSession, print_run_id: str) -> PrintRunStatus:
    run = await runs.get(session, print_run_id)
    if run is None:
        raise PrintRunUnknown
    counted = await runs.counts(session, print_run_id)
    subjects, waiting = sum(counted.values()), counted.get("waiting", 0)
    counts = PrintRunCounts(
        subjects=subjects, made=counted.get("made", 0), rejected=counted.get("rejected", 0), waiting=waiting
    )
    shown = {name: run[name] for name in ("print_run_id", "kind", "language", "state", "created_at", "finished_at")}
    return PrintRunStatus(
        **shown,
        progress=(subjects - waiting) / subjects if subjects else 1.0,
        counts=counts,
        bundle_parts=await bundles.count(session, print_run_id) if run["state"] == "done" else None,
    )
