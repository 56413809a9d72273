"""Everything that a regimen tells at once: its courses, what changed lately, and how reported lines stand to claims."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from mtm_review.domain.changes import RegimenChange, changes_of
from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Patient
from mtm_review.domain.reconciling import Difference, differences_of
from mtm_review.domain.regimen import Regimen, build_regimen


@dataclass(frozen=True, slots=True)
class Taking:
    """What is known of the member's medications on the day."""

    regimen: Regimen
    changes: tuple[RegimenChange, ...]
    differences: tuple[Difference, ...]


def taking(patient: Patient, medications: Sequence[Medication], as_of: date, knowledge: Knowledge) -> Taking:
    """The regimen on the day with its changes and differences."""
    regimen = build_regimen(medications, as_of, patient.stays, patient.ends)
    return Taking(regimen, changes_of(regimen, knowledge), differences_of(medications, regimen))
