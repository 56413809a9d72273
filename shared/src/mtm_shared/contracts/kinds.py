"""The names of screens and severities, which screenings, policies and the knowledge share."""

from typing import Literal

Screen = Literal[
    "duplicate_therapy", "drug_disease", "drug_drug", "older_adult", "opioid_safety", "adherence", "gap_in_care",
    "dose", "duration", "cost", "allergy",
]  # fmt: skip
Severity = Literal["contraindicated", "major", "moderate", "minor"]
