"""The vocabulary: load, look-up, memory of workers, and building from files of the real sizes.

Everything is measured against a peer in the same run: the folder of tables for the load, a dict and a bare SQLite
select for the look-up, one process for several, and Python's csv reader over the same files for the build.
"""

import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from mtm_shared.vocabulary import Vocabulary, load_vocabulary
from mtm_shared.vocabulary.building import Sources, build
from mtm_shared.vocabulary.built import open_built

from benchmarks.official_files import add_invented, packaged_release
from benchmarks.official_sizes import REAL_SIZES, write_release
from benchmarks.rounds import interleaved, row

_WORKERS: Final = 4
_ASKED: Final = 20_000
_LOAD: Final = """
import sys, time, pathlib
from mtm_shared.vocabulary import load_vocabulary
began = time.perf_counter()
load_vocabulary(pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else None)
print(time.perf_counter() - began)
"""
_WORK: Final = """
import sys, pathlib
from mtm_shared.vocabulary import load_vocabulary
if sys.argv[1] != "-":
    book = load_vocabulary(None if sys.argv[1] == "packaged" else pathlib.Path(sys.argv[1]))
    for ndc in sys.argv[2].split():
        book.understand(ndc=ndc)
    book.understand(name="Lipitor 40 mg tablet")
    book.understand(name="lisinoprul 10 mg")
    book.conditions_of("E11.22")
print("ready", flush=True)
sys.stdin.readline()
print(pathlib.Path("/proc/self/smaps_rollup").read_text(), flush=True)
sys.stdin.readline()
"""
_READ: Final = """
import csv, pathlib, sys
csv.field_size_limit(1 << 30)
rows = 0
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.RRF")):
    with path.open(encoding="utf-8", newline="") as file:
        for _ in csv.reader(file, delimiter="|", quoting=csv.QUOTE_NONE):
            rows += 1
"""


def main() -> None:
    """Builds from a release of the real sizes, then measures both vocabularies."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        packaged, large = folder / "packaged.mtmv", folder / "large.mtmv"
        build(Sources(), packaged)
        _building(folder, large)
        _loading(packaged, large)
        _looking_up(large)
        _memory(packaged, large)


def _building(folder: Path, out: Path) -> None:
    """Time and peak memory of a process that builds, and of one that only reads the rows."""
    release = folder / "release"
    maker = packaged_release()
    add_invented(maker, drugs=5_000, ndcs_each=40)
    write_release(release, maker, REAL_SIZES)
    del maker
    size = sum(path.stat().st_size for path in release.rglob("*.RRF"))
    command = "from mtm_shared.vocabulary.command import app; app()"
    ours = [sys.executable, "-c", command, "build", "--out", str(out), "--rxnorm", str(release)]
    peer_seconds, peer_memory = _ran([sys.executable, "-c", _READ, str(release)])
    seconds, memory = _ran(ours)
    held = open_built(out).drugs
    row("RxNorm files", size / 1e6, "MB", f"{len(held.products):,} products, {len(held.ndcs):,} NDCs held")
    row("csv.reader over the same rows", peer_seconds, "s", f"{peer_memory:,.0f} MiB at most")
    row("build", seconds, "s", f"{seconds / peer_seconds:.1f} x csv.reader, {size / 1e6 / seconds:,.0f} MB/s")
    row("most memory while building", memory, "MiB", "must stay under 1,024")
    row("built file", out.stat().st_size / 1e6, "MB")


def _ran(command: Sequence[str]) -> tuple[float, float]:
    """Seconds, and peak resident MiB of the process."""
    began = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{command[:2]} ended with {process.returncode}")
    return time.perf_counter() - began, used.ru_maxrss / 1024


def _loading(packaged: Path, large: Path) -> None:
    """Each in a fresh process, imports not counted."""
    for name, path in (("packaged, built", packaged), ("large, built", large)):
        tables, built, ratio = interleaved(_load(), _load(str(path)))
        row(f"load {name}", built * 1e3, "ms", f"{ratio:.2f} x the {tables * 1e3:,.0f} ms of the folder of tables")


def _load(*path: str) -> Callable[[], float]:
    def measured() -> float:
        answer = subprocess.run([sys.executable, "-c", _LOAD, *path], check=True, capture_output=True, text=True)
        return float(answer.stdout)

    return measured


def _looking_up(path: Path) -> None:
    """The first look-up of an identifier goes to the file, every later one is remembered."""
    packaged, chosen = load_vocabulary(), random.Random(2026)
    built = open_built(path)
    ndcs = chosen.sample(sorted(built.drugs.ndcs), _ASKED)
    rxcuis = chosen.sample(sorted(built.drugs.products), _ASKED)
    names = [built.drugs.products[rxcui].name for rxcui in rxcuis[:2_000]]
    codes = [code + "0" for code in packaged.tables.conditions.categories]
    asked: tuple[tuple[str, Sequence[str], Callable[[Vocabulary, str], object]], ...] = (
        ("NDC", ndcs, lambda book, one: book.understand(ndc=one)),
        ("RxCUI", rxcuis, lambda book, one: book.understand(rxcui=one)),
        ("name", names, lambda book, one: book.understand(name=one)),
        ("ICD-10-CM", codes, lambda book, one: book.conditions_of(one)),
    )
    select = _bare_select(path, ndcs)
    row("bare sqlite3 select by key", select * 1e6, "us")
    for kind, values, ask in asked:
        book = Vocabulary(open_built(path))
        first = _each(values, lambda one, book=book, ask=ask: ask(book, one))  # type: ignore[misc]
        again = statistics.median(
            _each(values, lambda one, book=book, ask=ask: ask(book, one))  # type: ignore[misc]
            for _ in range(5)
        )
        table = dict.fromkeys(values, 0)
        plain = statistics.median(_each(values, table.__getitem__) for _ in range(5))
        row(f"{kind}, first time", first * 1e6, "us", f"{first / select:.1f} x a bare select")
        row(f"{kind}, again", again * 1e6, "us", f"{again / plain:.1f} x a dict look-up")


def _each(values: Sequence[str], ask: Callable[[str], object]) -> float:
    """Seconds for each."""
    began = time.perf_counter()
    for one in values:
        ask(one)
    return (time.perf_counter() - began) / len(values)


def _bare_select(path: Path, keys: Sequence[str]) -> float:
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    try:
        sql = "SELECT value FROM drugs_ndcs WHERE key = ?"
        return _each(keys, lambda key: connection.execute(sql, (key,)).fetchone())
    finally:
        connection.close()


def _memory(packaged: Path, large: Path) -> None:
    """What one worker adds to a machine: its proportional set size (pages shared by n count for 1/n each)."""
    if not Path("/proc/self/smaps_rollup").exists():
        row("memory of workers", 0, "MiB", "needs Linux")
        return
    ndcs = " ".join(random.Random(1).sample(sorted(load_vocabulary().tables.drugs.ndcs), 2_000))
    empty = _workers(1, "-", ndcs)[0]
    row("worker without a vocabulary", empty, "MiB", "resident")
    for name, what in (("folder of tables", "packaged"), ("built", str(packaged)), ("large, built", str(large))):
        one, _ = _workers(1, what, ndcs)
        _, each = _workers(_WORKERS, what, ndcs)
        row(f"1 worker, {name}", one, "MiB", f"resident; {one - empty:,.1f} more than without")
        row(f"each of {_WORKERS} workers, {name}", each, "MiB", "proportional set size")


def _workers(count: int, what: str, ndcs: str) -> tuple[float, float]:
    """Mean resident and mean proportional MiB of workers that are alive together and have looked things up."""
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _WORK, what, ndcs], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(count)
    ]
    for worker in started:
        _line(worker)
    found = [_sizes(worker) for worker in started]
    for worker in started:
        worker.communicate("\n")
    return statistics.mean(size["Rss"] for size in found), statistics.mean(size["Pss"] for size in found)


def _line(worker: "subprocess.Popen[str]") -> str:
    assert worker.stdout is not None
    return worker.stdout.readline()


def _sizes(worker: "subprocess.Popen[str]") -> dict[str, float]:
    """`Rss` and `Pss` in MiB."""
    assert worker.stdin is not None
    worker.stdin.write("\n")
    worker.stdin.flush()
    found: dict[str, float] = {}
    while (line := _line(worker)).strip():
        label, _, rest = line.partition(":")
        if label in ("Rss", "Pss"):
            found[label] = int(rest.split()[0]) / 1024
    return found


if __name__ == "__main__":
    main()
