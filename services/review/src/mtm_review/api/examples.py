"""Examples for the OpenAPI document: one invented member on two anti-inflammatory drugs, short enough to read."""

from typing import Annotated, Any

from fastapi import Body
from mtm_shared.contracts.policies import PolicyForecastRequest
from mtm_shared.contracts.review import (
    Consultation,
    FindingDecision,
    MedicationsRequest,
    ReviewRequest,
    ScreeningRequest,
)
from mtm_shared.contracts.review_runs import ReviewRunRequest


def _example(name: str, value: dict[str, Any]) -> Any:
    return Body(openapi_examples={name: {"value": value}})


ScreeningBody = Annotated[
    ScreeningRequest,
    _example(
        "two pain relievers in heart failure",
        {
            "as_of": "2026-06-30",
            "member": {"birth_date": "1951-04-26", "sex": "female"},
            "medications": [
                {
                    "name": "naproxen 500 mg",
                    "source": "claim",
                    "fills": [
                        {"fill_date": "2026-05-20", "days_supply": 30, "prescriber_npi": "1234567893"},
                        {"fill_date": "2026-06-19", "days_supply": 30, "prescriber_npi": "1234567893"},
                    ],
                },
                {"name": "ibuprofen 200 mg", "source": "otc"},
            ],
            "conditions": [{"icd10": "I50.9", "source": "claim"}],
        },
    ),
]
ReviewBody = Annotated[
    ReviewRequest,
    _example("a comprehensive review", {"member_id": "M-1001", "kind": "cmr", "as_of": "2026-06-30"}),
]
MedicationsBody = Annotated[
    MedicationsRequest,
    _example(
        "what the member says",
        {
            "author": "P. Lee, PharmD",
            "medications": [
                {"name": "ibuprofen 200 mg", "source": "otc", "as_needed": True, "reason": "back pain"},
                {"medication_id": "m1", "directions": "one tablet every morning", "reason": "blood pressure"},
            ],
        },
    ),
]
DecisionBody = Annotated[
    FindingDecision,
    _example(
        "accepted",
        {"decision": "accepted", "reason": "Takes both every day.", "author": "P. Lee, PharmD"},
    ),
]
ConsultationBody = Annotated[
    Consultation,
    _example(
        "by telephone with the member",
        {
            "held_on": "2026-07-01",
            "method": "telephone",
            "recipient": "beneficiary",
            "provider_name": "P. Lee",
            "provider_title": "PharmD",
            "provider_type": "09",
            "minutes": 30,
            "cognitively_impaired": "N",
            "author": "P. Lee, PharmD",
        },
    ),
]
ReviewRunBody = Annotated[
    ReviewRunRequest,
    _example(
        "a quarter's targeted reviews",
        {"kind": "tmr", "as_of": "2026-06-30", "program_id": "cms-2026", "member_ids": ["M-1001", "M-1002"]},
    ),
]
PolicyForecastBody = Annotated[
    PolicyForecastRequest,
    _example(
        "a policy that is being written",
        {
            "as_of": "2026-06-30",
            "program_id": "cms-2026",
            "policy": {
                "policy_id": "example-2026",
                "sponsor": "Example Health Plan",
                "title": "Less noise from short duplicates",
                "version": "1",
                "author": "Clinical pharmacist",
                "second_approver": "P&T committee",
                "note": "Agreed on for the first year.",
                "effective_from": "2026-01-01",
                "expires_on": "2026-12-31",
                "show": {"max_findings": 8, "reason": "A call has time for eight."},
                "min": [
                    {"screen": "duplicate_therapy", "tier": 2, "reason": "Shared indications alone change no therapy."}
                ],
            },
        },
    ),
]
