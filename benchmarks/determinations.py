"""Determinations a second on one uvicorn worker, against a route that only validates the same body; kernel time.

The record has 40 fills of ten drugs and eight diagnoses. Aim: at least half of the validate-only route.
"""

import json
import timeit
from datetime import date, timedelta
from typing import Any

from mtm_eligibility.api.shapes import facts_of
from mtm_eligibility.domain.determine import determine
from mtm_eligibility.reference import load_programs
from mtm_eligibility.usecases.lexicon import Lexicon
from mtm_shared.contracts.eligibility import EvaluationRequest
from mtm_shared.vocabulary import load_vocabulary

from benchmarks.rounds import row
from benchmarks.throughput import against_validation

DRUGS = ("83367", "17767", "29046", "6809", "4815", "5487", "41126", "40790", "36567", "52175")
DIAGNOSES = ("E11.9", "I10", "E78.5", "I50.9", "J44.9", "M81.0", "F32.A", "N18.30")
AS_OF = date(2026, 6, 30)


def body() -> dict[str, Any]:
    """The request: 40 monthly fills and eight diagnoses."""
    fills = [
        {
            "claim_id": f"C{number}",
            "rxcui": DRUGS[number % len(DRUGS)],
            "fill_date": str(date(2026, 1, 5) + timedelta(days=30 * (number // len(DRUGS)))),
            "days_supply": 30,
            "quantity": "30",
            "ingredient_cost": "41.17",
            "dispensing_fee": "1.50",
            "sales_tax": "0",
            "vaccine_fee": "0",
            "coverage_status": "C",
            "prescriber_npi": "1234567893",
        }
        for number in range(40)
    ]
    diagnoses = [
        {"icd10": code, "service_date": str(AS_OF - timedelta(days=20 + 30 * day)), "setting": "outpatient"}
        for day, code in enumerate(DIAGNOSES)
    ]
    coverage = {"contract_id": "H1234", "pbp_id": "001", "plan_type": "MA-PD", "effective_from": "2025-01-01"}
    member = {"member_id": "M1", "birth_date": "1948-02-03", "sex": "female"}
    record = {"member": member, "coverage": coverage, "fills": fills, "diagnoses": diagnoses}
    return {"program_id": "cms-2026", "as_of": str(AS_OF), "record": record}


def kernel() -> None:
    """Seconds of the pure decision, and of turning a validated body into its facts."""
    request = EvaluationRequest.model_validate_json(json.dumps(body()))
    lexicon, program = Lexicon(load_vocabulary()), load_programs()["cms-2026"]
    facts = facts_of(request.record, lexicon)
    decide = min(timeit.repeat(lambda: determine(facts, program, AS_OF), number=500, repeat=5)) / 500
    shape = min(timeit.repeat(lambda: facts_of(request.record, lexicon), number=500, repeat=5)) / 500
    row("kernel: determine, 40 fills, 8 diagnoses", decide * 1e6, "microseconds")
    row("wire to facts, the same record", shape * 1e6, "microseconds")


def main() -> None:
    """Prints both measurements."""
    kernel()
    against_validation("eligibility", "/v1/determinations/evaluate", body(), "determinations/s")
