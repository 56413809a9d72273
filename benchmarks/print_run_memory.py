"""Resident memory over 10,000 letters: the process with documents and its worker, and each drawing process.

Ten print runs of a thousand letters, worked off and merged one after another; memory is read while they go on (Linux
only). The peer is the same process after two thousand letters, when a first bundle has been merged. Not among the
benchmarks that run by default: it takes several minutes.
"""

import asyncio
import tempfile
from pathlib import Path

from mtm_documents.storage import tables
from sqlalchemy import func, select

from benchmarks.print_run import Programme, programme
from benchmarks.rounds import row

LETTERS = 10_000
MEMBERS = 1_000
EVERY = 1_000
PEER = 1


def _resident(pid: str = "self") -> float:
    """Megabytes of a process, as the kernel counts them; Linux only."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def _drawing() -> list[str]:
    """The drawing processes, which this one has spawned; eligibility's is another one's."""
    children = [
        child
        for tasks in Path("/proc/self/task").iterdir()
        for child in (tasks / "children").read_text(encoding="ascii").split()
    ]
    return [child for child in children if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]


async def _made(ready: Programme) -> int:
    async with ready.database.reading() as session:
        return int(await session.scalar(select(func.count()).select_from(tables.documents)) or 0)


async def _watch(ready: Programme, seen: list[tuple[int, float, float]]) -> None:
    """Read memory each time another thousand letters are kept."""
    while True:
        await asyncio.sleep(1)
        made = await _made(ready)
        if made >= EVERY * (len(seen) + 1):
            seen.append((made, _resident(), max((_resident(child) for child in _drawing()), default=0.0)))
            row(f"after {made:>6} letters: documents and worker", seen[-1][1], "MB")
            row(f"after {made:>6} letters: a drawing process", seen[-1][2], "MB")


async def _measure(folder: Path) -> None:
    seen: list[tuple[int, float, float]] = []
    async with programme(folder, MEMBERS) as ready:
        watching = asyncio.create_task(_watch(ready, seen))
        for _ in range(LETTERS // MEMBERS):
            await ready.run(ready.enrollment_ids)
        await asyncio.sleep(2)
        watching.cancel()
    for place, name in ((1, "documents and worker"), (2, "a drawing process")):
        row(f"{name}, at the end by after {seen[PEER][0]}", seen[-1][place] / seen[PEER][place], "ratio")


def main() -> None:
    """Prints memory by letters made, and the growth."""
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder)))
