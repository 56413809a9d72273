"""Progress of a long reading: a bar on a terminal, plain lines elsewhere."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple, TextIO

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID


_MEGABYTE: Final = 1_000_000
_BETWEEN_LINES: Final = 10.0


class Shown(NamedTuple):
    """What a build tells: bytes read of a file, and the stage that begins."""

    read: Callable[[str, int, int], None]
    stage: Callable[[str], None]


@contextmanager
def showing_progress(stream: TextIO) -> Iterator[Shown]:
    """Show on the stream until the block ends."""
    if not stream.isatty():
        lines = Lines(lambda line: print(line, file=stream, flush=True), time.monotonic)
        yield Shown(lines.read, lines.stage)
        return
    # Only a build on a terminal needs it, and every command would wait for its import.
    from rich import console
    from rich import progress as bars_of_rich

    with bars_of_rich.Progress(
        bars_of_rich.TextColumn("{task.description}"),
        bars_of_rich.BarColumn(),
        bars_of_rich.DownloadColumn(),
        bars_of_rich.TransferSpeedColumn(),
        bars_of_rich.TimeRemainingColumn(),
        console=console.Console(file=stream),
    ) as progress:
        bars = _Bars(progress)
        yield Shown(bars.read, bars.stage)


class Lines:
    """A line when a stage begins, when a file is read, and now and then in between."""

    def __init__(self, write: Callable[[str], None], clock: Callable[[], float]) -> None:
        self._write = write
        self._clock = clock
        self._before = clock()
        self._began: dict[str, float] = {}
        self._told: dict[str, float] = {}

    def stage(self, name: str) -> None:
        """What begins, or was done."""
        self._before = self._clock()
        self._write(name)

    def read(self, name: str, done: int, total: int) -> None:
        """Bytes of a file; `total` is 0 when nobody knows."""
        now = self._clock()
        began = self._began.setdefault(name, self._before)
        whole = total > 0 and done >= total
        if not whole and now - self._told.setdefault(name, now) < _BETWEEN_LINES:
            return
        self._told[name] = float("inf") if whole else now
        self._before, took = now, now - began
        rate = f", {done / _MEGABYTE / took:,.0f} MB/s" if took > 0 else ""
        of = f" of {total / _MEGABYTE:,.1f}" if total and not whole else ""
        self._write(f"  {name}: {done / _MEGABYTE:,.1f}{of} MB{rate}")


class _Bars:
    """A bar for each file."""

    def __init__(self, progress: "Progress") -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}

    def stage(self, name: str) -> None:
        self._progress.console.print(name, highlight=False)

    def read(self, name: str, done: int, total: int) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=total or None)
        self._progress.update(self._tasks[name], completed=done, total=total or None)
