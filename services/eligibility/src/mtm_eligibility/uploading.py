"""Sends files to a running service and follows each until its rows are accounted for; the work of `import`."""

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast

import httpx
from mtm_shared.contracts.eligibility import ImportFormat, ImportStatus
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table

from mtm_eligibility.guessing import files_of

_POLL_SECONDS = 0.2
_TRANSFER = 0.5


class UploadFailed(Exception):
    """The service did not take a file; the message is for people."""


@dataclass(slots=True)
class _Sent:
    """A file that tells a progress bar how much of it was read."""

    file: BinaryIO
    size: int
    progress: Progress
    task: TaskID
    read_bytes: int = field(default=0)

    def read(self, size: int = -1) -> bytes:
        """Pass a piece on."""
        piece = self.file.read(size)
        self.read_bytes += len(piece)
        self.progress.update(self.task, completed=_TRANSFER * self.read_bytes / max(self.size, 1))
        return piece

    def __iter__(self) -> "_Sent":
        return self

    def __next__(self) -> bytes:
        piece = self.read(1 << 16)
        if not piece:
            raise StopIteration
        return piece

    def seek(self, place: int, whence: int = 0) -> int:
        """Where to read on."""
        return self.file.seek(place, whence)

    def tell(self) -> int:
        """Where it reads."""
        return self.file.tell()

    def fileno(self) -> int:
        """The file behind it, which knows the length."""
        return self.file.fileno()


def import_path(client: httpx.Client, path: Path, given: ImportFormat | None, console: Console) -> bool:
    """Import a file, or the files of a folder; True when every file is done."""
    statuses: dict[str, ImportStatus | None] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        for file, file_format in files_of(path, given):
            if file_format is None:
                statuses[file.name] = None
                continue
            task = progress.add_task(file.name, total=1.0, state="sending")
            started = _send(client, file, file_format, progress, task)
            statuses[file.name] = _follow(client, started, progress, task)
    console.print(_table(statuses))
    return all(status is None or status.state == "done" for status in statuses.values())


def _send(
    client: httpx.Client, path: Path, file_format: ImportFormat, progress: Progress, task: TaskID
) -> ImportStatus:
    with path.open("rb") as file:
        sent = _Sent(file, path.stat().st_size, progress, task)
        answer = client.post(
            "/v1/imports", data={"format": file_format}, files={"file": (path.name, cast(BinaryIO, sent))}
        )
    return _status(answer)


def _follow(client: httpx.Client, status: ImportStatus, progress: Progress, task: TaskID) -> ImportStatus:
    while status.state in {"queued", "running"}:
        time.sleep(_POLL_SECONDS)
        status = _status(client.get(f"/v1/imports/{status.import_id}"))
        done = _TRANSFER + (1 - _TRANSFER) * status.progress
        progress.update(task, completed=done, state=f"{status.state} {status.counts.rows_in} rows")
    progress.update(task, completed=1.0, state=f"{status.state} {status.counts.rows_in} rows")
    return status


def _status(answer: httpx.Response) -> ImportStatus:
    if answer.is_success:
        return ImportStatus.model_validate_json(answer.content)
    try:
        problem: dict[str, Any] = answer.json()
    except ValueError:
        problem = {}
    raise UploadFailed(f"{answer.status_code} {problem.get('code', '')}: {problem.get('detail', answer.reason_phrase)}")


def _table(statuses: dict[str, ImportStatus | None]) -> Table:
    table = Table("file", "format", "state", title="Imports")
    for name in ("rows in", "accepted", "replaced", "deleted", "rejected"):
        table.add_column(name, justify="right")
    table.add_column("by code")
    for name, status in statuses.items():
        if status is None:
            table.add_row(name, "not known", "left out", *[""] * 6)
            continue
        counts = status.counts
        numbers = (counts.rows_in, counts.accepted, counts.replaced, counts.deleted, counts.rejected)
        table.add_row(name, status.format, status.state, *map(str, numbers), _by_code(status))
    return table


def _by_code(status: ImportStatus) -> str:
    counts = status.counts
    parts = [f"{code} {number}" for code, number in counts.rejected_by_code.items()]
    parts += [f"{code} {number} fields" for code, number in counts.fields_rejected_by_code.items()]
    if counts.diagnoses is not None:
        found = counts.diagnoses
        parts.append(f"diagnoses {found.items_in} = {found.used} + {found.repeated} again + {found.rejected} rejected")
    if status.failure is not None:
        parts.append(f"{status.failure.code}: {status.failure.detail}")
    return "\n".join(parts)
