"""Runs a labelled case through the kernel with the vocabulary and the knowledge that ship."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from cases.review.cases import Case
from mtm_review.api.shapes import medications_of, options_of, patient_of
from mtm_review.domain.finding import Screening
from mtm_review.domain.patient import Stay
from mtm_review.domain.screening import screen
from mtm_review.reference import load_knowledge
from mtm_shared.contracts.screening import ScreeningRequest
from mtm_shared.vocabulary import load_vocabulary


def run(case: Case) -> Screening:
    """The screening of the case's member; stays, which only reviews know, are added."""
    return run_body(case.body, [Stay(stay["kind"], _day(stay["from"]), _day(stay.get("to"))) for stay in case.stays])


def run_body(body: dict[str, Any], stays: Sequence[Stay] = ()) -> Screening:
    """The screening of a request."""
    request = ScreeningRequest.model_validate(body)
    vocabulary = load_vocabulary()
    patient = replace(patient_of(request, vocabulary), stays=tuple(stays))
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
