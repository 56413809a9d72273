"""Imports as they are asked for and asked about."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

from mtm_shared.contracts.eligibility import ImportCounts, ImportReject, ImportStatus, ItemCounts, Notice
from mtm_shared.storage import JobQueue
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_eligibility.storage import imports as store
from mtm_eligibility.storage.bulk import Row
from mtm_eligibility.storage.tables import jobs
from mtm_eligibility.usecases.errors import UnknownImport, UnusableUri

JOB = "import"


def local_file(uri: str, data_dir: Path, anywhere: bool) -> Path:
    """The file that a `file://` address names, or `UnusableUri`: in production only below the data folder."""
    parts = urlsplit(uri)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        raise UnusableUri("unsupported_scheme", "Only file addresses without a host are read.")
    try:
        path = Path(unquote(parts.path)).resolve()
        inside = path.is_relative_to(data_dir.resolve())
        if not (anywhere or inside):
            raise UnusableUri("outside_data_folder", "Only files below the data folder are read.")
        if not path.is_file():
            raise UnusableUri("file_not_found", "There is no file at this address.")
    except (OSError, ValueError, RuntimeError):
        raise UnusableUri("file_not_found", "There is no file at this address.") from None
    return path


async def start_import(
    session: AsyncSession,
    *,
    import_id: str,
    file_format: str,
    path: Path,
    spooled: bool,
    sha256: str | None,
    size_bytes: int,
    now: datetime,
) -> ImportStatus:
    """Queue an import, in one transaction with its job."""
    await store.add_import(
        session,
        import_id=import_id,
        format=file_format,
        state="queued",
        path=str(path),
        spooled=spooled,
        sha256=sha256,
        size_bytes=size_bytes,
        next_offset=0,
        next_line=1,
        counts={},
        created_at=now,
    )
    await JobQueue(jobs).enqueue(session, JOB, {"import_id": import_id}, now=now, key=f"{JOB}:{import_id}")
    return await get_import(session, import_id)


async def get_import(session: AsyncSession, import_id: str) -> ImportStatus:
    """An import as it stands, or `UnknownImport`."""
    row = await store.read_import(session, import_id)
    if row is None:
        raise UnknownImport
    if row["state"] in {"queued", "running"}:
        # A job whose workers died on every attempt has no one left to say so.
        error = await store.read_job_error(session, f"{JOB}:{import_id}")
        if error is not None:
            row = {**row, "state": "failed", "failure_code": error, "failure_detail": "the worker gave the import up"}
    return import_status(row)


async def list_imports(session: AsyncSession, before: str | None, limit: int) -> list[ImportStatus]:
    """Imports, newest first."""
    return [import_status(row) for row in await store.list_imports(session, before, limit)]


async def list_rejects(
    session: AsyncSession, import_id: str, after: tuple[int, int] | None, limit: int
) -> Sequence[Row]:
    """What an import did not take, in the order of the file, or `UnknownImport`."""
    if await store.read_import(session, import_id) is None:
        raise UnknownImport
    return await store.read_rejects(session, import_id, after, limit)


def import_reject(row: Row) -> ImportReject:
    """A reject as the wire shows it."""
    return ImportReject(**{name: row[name] for name in ImportReject.model_fields})


def import_status(row: Row) -> ImportStatus:
    """An import as the wire shows it."""
    done = row["state"] == "done"
    progress = 1.0 if done else min(row["next_offset"] / max(row["size_bytes"], 1), 1.0)
    failure = None
    if row["failure_code"]:
        failure = Notice(code=row["failure_code"], detail=row["failure_detail"] or "")
    return ImportStatus(
        import_id=row["import_id"],
        format=row["format"],
        state=row["state"],
        progress=round(progress, 4),
        counts=_counts(row),
        failure=failure,
        size_bytes=row["size_bytes"],
        sha256=row["sha256"],
        created_at=row["created_at"],
        finished_at=row["finished_at"],
    )


def _counts(row: Row) -> ImportCounts:
    kept = dict(row["counts"])
    claims, diagnoses = _items(kept.pop("claims", None)), _items(kept.pop("diagnoses", None))
    kept.pop("last_rejected", None)
    rejected = sum(kept.get("rejected_by_code", {}).values())
    return ImportCounts(**kept, claims=claims, diagnoses=diagnoses, rejected=rejected)


def _items(kept: dict[str, object] | None) -> ItemCounts | None:
    if kept is None:
        return None
    by_code = {code: number for code, number in _by_code(kept).items() if number}
    return ItemCounts.model_validate({**kept, "rejected": sum(by_code.values()), "rejected_by_code": by_code})


def _by_code(kept: dict[str, object]) -> dict[str, int]:
    by_code = kept["rejected_by_code"]
    assert isinstance(by_code, dict)
    return by_code
