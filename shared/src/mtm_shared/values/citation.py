"""Where a value comes from, and how sure we are of it (ARCHITECTURE.md, law 4)."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How far a cited value may be relied on."""

    FINAL = "final"
    PROPOSED = "proposed"
    ESTIMATED = "estimated"
    UNVERIFIED = "unverified"


@dataclass(frozen=True, slots=True)
class Citation:
    """A source that a reader can look up, such as `42 CFR 423.153(d)(2)(i)(C)`."""

    source: str
    status: Status
    note: str = ""

    def __str__(self) -> str:
        return self.source if self.status is Status.FINAL else f"{self.source} ({self.status})"
