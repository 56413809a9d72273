"""`python -m benchmarks [name …]` runs the named measurements, or all of them but the longest."""

import importlib
import sys

ALL = (
    "determinations",
    "screenings",
    "reviews",
    "review_quality",
    "rules_engine",
    "documents",
    "print_run",
    "vocabulary",
    "sample",
)
ON_REQUEST = ("print_run_memory",)
"""Takes long: only by its name."""


def main(names: list[str]) -> int:
    """Runs each benchmark in turn and returns 2 for a name that does not exist."""
    if unknown := [name for name in names if name not in (*ALL, *ON_REQUEST)]:
        print(f"no such benchmark: {', '.join(unknown)}; there are {', '.join((*ALL, *ON_REQUEST))}", file=sys.stderr)
        return 2
    for name in names or ALL:
        print(f"\n== {name}", flush=True)
        importlib.import_module(f"benchmarks.{name}").main()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
