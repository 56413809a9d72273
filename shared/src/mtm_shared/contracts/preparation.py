"""What a pharmacist takes along into the consultation, from what the review holds."""

from datetime import date
from typing import Literal

from pydantic import Field

from mtm_shared.contracts.common import Answer, Author, Day, NotChecked, Request, Sentence, example
from mtm_shared.contracts.review import ReviewFinding, ReviewKind

AskedAbout = Literal["directions", "reason", "still_taking", "unreadable", "adherence"]


class RefreshRequest(Request):
    """`POST /v1/reviews/{review_id}/refresh`: read the profile again as of a day, and screen again."""

    model_config = example(as_of="2026-07-08", author="P. Lee, PharmD")

    as_of: Day
    author: Author


class RemovalRequest(Request):
    """`POST /v1/reviews/{review_id}/medications/{medication_id}/remove`: take back an entry made by mistake."""

    model_config = example(reason="Entered for another member.", author="P. Lee, PharmD")

    reason: Sentence = Field(max_length=200)
    author: Author


class MedicationQuestion(Answer):
    """One thing to ask about a medication, and why."""

    about: AskedAbout
    medication_id: str
    name: str
    because: str


class ConditionQuestion(Answer):
    """A condition to confirm: inferred from drugs, or on record and denied before."""

    condition: str
    name: str
    state: Literal["inferred", "denied"]
    because: str


class Preparation(Answer):
    """`GET /v1/reviews/{review_id}/preparation`: what to ask, in the order of a talk; nothing in it is invented.

    `not_asked_yet` names what every talk asks for and the review holds nothing of.
    """

    review_id: str
    kind: ReviewKind
    as_of: date
    language: Literal["en", "es"]
    medications: int
    medication_questions: list[MedicationQuestion]
    condition_questions: list[ConditionQuestion]
    findings: list[ReviewFinding]
    not_asked_yet: list[Literal["otc_herbal_supplements", "allergies", "labs"]]
    not_checked: list[NotChecked]
