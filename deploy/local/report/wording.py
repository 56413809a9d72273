"""How the page names the codes of the wire."""

from collections.abc import Mapping

CRITERIA: Mapping[str, str] = {
    "chronic_conditions": "Chronic diseases",
    "part_d_drugs": "Part D drugs",
    "annual_cost": "Likely annual cost",
    "drug_management": "At risk, with an active limitation",
}
OUTCOMES: Mapping[str, str] = {
    "eligible": "Eligible",
    "not_eligible": "Not eligible",
    "cannot_tell": "Cannot tell",
    "met": "Met",
    "not_met": "Not met",
}
PATHWAYS: Mapping[str, str] = {
    "chronic_drugs_cost": "diseases, drugs and cost",
    "at_risk": "at-risk pathway",
    "both": "both pathways",
}
SCREENS: Mapping[str, str] = {
    "duplicate_therapy": "Duplicate therapy",
    "drug_disease": "Drug against disease",
    "drug_drug": "Drug against drug",
    "older_adult": "Older adults",
    "opioid_safety": "Opioid safety",
    "adherence": "Adherence",
    "gap_in_care": "Gap in care",
    "dose": "Dose",
    "duration": "Duration",
    "cost": "Cost",
    "allergy": "Allergy",
}
LANGUAGES: Mapping[str, str] = {"en": "English", "es": "Spanish"}


def plain(code: str) -> str:
    """A code as words."""
    return code.replace("_", " ")
