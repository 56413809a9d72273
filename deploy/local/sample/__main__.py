"""`python -m deploy.local.sample --members 1000000 --format parquet --out FOLDER`: write a made-up Part D plan."""

import argparse
import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from deploy.local.sample.member import BAD_ROWS
from deploy.local.sample.run import FORMATS, SHARD, FolderInUse, Order, free_space, prepare, say, write_sample

MOST = 10_000_000
USAGE = 2
INTERRUPTED = 130
BYTES_A_MEMBER = {"ndjson": 15_000, "csv": 6_000, "rif": 8_000, "parquet": 1_200}

DESCRIPTION = """\
Write a made-up Part D plan: members, coverage, twelve months of drug events, diagnoses, stays, drug management, what
members say they take, and the truth about everything that was planted. The same seed gives the same bytes, and member
7 of 60 is member 7 of 10,000,000. Nobody in it exists."""
EPILOG = """\
formats
  ndjson   one record a line, as POST /v1/imports reads them (format ndjson)
  csv      csv-members, csv-fills, csv-diagnoses; members with stays or drug management in records-*.ndjson
  rif      CCW files: rif-beneficiary by year, rif-pde, rif-carrier, rif-outpatient, rif-inpatient, rif-snf, rif-hospice
  parquet  a table each: members, coverage, fills, diagnoses, drug_management, stays, reported, truth

examples
  python -m deploy.local.sample --members 1000 --out sample
  python -m deploy.local.sample --members 1000000 --format parquet --processes 8 --out /data/sample

docs/sample.md describes the schema, the rates and where they come from."""


def _number(low: float, high: float, kind: type[int] | type[float]) -> "type[int] | type[float]":
    def parse(text: str) -> float:
        try:
            value = kind(text.replace("_", "").replace(",", ""))
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text} is not a number") from None
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"must be from {low:,} to {high:,}, not {text}")
        return value

    return parse  # type: ignore[return-value]


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.local.sample",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--members", type=_number(1, MOST, int), default=1000, help="how many, to 10,000,000 (default: 1000)")
    add("--format", choices=FORMATS, default="ndjson", help="what to write (default: ndjson)")
    add("--out", type=Path, required=True, help="folder to write into; made if need be, refused if not empty")
    add("--seed", type=_number(0, 2**31, int), default=2026, help="another seed is another plan (default: 2026)")
    add("--processes", type=_number(1, 256, int), default=1, help="does not change what is written (default: 1)")
    bad = "share of bad rows: impossible dates, ICD-9 codes, unknown members … (default: %(default)s; 0: none)"
    add("--bad-rows", type=_number(0, 0.2, float), default=BAD_ROWS, help=bad)
    add("--shard", type=_number(100, 1_000_000, int), default=SHARD, help=f"members a file (default: {SHARD:,})")
    add("--force", action="store_true", help="remove an earlier sample from the folder first")
    add("--quiet", action="store_true", help="no progress bar, no summary")
    return parser.parse_args(given)


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the plan and say what it holds; answers the exit status."""
    given = _arguments(arguments)
    order = Order(given.out, given.members, given.seed, given.format, given.bad_rows, given.shard)
    try:
        prepare(order.out, force=given.force)
        wanted, free = order.members * BYTES_A_MEMBER[order.form], free_space(order.out)
        if wanted > free:
            say(f"This needs about {wanted / 1e6:,.0f} MB; {order.out} has {free / 1e6:,.0f} MB free.")
            return USAGE
        started = time.perf_counter()
        processes = min(given.processes, os.cpu_count() or 1)
        manifest = write_sample(order, processes=processes, progress=not given.quiet)
    except FolderInUse as refused:
        say(str(refused))
        return USAGE
    except BrokenProcessPool:
        say("A process ended before its work was done (out of memory?); the folder holds an unfinished sample.")
        return 1
    except OSError as failed:
        say(f"{order.out} cannot be written: {failed.strerror}.")
        return 1
    except KeyboardInterrupt:
        say("Interrupted; the folder holds an unfinished sample without a manifest. --force removes it.")
        return INTERRUPTED
    if not given.quiet:
        seconds = time.perf_counter() - started
        rows = ", ".join(f"{count:,} {name}" for name, count in manifest["rows"].items())
        say(f"{order.members:,} members in {seconds:,.1f} s ({order.members / seconds:,.0f} a second): {rows}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
