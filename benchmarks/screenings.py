"""Screenings a second on one uvicorn worker, against a route that only validates the same body.

The member has twelve medications with six fills each, eight conditions, and what a pharmacist would find in them:
naproxen in heart failure and kidney disease, metformin in severe kidney disease. Aim: at least half of the peer.
"""

from datetime import date, timedelta
from typing import Any

from benchmarks.throughput import against_validation

DRUGS = ("83367", "17767", "29046", "6809", "4821", "5487", "41126", "40790", "10582", "36437", "25480", "7258")
CONDITIONS = ("E11.9", "I10", "E78.5", "I50.9", "J44.9", "M81.0", "F32.A", "N18.4")
AS_OF = date(2026, 6, 30)


def body() -> dict[str, Any]:
    """The request, as an integrator would send it."""
    fills = [
        {"fill_date": str(AS_OF - timedelta(days=20 + 30 * month)), "days_supply": 30, "quantity": "30"}
        for month in range(6)
    ]
    medications = [{"rxcui": rxcui, "source": "claim", "fills": fills} for rxcui in DRUGS]
    conditions = [{"icd10": code, "since": "2025-01-01", "source": "claim"} for code in CONDITIONS]
    member = {"birth_date": "1948-02-03", "sex": "female"}
    return {"as_of": str(AS_OF), "member": member, "medications": medications, "conditions": conditions}


def main() -> None:
    """Throughput over HTTP."""
    against_validation("review", "/v1/screenings", body(), "screenings/s")
