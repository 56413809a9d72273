"""Print runs: the worker makes one document for each subject, some at a time, and merges them at the end.

Killed at any point and started again, a run ends with the same subjects done, none lost and none twice. What cannot
be made is a reject with a code, and the rest goes on; when another service is away the job is tried again later. A
review with recommendations to several prescribers becomes a report for each, the further ones at the end of the run.
"""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from mtm_shared.clients.errors import NotAllowed, NotFound, Refused, Unavailable
from mtm_shared.contracts.documents import PrintRunRequest
from mtm_shared.storage import JobQueue, chunks
from mtm_shared.storage.audit import Entry, worked
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.rendering import NotPrintableError
from mtm_documents.storage import runs, tables
from mtm_documents.usecases.bundles import bundle_run
from mtm_documents.usecases.create import check_order, make_document
from mtm_documents.usecases.errors import (
    EditionNotOffered,
    KindNotOffered,
    NoProgram,
    NotEnrolled,
    NothingToConfirm,
    NothingToSay,
    NotThisSubject,
    ReviewDeclined,
    ReviewNotComplete,
    SeveralPrescribers,
)
from mtm_documents.usecases.keeping import keep_documents
from mtm_documents.usecases.ordering import Order, Sources
from mtm_documents.usecases.ports import Begin

JOB_KIND: Final = "print_run"
MAX_ATTEMPTS: Final = 20
BATCH: Final = 100
KEPT_TOGETHER: Final = 50
SIDE_BY_SIDE: Final = 6
"""Documents in the making at one time: while two are drawn, facts are read for the next."""
_UNTIL_CREDENTIALS_CHANGE: Final = 60

REJECTS: Final[dict[type[Exception], str]] = {
    NotFound: "subject_not_found",
    Refused: "subject_refused",
    NotThisSubject: "wrong_subject",
    KindNotOffered: "kind_not_offered",
    EditionNotOffered: "edition_not_offered",
    NotPrintableError: "not_printable",
    ReviewNotComplete: "review_not_complete",
    NoProgram: "no_program",
    NotEnrolled: "not_enrolled",
    ReviewDeclined: "review_declined",
    NothingToConfirm: "nothing_to_confirm",
    NothingToSay: "nothing_to_say",
}
"""Why a subject gets no document. `Unavailable` and `NotAllowed` are not here: the whole job is tried again."""


async def order_print_run(session: AsyncSession, request: PrintRunRequest, now: datetime) -> str:
    """Keeps the run and puts its job in the queue, in one transaction; answers the run's id.

    What no subject could get is refused before anything is kept.
    """
    check_order(request.kind, request.format_edition, "enrollment_id" if request.enrollment_ids else "review_id")
    run = {
        "print_run_id": uuid.uuid4().hex,
        "kind": request.kind,
        "language": request.language,
        "subject": "enrollment" if request.enrollment_ids else "review",
        "format_edition": request.format_edition,
        "dated": request.dated,
        "documents_per_part": request.documents_per_part,
        "pad_to_even": request.pad_to_even,
        "state": "queued",
        "created_at": now,
    }
    run_id = str(run["print_run_id"])
    await runs.add(session, run, request.enrollment_ids or request.review_ids)
    queue = JobQueue(tables.jobs)
    await queue.enqueue(session, JOB_KIND, {"print_run_id": run_id}, now=now, key=run_id, max_attempts=MAX_ATTEMPTS)
    return run_id


async def work_off_print_run(
    print_run_id: str,
    begin: Begin,
    sources: Sources,
    clock: Callable[[], datetime],
    checkpoint: Callable[[], Awaitable[None]],
) -> None:
    """Makes a document for every waiting subject; `checkpoint` may raise to leave between two."""
    async with begin() as session:
        run = await runs.get(session, print_run_id)
        if run is None or run["finished_at"] is not None:
            return
        await runs.advance(session, print_run_id, "running")
    while True:
        async with begin() as session:
            waiting = await runs.waiting(session, print_run_id, BATCH)
        if not waiting:
            break
        for some in chunks(waiting, KEPT_TOGETHER):
            await checkpoint()
            await _some(run, some, begin, sources, clock())
    await bundle_run(print_run_id, run["documents_per_part"], run["pad_to_even"], begin, checkpoint)
    await end_print_run(print_run_id, begin, "done", clock())


async def end_print_run(print_run_id: str, begin: Begin, state: str, now: datetime) -> None:
    """Says that a run is done, or that its last attempt failed."""
    async with begin() as session:
        run = await runs.get(session, print_run_id)
        if run is None or run["finished_at"] is not None:
            return
        await runs.advance(session, print_run_id, state, now)
        counts = await runs.counts(session, print_run_id)
        told = {"run_id": print_run_id, "kind": "print", "state": state, "counts": counts}
        await tables.outbox.emit(session, "run.finished", told, now=now)


@dataclass(frozen=True, slots=True)
class _Made:
    """A subject's document, or the code that says why there is none; and prescribers who get a report of their own."""

    row: dict[str, Any] | None = None
    code: str | None = None
    npi: str | None = None
    others: Sequence[str] = ()

    def became(self) -> dict[str, Any]:
        document_id = self.row["document_id"] if self.row else None
        return {"document_id": document_id, "code": self.code, "prescriber_npi": self.npi}


async def _some(run: RowMapping, items: Sequence[RowMapping], begin: Begin, sources: Sources, now: datetime) -> None:
    """Makes documents side by side, and keeps them in one transaction, in the order given."""
    # Made before the transaction begins: a database lock must not wait for another service.
    places = asyncio.Semaphore(SIDE_BY_SIDE)
    ready = await _reading_ahead(sources, run, items)

    async def one(item: RowMapping) -> _Made:
        async with places:
            return await _made(ready, _order(run, item, now), now)

    made = await asyncio.gather(*(one(item) for item in items))
    async with begin() as session:
        waiting = await runs.claim(session, run["print_run_id"], [item["position"] for item in items])
        kept = [(item, found) for item, found in zip(items, made, strict=True) if item["position"] in waiting]
        await _keep(session, run["print_run_id"], kept, now)


async def _keep(session: AsyncSession, run_id: str, made: Sequence[tuple[RowMapping, _Made]], now: datetime) -> None:
    await runs.note(session, run_id, {item["position"]: found.became() for item, found in made})
    for item, found in made:
        if found.others:
            await runs.add_prescribers(session, item, found.others)
    rows = [found.row for _, found in made if found.row is not None]
    await keep_documents(session, rows, now)
    await tables.audit_trail.record(session, *(_entry(run_id, row, now) for row in rows))


def _entry(run_id: str, row: Mapping[str, Any], now: datetime) -> Entry:
    things = {"print_run_id": run_id, "document_id": row["document_id"]}
    return worked(now, "print_run.make", [row["member_id"]], **things)


async def _reading_ahead(sources: Sources, run: RowMapping, items: Sequence[RowMapping]) -> Sources:
    """The facts of every enrolment in one request, unless it is refused: then each is asked for by itself.

    A review is read when its document is made.
    """
    if run["subject"] != "enrollment":
        return sources
    try:
        return await sources.reading_ahead([item["subject_id"] for item in items])
    except NotAllowed:
        raise Unavailable(_UNTIL_CREDENTIALS_CHANGE) from None
    except Refused:
        return sources


async def _made(sources: Sources, order: Order, now: datetime) -> _Made:
    """The document of a subject; of a review with several prescribers, the first one's."""
    try:
        return _Made(await make_document(sources, order, now), npi=order.prescriber_npi)
    except SeveralPrescribers as several:
        first, *others = several.npis
        return replace(await _made(sources, replace(order, prescriber_npi=first), now), others=others)
    except NotAllowed:
        # The fault of this service's credentials, not of the subject: the whole job waits for better ones.
        raise Unavailable(_UNTIL_CREDENTIALS_CHANGE) from None
    except tuple(REJECTS) as reason:
        code = next(code for kind, code in REJECTS.items() if isinstance(reason, kind))
        return _Made(code=code, npi=order.prescriber_npi)


def _order(run: RowMapping, item: RowMapping, now: datetime) -> Order:
    by_review = run["subject"] == "review"
    return Order(
        kind=run["kind"],
        language=run["language"],
        review_id=item["subject_id"] if by_review else None,
        enrollment_id=None if by_review else item["subject_id"],
        prescriber_npi=item["prescriber_npi"],
        format_edition=run["format_edition"],
        dated=run["dated"] or now.date(),
    )
