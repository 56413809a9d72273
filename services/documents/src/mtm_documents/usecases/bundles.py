"""The merged PDF of a print run, in parts, and the manifest that says where each document is.

A part holds at most so many documents, so that memory stays flat however long the run is, and is kept in the database:
the service that answers and the worker that merges share nothing else. Parts are made one after the other, each in a
transaction of its own, and a run that is taken up again makes only those that are missing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Final

from mtm_shared.contracts.documents import BundlePart, Manifest, ManifestLine, ManifestReject
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.rendering.merging import merged
from mtm_documents.storage import runs
from mtm_documents.usecases.errors import BundleNotReady, NoSuchPart, PrintRunUnknown
from mtm_documents.usecases.ports import Begin

_SHOWN: Final = ("position", "subject_id", "prescriber_npi", "member_id", "document_id", "kind", "language")
Checkpoint = Callable[[], Awaitable[None]]


async def bundle_run(print_run_id: str, per_part: int, pad_to_even: bool, begin: Begin, checkpoint: Checkpoint) -> int:
    """Make the parts that are missing; answers how many there are."""
    part = 0
    while True:
        await checkpoint()
        async with begin() as session:
            there = await runs.has_part(session, print_run_id, part + 1)
            contents = [] if there else await runs.contents(session, print_run_id, part * per_part, per_part)
        if there:
            part += 1
            continue
        if not contents:
            return part
        # Merged beside the loop and before the transaction: neither lease nor lock waits for it.
        pdf, pages, digest = await asyncio.to_thread(merged, contents, pad_to_even)
        row = {"part": part + 1, "documents": len(contents), "pages": pages, "sha256": digest, "pdf": pdf}
        async with begin() as session:
            if not await runs.has_part(session, print_run_id, part + 1):
                await runs.add_part(session, {"print_run_id": print_run_id, **row})
        part += 1


async def part_of(session: AsyncSession, print_run_id: str, part: int) -> tuple[bytes, str, int]:
    """The bytes of a part, their SHA-256, and how many parts there are."""
    parts = await _parts(session, print_run_id)
    if not parts:
        raise NoSuchPart
    found = await runs.part(session, print_run_id, part)
    if found is None:
        raise NoSuchPart
    return found["pdf"], found["sha256"], len(parts)


async def _parts(session: AsyncSession, print_run_id: str) -> list[Any]:
    run = await runs.get(session, print_run_id)
    if run is None:
        raise PrintRunUnknown
    if run["state"] != "done":
        raise BundleNotReady
    return list(await runs.parts(session, print_run_id))


async def manifest(session: AsyncSession, print_run_id: str) -> Manifest:
    """Every document of the run in its order, with its pages, and every subject without one."""
    parts = await _parts(session, print_run_id)
    run = await runs.get(session, print_run_id)
    assert run is not None
    lines: list[ManifestLine] = []
    rejects: list[ManifestReject] = []
    page = 0
    for row in await runs.manifest_rows(session, print_run_id):
        if row["state"] != "made":
            told = {name: row[name] for name in ("position", "subject_id", "prescriber_npi")}
            rejects.append(ManifestReject(**told, code=row["code"] or "waiting"))
            continue
        page = 0 if len(lines) % run["documents_per_part"] == 0 else page
        shown = {name: row[name] for name in _SHOWN}
        shown |= {"pages": row["pages"], "sha256": row["sha256"], "part": len(lines) // run["documents_per_part"] + 1}
        lines.append(ManifestLine(**shown, page_from=page + 1, page_to=page + row["pages"]))
        page += row["pages"] + (row["pages"] % 2 if run["pad_to_even"] else 0)
    return Manifest(
        print_run_id=print_run_id,
        kind=run["kind"],
        parts=[_part(print_run_id, row) for row in parts],
        lines=lines,
        rejects=rejects,
    )


def _part(print_run_id: str, row: Any) -> BundlePart:
    shown = {name: row[name] for name in ("part", "documents", "pages", "sha256")}
    return BundlePart(**shown, content_url=f"/v1/print-runs/{print_run_id}/bundle?part={row['part']}")
