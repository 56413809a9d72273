"""`POST /v1/screenings`: a question, not a record; nothing of it is stored."""

from fastapi import Request
from mtm_shared.contracts.screening import Screening, ScreeningRequest
from mtm_shared.web.routing import Router
from starlette.responses import Response

from mtm_review.api.dependencies import Reader, expertise_of
from mtm_review.api.examples import ScreeningBody
from mtm_review.api.regimen_shapes import regimen_answer
from mtm_review.api.shapes import medications_of, options_of, patient_of, screening_answer
from mtm_review.domain.policed import Asked
from mtm_review.domain.taking import taking
from mtm_review.usecases.policies import acted, document_of, policy_of_request
from mtm_review.usecases.ports import Expertise
from mtm_review.usecases.screening import made_by, screen_medications

router = Router(prefix="/v1", tags=["screenings"])


@router.post("/screenings", summary="Screen a list of medications; stores nothing", response_model=Screening)
async def screen_medication_list(request: Request, body: ScreeningBody, _: Reader) -> Response:
    """Findings, what was suppressed and why, and what could not be checked."""
    known = expertise_of(request)
    patient = patient_of(body, known.vocabulary)
    medications = medications_of(body.medications, known.vocabulary)
    asked = _asked(body, known)
    screening = screen_medications(known, patient, medications, body.as_of, options_of(body.options, asked))
    answer = screening_answer(screening, made_by(known, body.as_of, policy_version=acted(screening, asked)))
    if body.options.regimen:
        taken = taking(patient, medications, body.as_of, known.knowledge)
        answer = answer.model_copy(update={"regimen": regimen_answer(taken)})
    # Written once: returning the model would validate and copy what has just been built.
    return Response(answer.__pydantic_serializer__.to_json(answer, by_alias=True), media_type="application/json")


def _asked(body: ScreeningRequest, known: Expertise) -> Asked | None:
    given = body.options.policy
    if given is None:
        return None
    document = given if isinstance(given, str) else document_of(given)
    return Asked(body.as_of, policy_of_request(document, known, "/options/policy"), body.options.shadow)
