"""Precision and recall of the screens on the labelled cases, by screen and tier; `--write` publishes them in docs."""

import sys
from pathlib import Path

_ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(_ROOT / "tests"))

from cases.review.blind_members import load_members  # noqa: E402
from cases.review.cases import load_cases  # noqa: E402
from cases.review.quality import PAGE, measure, page  # noqa: E402


def main() -> None:
    """Prints the table, every miss included."""
    cases = load_cases()
    quality = measure(cases, load_members())
    print(f"{'screen':<26}{'tier':>5}{'right':>7}{'wrong':>7}{'missed':>8}{'precision':>11}{'recall':>8}")
    for (screen, tier), tally in sorted(quality.by_tier.items()):
        counts = f"{tally.right:>7}{tally.wrong:>7}{tally.missed:>8}"
        print(f"{screen:<26}{tier:>5}{counts}{tally.precision:>11.3f}{tally.recall:>8.3f}")
    for miss in quality.misses:
        print(f"  {miss.case.case_id}: {miss.what}: {miss.rule}. {miss.case.miss}")
    if "--write" in sys.argv:
        (_ROOT / PAGE).write_text(page(quality, cases), encoding="utf-8")


if __name__ == "__main__":
    main()
