"""Members of the sample plan written a second, against `json.dumps` of the same records made ready in memory.

The peer only turns finished dictionaries into text; ours invents the members, formats and hashes their files and writes
them. Then a hundred thousand members in a process of their own, for the rate and the peak memory, which must not grow
with the plan.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.rounds import interleaved, row
from deploy.local.sample.plan import members
from deploy.local.sample.run import Order, write_sample

SOME = 2_000
MANY = 100_000
FEW = 10_000
SEED = 2026


def main() -> None:
    """Prints rate and memory at two sizes, then the ratio for each format."""
    for size in (FEW, MANY):  # first, because a process is charged with what its parent held when it was forked
        seconds, peak = _alone(size)
        row(f"{size:,} members as csv, one process", size / seconds, "members/s", f"{peak / 1024:,.0f} MiB at most")
    records = [member.record for member in members(SOME, SEED)]
    for form in ("ndjson", "csv", "rif", "parquet"):
        _ratio(records, form)


def _ratio(records: list[dict[str, object]], form: str) -> None:
    with tempfile.TemporaryDirectory() as name:

        def dumped() -> float:
            started = time.perf_counter()
            with (Path(name) / "peer.ndjson").open("w", encoding="utf-8") as out:
                for record in records:
                    out.write(json.dumps(record) + "\n")
            return SOME / (time.perf_counter() - started)

        def written() -> float:
            started = time.perf_counter()
            write_sample(Order(Path(name), SOME, SEED, form), progress=False)
            return SOME / (time.perf_counter() - started)

        written()
        peer, ours, ratio = interleaved(dumped, written)
    if form == "ndjson":
        row("json.dumps of the same records", peer, "members/s", "(peer)")
    row(f"made and written as {form}", ours, "members/s", f"{ratio:.2f} of the peer (aim 1,500 members/s)")


def _alone(size: int) -> tuple[float, int]:
    """Seconds and KiB of a process that writes so many."""
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "deploy.local.sample", "--members", str(size), "--format", "csv"]
        started = time.perf_counter()
        process = subprocess.Popen([*command, "--out", name, "--quiet"])
        _, status, used = _wait(process)
        if status:
            raise RuntimeError(f"the sample was not written: exit status {status}")
        return time.perf_counter() - started, used.ru_maxrss


def _wait(process: subprocess.Popen[bytes]) -> tuple[int, int, resource.struct_rusage]:
    """As os.wait4, which knows the memory of this one child."""
    done = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(done[1])
    return done


if __name__ == "__main__":
    main()
