"""Recommendations to prescribers and members, what came of them, and what has to be followed up."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, RootModel, model_validator

from mtm_shared.contracts.common import Answer, Author, CodeText, Day, Identifier, Request, Sentence, Text, example

Audience = Literal["prescriber", "member"]
ProblemCategory = Literal[
    "duplicate_therapy", "drug_disease", "drug_interaction", "unnecessary_therapy", "needs_additional_therapy",
    "dose_too_high", "dose_too_low", "adverse_reaction", "adherence", "cost", "monitoring", "allergy", "other",
]  # fmt: skip
Change = Literal["stop", "start", "change_dose", "switch", "monitor", "none"]
Channel = Literal["fax", "mail", "phone", "portal", "ehr", "letter", "in_person"]
OutcomeName = Literal[
    "pending", "accepted", "accepted_with_change", "declined", "patient_declined", "no_response", "not_applicable"
]  # fmt: skip
ResolutionState = Literal["none", "verified", "contradicted", "cannot_tell"]
FollowUpKind = Literal["call_member", "call_prescriber", "check_lab", "check_claims", "send_material"]


class Expected(Request):
    """What would be seen in later claims if the recommendation were followed: any one of the changes.

    `ingredients` are the RxCUIs to be stopped, changed or switched from, any of them; `to_ingredients` those to be
    started or switched to.
    """

    changes: Annotated[list[Change], Field(min_length=1, max_length=6)]
    ingredients: Annotated[list[CodeText], Field(max_length=50)] = []
    to_ingredients: Annotated[list[CodeText], Field(max_length=50)] = []
    direction: Literal["lower", "higher"] = "lower"


class RecommendationRequest(Request):
    """`POST /v1/reviews/{review_id}/recommendations`: one recommendation; of one fax with three, each is one.

    Of a finding, the text, the category, what is expected and the prescriber are taken where they are not given.
    """

    model_config = example(to="prescriber", finding_id="f-1", channel="fax", sent_on="2026-07-02", author="Pat Doe")

    to: Audience
    finding_id: Identifier | None = None
    prescriber_npi: Annotated[str, Field(pattern=r"^\d{10}$")] | None = None
    text: Sentence | None = None
    problem_category: ProblemCategory | None = None
    expects: Expected | None = None
    channel: Channel
    sent_on: Day
    author: Author
    follow_up: bool = True

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.finding_id is None and (self.text is None or self.problem_category is None):
            raise ValueError("without finding_id, text and problem_category are required")
        return self


class OutcomeRequest(Request):
    """What came of a recommendation; a later outcome takes the place of an earlier one, and both are kept.

    `changed_on` is the day of the change where somebody tells it: a yes alone is not counted as a resolution.
    """

    model_config = example(outcome="accepted", on="2026-07-09", by="prescriber", author="Pat Doe")

    outcome: OutcomeName
    on: Day
    by: Literal["prescriber", "member", "pharmacist", "system"] = "prescriber"
    changed_on: Day | None = None
    reason: Text | None = None
    author: Author


class Outcome(Answer):
    """An outcome as kept."""

    outcome: OutcomeName
    on: date
    by: str
    changed_on: date | None = None
    reason: str | None = None
    author: str
    at: datetime


class Resolution(Answer):
    """What later claims say: verified, contradicted, or that they cannot tell (yet: `decidable_on`)."""

    state: ResolutionState
    change: Change | None = None
    on: date | None = None
    because: str = ""
    evidence: list[str] = []
    decidable_on: date | None = None
    as_of: date | None = None


class Recommendation(Answer):
    """A recommendation with what came of it. `resolved` is whether CMS's count of resolutions holds it."""

    recommendation_id: str
    review_id: str
    member_id: str
    enrollment_id: str | None = None
    program_id: str | None = None
    to: Audience
    finding_id: str | None = None
    prescriber_npi: str | None = None
    text: str
    problem_category: ProblemCategory
    expects: Expected
    channel: Channel
    sent_on: date
    author: str
    outcome: OutcomeName
    outcomes: list[Outcome] = []
    resolution: Resolution
    resolved: bool
    reply_token: str | None = None
    created_at: datetime


class RecommendationList(RootModel[list[Recommendation]]):
    """The recommendations of a review."""


class ReplyRequest(Request):
    """`POST /v1/recommendation-replies`: a prescriber's tick-box answer, by the token on the report."""

    model_config = example(token="the-token-on-the-report", answer="accepted")  # noqa: S106 - an example

    token: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{16,64}$")]
    answer: Literal["accepted", "accepted_with_change", "declined", "not_applicable"]
    on: Day | None = None


class ReplyTaken(Answer):
    """The answer was taken."""

    outcome: OutcomeName


class ResolutionRunRequest(Request):
    """`POST /v1/resolution-runs`: judge every undecided recommendation from the claims of today."""

    model_config = example(as_of="2026-12-31", program_id="cms-2026")

    as_of: Day
    program_id: Identifier | None = None


class ResolutionRunStatus(Answer):
    """A run as it stands: members = judged + failed (+ waiting); recommendations judged, by what was found."""

    run_id: str
    as_of: date
    program_id: str | None = None
    state: Literal["queued", "running", "done", "failed"]
    members: int
    failed: int
    recommendations: dict[str, int]
    created_at: datetime
    finished_at: datetime | None = None


class ProblemCounts(Answer):
    """Drug therapy problems of one category in a plan year, of recommendations to prescribers."""

    problem_category: str
    recommendations: int
    accepted: int
    declined: int
    no_response: int
    pending: int
    resolved: int
    verified: int


class ProblemDashboard(Answer):
    """`GET /v1/drug-therapy-problems`: by category, and all together."""

    plan_year: int
    program_id: str | None
    categories: list[ProblemCounts]
    together: ProblemCounts


class FollowUpRequest(Request):
    """`POST /v1/reviews/{review_id}/follow-ups`: something to do by a day."""

    model_config = example(kind="call_member", due_on="2026-07-20", note="Ask about dizziness.", author="Pat Doe")

    kind: FollowUpKind
    due_on: Day
    recommendation_id: Identifier | None = None
    finding_id: Identifier | None = None
    note: Text = ""
    author: Author


class FollowUpDone(Request):
    """A follow-up was done, or is not needed any more."""

    model_config = example(on="2026-07-18", result="Better since the change.", author="Pat Doe")

    on: Day
    result: Text = ""
    author: Author


class FollowUp(Answer):
    """A follow-up as it stands."""

    follow_up_id: str
    review_id: str
    member_id: str
    program_id: str | None = None
    kind: FollowUpKind
    due_on: date
    recommendation_id: str | None = None
    finding_id: str | None = None
    note: str
    author: str
    state: Literal["open", "done"]
    done_on: date | None = None
    result: str | None = None
