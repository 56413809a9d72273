"""What is wrong with a row or with the facts behind it, by rule and by data validation standard."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from mtm_shared.values.citation import Citation, Status

SOURCE: Final = Citation("CMS-10185, section II, MTM programs", Status.UNVERIFIED)
"""What every finding is a finding under; CMS's own list of edits could not be read."""


class Severity(StrEnum):
    """An error counts against its standard; a warning is for a person to look at."""

    ERROR = "error"
    WARNING = "warning"


class Standard(StrEnum):
    """The scored standards of the data validation of MTM (CMS-10305, appendix J)."""

    C1 = "1.c"
    D1 = "1.d"
    E1 = "1.e"
    G1 = "1.g"
    H1 = "1.h"
    E2 = "2.e"


@dataclass(frozen=True, slots=True)
class Finding:
    """One broken rule of one member. The text names no value: findings are read by more people than the file is."""

    rule: str
    field: str
    severity: Severity
    standard: Standard
    text: str
