"""Members' profiles from the eligibility service, with its failures in the terms of a review."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from mtm_shared.clients.eligibility import EligibilityClient
from mtm_shared.clients.errors import NotAllowed, NotFound, Refused, Unavailable
from mtm_shared.contracts.common import Page
from mtm_shared.contracts.eligibility import Enrollment, Program
from mtm_shared.contracts.member import Profile

from mtm_review.usecases.ports import (
    EnrollmentsAsked,
    MemberNotFound,
    ProfilesRefused,
    ProfilesUnavailable,
    UnknownProgram,
)

_PAGE: Final = 500
_UNTIL_CREDENTIALS_CHANGE: Final = 60
"""Seconds."""


class EligibilityProfiles:
    """Reads profiles over HTTP."""

    def __init__(self, client: EligibilityClient) -> None:
        self._client = client

    async def profile(self, member_id: str, as_of: date) -> Profile:
        """The member as of the day; raises `MemberNotFound`, `ProfilesRefused` or `ProfilesUnavailable`."""
        with _failures(MemberNotFound):
            return await self._client.profile(member_id, as_of)

    async def enrolled(self, program_id: str) -> AsyncIterator[list[str]]:
        """The members who are enrolled in a programme, page by page."""
        cursor: str | None = None
        while True:
            with _failures(UnknownProgram):
                page = await self._client.enrollment_page(
                    status="enrolled", program_id=program_id, cursor=cursor, limit=_PAGE
                )
            yield [one.member_id for one in page.items]
            if (cursor := page.next_cursor) is None:
                return

    async def enrollments(self, asked: EnrollmentsAsked) -> Page[Enrollment]:
        """One page of enrolments."""
        with _failures(UnknownProgram):
            return await self._client.enrollment_page(
                program_id=asked.program_id,
                contract_id=asked.contract_id,
                member_id=asked.member_id,
                cursor=asked.cursor,
                limit=asked.limit,
            )

    async def program(self, program_id: str) -> Program:
        """A programme with its clocks."""
        with _failures(UnknownProgram):
            return await self._client.program(program_id)


@contextmanager
def _failures(absent: type[Exception]) -> Iterator[None]:
    """The client's failures in the terms of the port; `absent` is what is raised for what is not there."""
    try:
        yield
    except NotFound as error:
        raise absent from error
    except NotAllowed as error:
        # Nothing is wrong with the member: a run must not fail thousands for one expired secret.
        raise ProfilesUnavailable(_UNTIL_CREDENTIALS_CHANGE) from error
    except Refused as error:
        raise ProfilesRefused from error
    except Unavailable as error:
        raise ProfilesUnavailable(error.retry_after) from error
