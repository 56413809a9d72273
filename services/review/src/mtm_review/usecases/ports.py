"""What the use cases need from outside, as protocols: the clock's hour and the database's session stay outside.

Fakes in tests stand in for these; `tests/contract` proves that the real ones behave as the fakes do.
"""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from mtm_shared.contracts.common import Page
from mtm_shared.contracts.eligibility import Enrollment, EnrollmentStatus, Program
from mtm_shared.contracts.member import Profile
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import NotUnderstood
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.policies import Policies
from mtm_review.domain.review import Review
from mtm_review.domain.todo import TodoWording

Clock = Callable[[], datetime]


class MemberNotFound(Exception):
    """Eligibility does not know the member."""


class ProfilesRefused(Exception):
    """Eligibility understood the question and said no; asking again will not help."""


class ProfilesUnavailable(Exception):
    """Eligibility cannot be reached; `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("eligibility is unavailable")
        self.retry_after = retry_after


class ProgramNotFound(Exception):
    """Eligibility does not know the programme."""


class EnrollmentNotFound(Exception):
    """Eligibility does not know the enrolment."""


class CursorRefused(Exception):
    """Eligibility did not give this cursor."""


@dataclass(frozen=True, slots=True)
class EnrollmentsAsked:
    """Which enrolments are asked for."""

    status: EnrollmentStatus | None = None
    program_id: str | None = None
    contract_id: str | None = None
    member_id: str | None = None


class Profiles(Protocol):
    """Where members are read: their claims and diagnoses, and how they are enrolled."""

    async def profile(self, member_id: str, as_of: date) -> Profile:
        """The member as of the day; raises `MemberNotFound`, `ProfilesRefused` or `ProfilesUnavailable`."""
        ...


class Population(Protocol):
    """Where programmes and enrolments are read. All raise `ProfilesRefused` or `ProfilesUnavailable` besides."""

    async def program(self, program_id: str) -> Program:
        """The programme; raises `ProgramNotFound`."""
        ...

    async def enrollment(self, enrollment_id: str) -> Enrollment:
        """The enrolment as it stands today; raises `EnrollmentNotFound`."""
        ...

    async def enrollments(self, asked: EnrollmentsAsked, cursor: str | None, limit: int) -> Page[Enrollment]:
        """A page of enrolments by id; raises `CursorRefused` for a cursor that eligibility did not give."""
        ...


class Understands(Protocol):
    """The part of the vocabulary that a review asks."""

    @property
    def version(self) -> str:
        """Which dictionary answers."""
        ...

    def understand(
        self, *, ndc: str | None = None, rxcui: str | None = None, name: str | None = None
    ) -> Drug | NotUnderstood:
        """The drug behind an identifier, or why there is none."""
        ...

    def icd10_problem(self, code: str) -> str | None:
        """Why a code is not an ICD-10-CM code, or None."""
        ...

    def conditions_of(self, icd10: str) -> frozenset[str]:
        """The conditions that an ICD-10-CM code shows."""
        ...

    def snomed_problem(self, concept: str) -> str | None:
        """Why a SNOMED CT concept cannot be used, or None."""
        ...

    def conditions_of_snomed(self, concept: str) -> frozenset[str]:
        """The conditions that a SNOMED CT concept shows."""
        ...

    def implied_by(self, condition_id: str) -> frozenset[str]:
        """The condition with this id and the wider ones; none where there is no such condition."""
        ...


class Reviews(Protocol):
    """Where reviews are kept. Nothing is final before the caller's transaction is."""

    async def add(self, review: Review) -> None:
        """Keep a new review."""
        ...

    async def get(self, review_id: str) -> Review:
        """The review; raises `ReviewNotFound`."""
        ...

    async def for_change(self, review_id: str) -> Review:
        """The review, held against other changes until the transaction ends; raises `ReviewNotFound`."""
        ...

    async def save(self, review: Review) -> None:
        """Keep the next state of a review; raises `ReviewChangedMeanwhile`."""
        ...


@dataclass(frozen=True, slots=True)
class Expertise:
    """What a screening knows: drugs, clinical knowledge, the words for members, and the sponsors' policies."""

    vocabulary: Understands
    knowledge: Knowledge
    wording: TodoWording
    service_version: str
    policies: Policies = field(default_factory=Policies)


Begin = Callable[[], AbstractAsyncContextManager[AsyncSession]]
"""Opens a transaction of its own, for one step of a worker."""
Precondition = Callable[[Review], None]
"""Raises when the review is not the one that the caller read (a stale `If-Match`)."""
