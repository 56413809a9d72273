"""Laboratory tests that rules read, and the codes under which their results come."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LabTest:
    """A test by an id of this project; `codes` are LOINC codes. `valid_days` is how long a result may be relied on."""

    lab_id: str
    name: str
    codes: frozenset[str]
    unit: str
    lowest: int
    highest: int
    valid_days: int
