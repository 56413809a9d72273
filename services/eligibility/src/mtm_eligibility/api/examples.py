"""Examples for the OpenAPI document: one invented member, short enough to read."""

from typing import Any

from fastapi.openapi.models import Example

MEMBER: dict[str, Any] = {
    "member_id": "M-1001",
    "first_name": "Rosa",
    "last_name": "Example",
    "birth_date": "1951-04-26",
    "sex": "female",
    "language": "es",
}
COVERAGE: dict[str, Any] = {
    "contract_id": "H0001",
    "pbp_id": "001",
    "plan_type": "MA-PD",
    "effective_from": "2026-01-01",
}
FILL: dict[str, Any] = {
    "claim_id": "C-1",
    "ndc": "00071015523",
    "fill_date": "2026-01-15",
    "days_supply": 30,
    "quantity": "30",
    "ingredient_cost": "11.20",
    "dispensing_fee": "1.75",
    "sales_tax": "0.00",
    "vaccine_fee": "0.00",
    "coverage_status": "C",
}
DIAGNOSIS: dict[str, Any] = {"icd10": "E11.9", "service_date": "2026-01-10", "setting": "carrier"}
RECORD: dict[str, Any] = {
    "member": MEMBER,
    "coverage": COVERAGE,
    "fills": [FILL],
    "diagnoses": [DIAGNOSIS],
    "drug_management": {"at_risk": False, "coverage_limitation": False, "effective_from": "2026-01-01"},
}
EVALUATION: dict[str, Example] = {
    "one member": {"value": {"program_id": "cms-2026", "as_of": "2026-03-31", "record": RECORD}}
}
