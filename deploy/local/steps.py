"""Progress on the terminal, and how long each step took for the page that the demo leaves."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn


@dataclass(frozen=True, slots=True)
class StepTime:
    """A step that is over."""

    name: str
    seconds: float
    count: int


@dataclass(slots=True)
class Step:
    """A running step; `advance` moves its bar."""

    progress: Progress
    task: TaskID
    count: int = 0

    def advance(self) -> None:
        """One more is done."""
        self.count += 1
        self.progress.advance(self.task)

    def set(self, completed: float) -> None:
        """So much is done."""
        self.count = round(completed)
        self.progress.update(self.task, completed=completed)


@dataclass(slots=True)
class Steps:
    """All steps of a run, on one live display."""

    console: Console
    times: list[StepTime] = field(default_factory=list)
    started: float = field(default_factory=time.monotonic)
    _progress: Progress | None = None

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show the bars while the body runs."""
        with Progress(
            SpinnerColumn(finished_text="[green]✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=32),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=self.console,
            disable=not self.console.is_terminal,
        ) as progress:
            self._progress = progress
            yield

    @contextmanager
    def step(self, name: str, total: int = 1) -> Iterator[Step]:
        """Time a step; one without parts is complete when its body ends. Where nobody watches, a line says so."""
        assert self._progress is not None, "steps run inside shown()"
        began = time.monotonic()
        running = Step(self._progress, self._progress.add_task(name, total=max(total, 1)))
        yield running
        self._progress.update(running.task, completed=max(total, 1))
        done = StepTime(name, time.monotonic() - began, running.count)
        self.times.append(done)
        if not self.console.is_terminal:
            self.console.print(f"{name}: {done.seconds:.1f} s", highlight=False, soft_wrap=True)

    @property
    def seconds(self) -> float:
        """Since the run began."""
        return time.monotonic() - self.started
