"""Makes the bundle of a print run, part by part; each part is kept in a transaction of its own.

Which documents are in a part follows from the order given alone, and the same documents give the same bytes: a worker
that was killed goes on with the next part, and the bundle is the one that it would have been.
"""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

from mtm_shared.contracts.documents import Manifest, ManifestEntry, ManifestPart
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.rendering.bundle import bundle
from mtm_documents.storage import bundles, runs
from mtm_documents.usecases.errors import BundleNotReady, BundlePartUnknown, PrintRunUnknown

Begin = Callable[[], AbstractAsyncContextManager[AsyncSession]]


async def make_bundle(run: RowMapping, begin: Begin, checkpoint: Callable[[], Awaitable[None]]) -> None:
    """Every part that is not there yet; `checkpoint` may raise to leave between two."""
    print_run_id = str(run["print_run_id"])
    while True:
        await checkpoint()
        async with begin() as session:
            rows = await bundles.unbundled(session, print_run_id, run["documents_per_part"])
            part = await bundles.count(session, print_run_id) + 1
            contents = await bundles.pdfs(session, [row["document_id"] for row in rows])
        if not rows:
            return
        ordered = [contents.pop(row["document_id"]) for row in rows]
        made = await asyncio.to_thread(bundle, ordered, pad_to_even=run["pad_to_even"])
        kept = {
            "print_run_id": print_run_id,
            "part": part,
            "documents": len(rows),
            "pages": made.pages,
            "size": len(made.content),
            "sha256": hashlib.sha256(made.content).hexdigest(),
        }
        places = {int(row["position"]): place for row, place in zip(rows, made.places, strict=True)}
        async with begin() as session:
            await bundles.add(session, kept, made.content, places)


async def finished_run(session: AsyncSession, print_run_id: str) -> RowMapping:
    """The run, when it is done; raises PrintRunUnknown and BundleNotReady."""
    run = await runs.get(session, print_run_id)
    if run is None:
        raise PrintRunUnknown
    if run["state"] != "done":
        raise BundleNotReady
    return run


async def bundle_part(session: AsyncSession, print_run_id: str, number: int) -> tuple[RowMapping, int]:
    """A part without its bytes, and how many parts there are."""
    await finished_run(session, print_run_id)
    part = await bundles.part(session, print_run_id, number)
    if part is None:
        raise BundlePartUnknown
    return part, await bundles.count(session, print_run_id)


async def manifest(session: AsyncSession, print_run_id: str) -> Manifest:
    """What is in the bundle, and who is not and why."""
    run = await finished_run(session, print_run_id)
    parts = await bundles.parts(session, print_run_id)
    entries = [
        ManifestEntry(kind=run["kind"], **{str(name): value for name, value in row.items()})
        for row in await bundles.manifest(session, print_run_id)
    ]
    made = sum(entry.state == "made" for entry in entries)
    return Manifest(
        print_run_id=print_run_id,
        kind=run["kind"],
        subjects=len(entries),
        made=made,
        rejected=len(entries) - made,
        pages=sum(part["pages"] for part in parts),
        pad_to_even=run["pad_to_even"],
        parts=[
            ManifestPart(
                **{name: part[name] for name in ("part", "documents", "pages", "sha256")}, size_bytes=part["size"]
            )
            for part in parts
        ],
        entries=entries,
    )
