"""Programmes and enrolments from the eligibility service, with its failures in the terms of a review."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from mtm_shared.clients.eligibility import EligibilityClient
from mtm_shared.clients.errors import NotAllowed, NotFound, Refused, Unavailable
from mtm_shared.contracts.common import Page
from mtm_shared.contracts.eligibility import Enrollment, Program

from mtm_review.usecases.ports import (
    CursorRefused,
    EnrollmentNotFound,
    EnrollmentsAsked,
    ProfilesRefused,
    ProfilesUnavailable,
    ProgramNotFound,
)

_UNTIL_CREDENTIALS_CHANGE: Final = 60
"""Seconds."""


class EligibilityPopulation:
    """Reads programmes and enrolments over HTTP."""

    def __init__(self, client: EligibilityClient) -> None:
        self._client = client

    async def program(self, program_id: str) -> Program:
        """The programme; raises `ProgramNotFound`, `ProfilesRefused` or `ProfilesUnavailable`."""
        with _told(ProgramNotFound()):
            return await self._client.program(program_id)

    async def enrollment(self, enrollment_id: str) -> Enrollment:
        """The enrolment; raises `EnrollmentNotFound`, `ProfilesRefused` or `ProfilesUnavailable`."""
        with _told(EnrollmentNotFound()):
            return await self._client.enrollment(enrollment_id)

    async def enrollments(self, asked: EnrollmentsAsked, cursor: str | None, limit: int) -> Page[Enrollment]:
        """A page of enrolments; raises `CursorRefused`, `ProfilesRefused` or `ProfilesUnavailable`."""
        try:
            with _told(ProfilesRefused()):
                return await self._client.enrollment_page(
                    cursor=cursor,
                    limit=limit,
                    status=asked.status,
                    program_id=asked.program_id,
                    contract_id=asked.contract_id,
                    member_id=asked.member_id,
                )
        except ProfilesRefused as error:
            if cursor is not None:
                raise CursorRefused from error
            raise


@contextmanager
def _told(absent: Exception) -> Iterator[None]:
    try:
        yield
    except NotFound as error:
        raise absent from error
    except NotAllowed as error:
        raise ProfilesUnavailable(_UNTIL_CREDENTIALS_CHANGE) from error
    except Refused as error:
        raise ProfilesRefused from error
    except Unavailable as error:
        raise ProfilesUnavailable(error.retry_after) from error
