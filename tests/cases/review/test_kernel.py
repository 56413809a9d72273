"""The labelled cases against the kernel, with the real vocabulary and the real knowledge."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from cases.review.cases import Case, load_cases
from mtm_review.api.shapes import medications_of, options_of, patient_of
from mtm_review.domain.finding import Screening
from mtm_review.domain.patient import Stay
from mtm_review.domain.screening import screen
from mtm_review.reference import load_knowledge
from mtm_shared.contracts.screening import ScreeningRequest
from mtm_shared.vocabulary import load_vocabulary

CASES = load_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case_id)
def test_case(case: Case) -> None:
    case.check(as_answer(run(case)))


def test_enough_cases_and_a_third_of_them_nuisance_negatives() -> None:
    assert len(CASES) >= 120
    assert sum(case.is_nuisance for case in CASES) * 3 >= len(CASES)


def run(case: Case) -> Screening:
    request = ScreeningRequest.model_validate(case.body)
    vocabulary = load_vocabulary()
    stays = tuple(Stay(stay["kind"], _day(stay["from"]), _day(stay.get("to"))) for stay in case.stays)
    patient = replace(patient_of(request, vocabulary), stays=stays)
    medications = medications_of(request.medications, vocabulary)
    return screen(patient, medications, request.as_of, load_knowledge(), options_of(request.options))


def _day(text: str | None) -> Any:
    return None if text is None else date.fromisoformat(text)


def as_answer(screening: Screening) -> dict[str, Any]:
    """The screening in the wire's shape, as far as cases look at it."""
    return {
        "findings": [
            {
                "rule_id": f.rule_id, "dur_code": f.dur_code, "tier": f.tier, "severity": f.severity.value,
                "condition": f.condition, "confidence": f.confidence.value, "because": f.because,
                "medications": [{"medication_id": m.medication_id, "name": m.name} for m in f.medications],
            }
            for f in screening.findings
        ],
        "suppressed": [
            {"rule_id": s.rule_id, "reason": s.reason.value, "because": s.because} for s in screening.suppressed
        ],
        "not_checked": [
            {"what": n.what, "code": n.code, "value": n.value, "detail": n.detail} for n in screening.not_checked
        ],
        "coverage": {
            "medications": screening.coverage.medications,
            "medications_checked": screening.coverage.medications_checked,
            "conditions": screening.coverage.conditions,
            "conditions_checked": screening.coverage.conditions_checked,
        },
    }  # fmt: skip
