"""`POST /v1/screenings`: a question, not a record; nothing of it is stored."""

from fastapi import Request
from mtm_shared.contracts.screening import Screening
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import Reader, expertise_of
from mtm_review.api.examples import ScreeningBody
from mtm_review.api.shapes import medications_of, patient_of, screening_answer
from mtm_review.usecases.screening import made_by, screen_medications

router = Router(prefix="/v1", tags=["screenings"])


@router.post("/screenings", summary="Screen a list of medications; stores nothing")
async def screen_medication_list(request: Request, body: ScreeningBody, _: Reader) -> Screening:
    """Findings, what was suppressed and why, and what could not be checked."""
    known = expertise_of(request)
    patient = patient_of(body, known.vocabulary)
    medications = medications_of(body.medications, known.vocabulary)
    screening = screen_medications(known, patient, medications, body.as_of, body.options.max_findings)
    return screening_answer(screening, made_by(known, body.as_of))
