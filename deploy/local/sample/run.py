"""Writes a plan of any size in shards, by one process or several, and a manifest of what was written.

A shard is a fixed range of members and a set of files, so that the files do not depend on who wrote them. A folder
that is not empty is refused unless told; the manifest is written last and is the sign that the plan is whole.
"""

import json
import multiprocessing
import shutil
import signal
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from deploy.local.sample.calendars import AS_OF, CLAIMS_FROM
from deploy.local.sample.formats.lines import Written
from deploy.local.sample.formats.rif import RifSink
from deploy.local.sample.formats.texts import CsvSink, NdjsonSink, Sink
from deploy.local.sample.member import BAD_ROWS, make_member

VERSION = "3"
MANIFEST = "manifest.json"
FORMATS = ("ndjson", "csv", "rif", "parquet")
SHARD = 25_000
_TOLD = 250


class FolderInUse(Exception):
    """The output folder holds files."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written."""

    out: Path
    members: int
    seed: int = 2026
    form: str = "ndjson"
    bad_rows: float = BAD_ROWS
    shard: int = SHARD

    def shards(self) -> Iterator[tuple[int, int, int]]:
        """(number of the shard, first member, last member)."""
        for number, first in enumerate(range(1, self.members + 1, self.shard)):
            yield number, first, min(first + self.shard - 1, self.members)


def sink_of(order: Order, number: int) -> Sink:
    """Where a shard goes; Parquet is only loaded if it is asked for."""
    shard = f"-{number:05d}"
    if order.form == "parquet":
        from deploy.local.sample.formats.parquet import ParquetSink

        return ParquetSink(order.out, shard, order.seed)
    kinds: dict[str, Callable[[Path, str, int], Sink]] = {"ndjson": NdjsonSink, "csv": CsvSink, "rif": RifSink}
    return kinds[order.form](order.out, shard, order.seed)


def write_shard(order: Order, number: int, first: int, last: int, told: Callable[[int], None]) -> list[Written]:
    """The files of one shard; `told` hears how many members were added."""
    sink = sink_of(order, number)
    try:
        for count, member in enumerate(range(first, last + 1), 1):
            sink.add(make_member(order.seed, member, order.bad_rows))
            if count % _TOLD == 0:
                told(_TOLD)
        told((last - first + 1) % _TOLD)
        return sink.close()
    except BaseException:
        sink.abandon()
        raise


class Stopped(Exception):
    """The process that gave the order has ended it."""


_tell: list[Callable[[int], None]] = []  # set in each process


def _start_process(queue: Any, stop: Any) -> None:
    def tell(count: int) -> None:
        queue.put(count)
        if stop.is_set():
            raise Stopped

    _tell.append(tell)


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes started meanwhile never hear Ctrl-C: it is for the one who gave the order, who then says stop."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _in_process(order: Order, number: int, first: int, last: int) -> list[Written]:
    return write_shard(order, number, first, last, _tell[-1])


def prepare(out: Path, *, force: bool) -> None:
    """An empty folder, or `FolderInUse`; with force, an earlier plan is removed, and nothing else is."""
    if out.exists() and not out.is_dir():
        raise FolderInUse(f"{out} is a file, not a folder.")
    found = sorted(entry.name for entry in out.iterdir()) if out.exists() else []
    if found and not force:
        raise FolderInUse(f"{out} is not empty ({', '.join(found[:3])}); give another folder or --force.")
    if found and not (out / MANIFEST).is_file() and not all(_ours(name) for name in found):
        raise FolderInUse(f"{out} holds files that are not a sample's ({', '.join(found[:3])}); --force removes none.")
    for name in found:
        if name == MANIFEST or _ours(name):
            (out / name).unlink()
    out.mkdir(parents=True, exist_ok=True)


def _ours(name: str) -> bool:
    stem, _, ending = name.rpartition(".")
    return ending in ("csv", "ndjson", "parquet") and stem[-6:-5] == "-" and stem[-5:].isdigit()


def write_sample(order: Order, *, processes: int = 1, progress: bool = True) -> dict[str, Any]:
    """Write the plan and its manifest; answers the manifest."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    console = Console(stderr=True)
    shown = progress and console.is_terminal
    with Progress(*columns, TimeRemainingColumn(), console=console, disable=not shown) as bar:
        task = bar.add_task("members", total=order.members)

        def told(count: int) -> None:
            bar.advance(task, count)

        if processes <= 1:
            done = {number: write_shard(order, number, first, last, told) for number, first, last in order.shards()}
        else:
            done = _by_processes(order, processes, told)
    files = [written for number in sorted(done) for written in done[number]]
    manifest = _manifest(order, files)
    (order.out / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    return manifest


def _by_processes(order: Order, processes: int, told: Callable[[int], None]) -> dict[int, list[Written]]:
    context = multiprocessing.get_context("spawn")  # the same everywhere, and safe beside threads
    queue, stop = context.SimpleQueue(), context.Event()
    pool = ProcessPoolExecutor(processes, mp_context=context, initializer=_start_process, initargs=(queue, stop))
    try:
        with _deaf_to_interrupts():
            jobs: dict[Future[list[Written]], int] = {
                pool.submit(_in_process, order, number, first, last): number for number, first, last in order.shards()
            }
        waiting = set(jobs)
        while waiting:
            finished, waiting = wait(waiting, timeout=0.2, return_when=FIRST_COMPLETED)
            while not queue.empty():
                told(queue.get())
            for job in finished:
                job.result()
        return {number: job.result() for job, number in jobs.items()}
    finally:
        stop.set()
        while not queue.empty():  # a full pipe would hold the processes up
            queue.get()
        pool.shutdown(cancel_futures=True)


def _manifest(order: Order, files: list[Written]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    for written in files:
        counts[written.format] += written.rows
    return {
        "what": "a made-up Part D plan; no such member, prescriber or plan exists",
        "generator": VERSION,
        "seed": order.seed,
        "members": order.members,
        "format": order.form,
        "claims_from": CLAIMS_FROM.isoformat(),
        "as_of": AS_OF.isoformat(),
        "bad_rows": order.bad_rows,
        "members_a_shard": order.shard,
        "rows": dict(counts),
        "files": [asdict(written) for written in files],
    }


def free_space(out: Path) -> int:
    """Bytes that are free where the folder is or will be."""
    place = out
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free


def say(text: str) -> None:
    """A line for a person."""
    print(text, file=sys.stderr)
