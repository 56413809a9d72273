"""What the documents service asks of the others; the shared clients are its adapters."""

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

from mtm_shared.contracts.common import Page
from mtm_shared.contracts.eligibility import Enrollment, Program
from mtm_shared.contracts.letters import LetterFactsFound
from mtm_shared.contracts.member import StoredMember
from mtm_shared.contracts.recommendations import Recommendation
from mtm_shared.contracts.reporting import EnrollmentActivity
from mtm_shared.contracts.review import Review
from sqlalchemy.ext.asyncio import AsyncSession

Begin = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a transaction of its own, for one step of a worker."""


class Eligibility(Protocol):
    """Members, programmes and enrolments."""

    async def member(self, member_id: str) -> StoredMember:
        """A member with coverage."""

    async def program(self, program_id: str) -> Program:
        """A programme with its contacts."""

    async def letter_facts(self, enrollment_ids: Sequence[str]) -> LetterFactsFound:
        """What letters to at most 200 enrolments are made of."""

    async def enrollment_page(
        self, *, program_id: str | None, contract_id: str | None, member_id: str | None, plan_year: int | None,
        cursor: str | None, limit: int,
    ) -> Page[Enrollment]:  # fmt: skip
        """One page of enrolments."""


class Reviews(Protocol):
    """Reviews."""

    async def review(self, review_id: str) -> Review:
        """A review with its medications, findings and to-do items."""

    async def recommendations(self, review_id: str) -> list[Recommendation]:
        """The recommendations of a review."""

    async def activity_page(
        self, *, plan_year: int, program_id: str | None, contract_id: str | None, cursor: str | None, limit: int
    ) -> Page[EnrollmentActivity]:
        """One page of what was done in a plan year."""
