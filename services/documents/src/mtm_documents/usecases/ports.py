"""What the documents service asks of the others; the shared clients are its adapters."""

from collections.abc import AsyncIterator
from typing import Protocol

from mtm_shared.contracts.eligibility import Determination, Enrollment, Program
from mtm_shared.contracts.member import StoredMember
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


class Reviews(Protocol):
    """Reviews."""

    async def review(self, review_id: str) -> Review:
        """A review with its medications, findings and to-do items."""
