"""A made-up RxNorm release written in its real sizes, and how long the reader takes over it.

The rows of RxNorm's own (`benchmarks.official_files`) are spread evenly among rows of invented neighbours: other
sources, suppressed names, relations between atoms and attributes that are not read. The sizes are those that the
Readme of the prescribable release of 2025-10-06 gives.
"""

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.official_files import ReleaseMaker, add_invented, packaged_release
from benchmarks.rounds import row

REAL_SIZES = {"RXNCONSO": 30_408_903, "RXNREL": 194_599_861, "RXNSAT": 275_223_799}
_NEIGHBOURS = 50_000_000
_BLOCK = 1 << 20
_READ = """
import pathlib, resource, sys, time
from mtm_shared.vocabulary.official.rxnorm import read_rxnorm
started = time.perf_counter()
content = read_rxnorm(pathlib.Path(sys.argv[1]), lambda *_: None)
print(time.perf_counter() - started)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
print(f"{len(content.products):,} products, {len(content.ndcs):,} NDCs, {sum(f.rows for f in content.files):,} rows")
"""


def write_release(folder: Path, maker: ReleaseMaker, sizes: Mapping[str, int] | None = None) -> Path:
    """The three tables in `folder/rrf`, filled up with rows of other sources to `sizes` in bytes; returns `folder`."""
    inside = folder / "rrf"
    inside.mkdir(parents=True, exist_ok=True)
    tables = {
        "RXNCONSO": (maker.tables.conso, _other_name),
        "RXNREL": (maker.tables.rel, _other_relation),
        "RXNSAT": (maker.tables.sat, _other_attribute),
    }
    for name, (rows, filler) in tables.items():
        _write(inside / f"{name}.RRF", rows, filler, (sizes or {}).get(name, 0))
    return folder


def _write(path: Path, rows: list[str], filler: Callable[[int], str], size: int) -> None:
    """The rows in order, with filling rows spread evenly between them until the file has its size."""
    own = sum(map(len, rows)) + len(rows)
    each = sum(len(filler(index)) + 1 for index in range(1000)) / 1000
    fills = max(0, int((size - own) / each))
    with path.open("w", encoding="utf-8", newline="\n", buffering=_BLOCK) as file:
        written = 0
        for index, own_row in enumerate(rows, 1):
            until = fills * index // len(rows)
            file.write("".join([own_row, "\n", *(filler(number) + "\n" for number in range(written, until))]))
            written = until


def _concept(index: int) -> str:
    """An RxCUI that an invented neighbour hangs on."""
    return str(_NEIGHBOURS + index % 40_000)


def _other_name(index: int) -> str:
    """A name from another source, every seventh one RxNorm's own but suppressed."""
    rxcui = _concept(index)
    if index % 7 == 0:
        name = f"Neighbour {index} 10 MG Oral Tablet"
        return f"{rxcui}|ENG||||||{index}|{index}|{rxcui}||RXNORM|SCD|{rxcui}|{name}||O|4096|"
    source = ("MTHSPL", "VANDF", "NDDF", "MMSL", "GS")[index % 5]
    name = f"NEIGHBOUR {index} HYDROCHLORIDE 10 mg ORAL TABLET, FILM COATED"
    return f"{rxcui}|ENG||||||{index}||{index}||{source}|DP|{index}|{name}||N|4096|"


def _other_relation(index: int) -> str:
    """A relation between atoms of another source, every fifth one RxNorm's own of a kind that is not read."""
    if index % 5 == 0:
        rela = ("isa", "inverse_isa", "has_doseformgroup", "doseformgroup_of")[index // 5 % 4]
        return f"{_concept(index)}||CUI|RB|{_concept(index + 1)}||CUI|{rela}|{index}||RXNORM||||N|4096|"
    return f"|{index}|AUI|RO||{index + 1}|AUI|active_ingredient_of|{index}||MTHSPL||||N|4096|"


def _other_attribute(index: int) -> str:
    """An attribute of another source, every sixth one RxNorm's own of a kind that is not read."""
    rxcui = _concept(index)
    if index % 6 == 0:
        return f"{rxcui}|||{index}|AUI|{rxcui}|||RXN_HUMAN_DRUG|RXNORM|US|N|4096|"
    if index % 6 == 1:
        return (
            f"{rxcui}|||{index}|AUI|{index}|||NDC|MTHSPL|{index % 90000:05}-{index % 9000:04}-{index % 90:02}|N|4096|"
        )
    kind = ("SPL_SET_ID", "LABELER", "MARKETING_STATUS", "MARKETING_EFFECTIVE_TIME_LOW")[index % 4]
    return f"{rxcui}|||{index}|AUI|{index}|||{kind}|MTHSPL|{index * 7919:032x}|N|4096|"


def main() -> None:
    """Writes a release of the real sizes, reads it, and prints the time and the most memory that took."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        started = time.perf_counter()
        maker = packaged_release()
        add_invented(maker, drugs=5_000, ndcs_each=20)
        write_release(folder, maker, REAL_SIZES)
        row("write a release of the real sizes", time.perf_counter() - started, "s")
        del maker
        seconds, megabytes, answer = measured_reading(folder)
        row("read it", seconds, "s", answer)
        row("most memory while reading", megabytes, "MiB", "of a process that does nothing else")


def measured_reading(folder: Path) -> tuple[float, float, str]:
    """Seconds and peak resident MiB of reading a release in a process of its own, and what it held."""
    command = [sys.executable, "-c", _READ, str(folder)]
    lines = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    return float(lines[0]), float(lines[1]), lines[2]


if __name__ == "__main__":
    main()
