"""What letters to enrolled members are made of, many at a time."""

from typing import Annotated

from pydantic import Field

from mtm_shared.contracts.common import Answer, Identifier, Request
from mtm_shared.contracts.eligibility import Determination, Enrollment
from mtm_shared.contracts.member import Member


class LetterFactsRequest(Request):
    """Whose facts are asked for."""

    enrollment_ids: Annotated[list[Identifier], Field(min_length=1, max_length=200)]


class LetterFacts(Answer):
    """An enrolment, the member, and the determination that the enrolment stands on, if one was kept."""

    enrollment: Enrollment
    member: Member
    determination: Determination | None = None


class LetterFactsFound(Answer):
    """`POST /v1/enrollments/letter-facts`: each known enrolment once, in the order asked; `unknown` names the rest."""

    items: list[LetterFacts]
    unknown: list[str] = []
