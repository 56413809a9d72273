"""Sends files to a running service and follows each until its rows are accounted for; the work of `import`."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, cast

import httpx
from mtm_shared.contracts.eligibility import ImportFormat, ImportStatus
from mtm_shared.web.calling import refusal
from rich.console import Console
from rich.markup import escape
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
    """Import a file, or the files of a folder; True when there was something to import and all of it is done."""
    found = list(files_of(path, given))
    if not found:
        raise UploadFailed(f"{path}: there are no files in this folder")
    if all(file_format is None for _, file_format in found):
        raise UploadFailed(f"{path}: no format is known by its first line; say which with --format")
    statuses: dict[str, ImportStatus | None] = {}
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[state]}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        for file, file_format in found:
            if file_format is None:
                statuses[file.name] = None
                continue
            task = progress.add_task(escape(file.name), total=1.0, state="sending")
            started = _send(client, file, file_format, progress, task)
            statuses[file.name] = _follow(client, started, progress, task)
    console.print(_table(statuses))
    for name, status in statuses.items():
        for note in () if status is None else _notes(client, status):
            console.print(f"{name}: {note}", soft_wrap=True, markup=False, highlight=False)
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
    raise UploadFailed(refusal(answer)[1])


def _table(statuses: dict[str, ImportStatus | None]) -> Table:
    table = Table(title="Imports", box=None, padding=(0, 1, 0, 0), title_justify="left")
    for name in ("file", "format"):
        table.add_column(name, overflow="fold")
    table.add_column("state", no_wrap=True)
    for name in ("rows in", "accepted", "replaced", "deleted", "rejected"):
        table.add_column(name, justify="right", no_wrap=True)
    for name, status in statuses.items():
        if status is None:
            table.add_row(escape(name), "not known", "left out", *[""] * 5)
            continue
        counts = status.counts
        numbers = (counts.rows_in, counts.accepted, counts.replaced, counts.deleted, counts.rejected)
        table.add_row(escape(name), status.format, status.state, *map(str, numbers))
    return table


def _notes(client: httpx.Client, status: ImportStatus) -> Iterator[str]:
    """What the numbers do not say: why an import failed, and what was rejected, with the first of it in words."""
    counts = status.counts
    if status.failure is not None:
        yield f"{status.failure.code}: {status.failure.detail}"
    if counts.diagnoses is not None:
        found = counts.diagnoses
        yield (
            f"diagnosis codes: {found.items_in} in = {found.used} used + {found.repeated} repeated "
            f"+ {found.rejected} rejected"
        )
    if counts.rejected_by_code:
        yield f"rows rejected: {_by_code(counts.rejected_by_code)}"
    if counts.fields_rejected_by_code:
        yield f"fields left out of rows: {_by_code(counts.fields_rejected_by_code)}"
    if counts.rejected_by_code or counts.fields_rejected_by_code:
        address = f"/v1/imports/{status.import_id}/rejects"
        answer = client.get(address, params={"limit": 1})
        for reject in answer.json()["items"] if answer.is_success else ():
            yield f"first of them: line {reject['row']}, {reject['code']}: {reject['message']}"
        yield f"all of them: GET {address}"


def _by_code(numbers: Mapping[str, int]) -> str:
    return ", ".join(f"{code} {number}" for code, number in numbers.items())
