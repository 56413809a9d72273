"""Calling back: PINs for voicemails, and who is calling.

Neither route takes an `Idempotency-Key`. The answer of the first would be kept with the PIN in it; the second would
keep a plain hash of a PIN, a birth date and a ZIP code, which can be found by trying (ADR 24).
"""

from typing import Annotated

from fastapi import Depends, Request
from mtm_shared.contracts.identity import PinAnswer, Verification, VerificationRequest
from mtm_shared.storage import Transaction
from mtm_shared.web import ApiProblem, Principal, Router, problem_responses, require

from mtm_eligibility.api.dependencies import Id, Loaded, Writer
from mtm_eligibility.settings import EligibilitySettings
from mtm_eligibility.usecases import identity, pins
from mtm_eligibility.usecases.errors import TooManyAttempts

router = Router(prefix="/v1", tags=["identity"])
Caller = Annotated[Principal, Depends(require("eligibility.write"))]


def _key(request: Request) -> bytes:
    settings: EligibilitySettings = request.app.state.settings
    return settings.key_of_pins


@router.post(
    "/enrollments/{enrollment_id}/pin",
    summary="Make a call-back PIN",
    status_code=201,
    responses=problem_responses(
        404, s409="The programme leaves no PIN, the member has left, or asked not to be called."
    ),
)
async def create_pin(request: Request, enrollment_id: Id, session: Transaction, loaded: Loaded, _: Writer) -> PinAnswer:
    """A PIN for the voicemail, told this once and never again; it voids the one before. Sent again it makes another."""
    return await pins.make_pin(session, loaded, _key(request), enrollment_id, request.app.state.clock())


@router.post(
    "/identity-verifications",
    summary="Check who is calling",
    status_code=201,
    responses=problem_responses(404, s429="Too many tries of this number, this member or this client; wait."),
)
async def verify_identity(
    request: Request,
    body: VerificationRequest,
    session: Transaction,
    loaded: Loaded,
    caller: Caller,
) -> Verification:
    """Whether the answers are those of one member of the programme. A refusal does not say which answer was wrong, and
    is the same for a PIN that is wrong, unknown or expired; so many failures lock for a time."""
    guard = identity.Guard(_key(request), caller.subject, request.app.state.clock())
    try:
        return await identity.verify(session, loaded, body, guard)
    except TooManyAttempts as stopped:
        raise ApiProblem(
            429,
            "too_many_attempts",
            "Too many attempts to identify a caller.",
            headers={"Retry-After": str(stopped.retry_after)},
        ) from None
