"""What the documents service asks of the others; the shared clients are its adapters."""

from collections.abc import AsyncIterator
from typing import Protocol

from mtm_shared.contracts.common import Page
from mtm_shared.contracts.eligibility import Determination, Enrollment, Program
from mtm_shared.contracts.member import StoredMember
from mtm_shared.contracts.reporting import EnrollmentActivity
from mtm_shared.contracts.review import Review


class Eligibility(Protocol):
    """Members, programmes, determinations and enrolments."""

    async def member(self, member_id: str) -> StoredMember:
        """A member with coverage."""

    async def program(self, program_id: str) -> Program:
        """A programme with its contacts."""

    async def enrollment(self, enrollment_id: str) -> Enrollment:
        """An enrolment."""

    def determinations(self, member_id: str) -> AsyncIterator[Determination]:
        """A member's kept determinations."""

    async def enrollment_page(
        self,
        *,
        program_id: str | None = None,
        contract_id: str | None = None,
        member_id: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Enrollment]:
        """One page of enrolments, for a caller that pages itself."""


class Reviews(Protocol):
    """Reviews."""

    async def review(self, review_id: str) -> Review:
        """A review with its medications, findings and to-do items."""

    def activity(
        self, *, plan_year: int, contract_id: str | None = None, program_id: str | None = None
    ) -> AsyncIterator[EnrollmentActivity]:
        """What was done in a plan year, by enrolment id."""
