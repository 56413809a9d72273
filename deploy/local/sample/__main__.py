"""`python -m deploy.local.sample FOLDER [--members 1000] [--seed 2026]`: write the made-up plan into a folder."""

import argparse
from pathlib import Path

from deploy.local.sample.writing import write_plan


def main() -> None:
    """Write the files and say what they hold."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local.sample", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2026)
    given = parser.parse_args()
    plan = write_plan(given.folder, count=given.members, seed=given.seed)
    print(f"{len(plan.languages)} members, {plan.fills} drug events, {plan.diagnoses} diagnoses")
    for file in plan.files:
        print(f"  {file.format:14} {file.path}")


if __name__ == "__main__":
    main()
