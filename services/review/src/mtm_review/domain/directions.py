"""Directions as people write them (`take 1 tablet by mouth twice daily`), parted into a dose and a frequency.

Claims carry no directions; a member or pharmacist may say them in a reconciliation. What is not understood stays
empty, so that no dose is ever made up.
"""

import re
from typing import Final

_AMOUNT: Final = re.compile(
    r"\b(\d+(?:\.\d+)?|one|two|three|four|half|½|a)\s*"
    r"(tablets?|tabs?|capsules?|caps?|pills?|patch(?:es)?|mg|mcg|g|ml|units?|films?|suppositor(?:y|ies))\b",
    re.IGNORECASE,
)


def dose_and_frequency(directions: str) -> tuple[str, str]:
    """`1 tablet` and the rest of the sentence; two empty texts where no amount is named."""
    found = _AMOUNT.search(directions)
    if found is None:
        return "", ""
    rest = directions[: found.start()] + directions[found.end() :]
    return found[0], " ".join(rest.split())
