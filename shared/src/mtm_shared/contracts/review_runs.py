"""Review runs: targeted reviews over many members (42 CFR 423.153(d)(1)(vii)(C): at least quarterly)."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mtm_shared.contracts.common import Answer, Day, Identifier, Request
from mtm_shared.contracts.kinds import Screen, Severity
from mtm_shared.contracts.review import ReviewKind, ReviewStatus

RunState = Literal["queued", "running", "done", "failed"]


class ReviewRunRequest(Request):
    """`POST /v1/review-runs`: one review for each of the members, opened by the worker.

    With `program_id`, members who are not enrolled in that programme on the day are skipped and counted, and so are
    those who have a targeted review in the same calendar quarter. Without `member_ids` the worker takes every member
    of the programme. With `auto_complete` the engine completes a targeted review in which it found nothing and could
    read everything; every other one waits for a pharmacist. `quarter` says which one is meant: `as_of` must be in it.
    """

    kind: ReviewKind = "tmr"
    as_of: Day
    program_id: Identifier | None = None
    member_ids: Annotated[list[Identifier], Field(min_length=1, max_length=5000)] | None = None
    auto_complete: bool = True
    quarter: Annotated[str, Field(pattern=r"^\d{4}-Q[1-4]$", examples=["2026-Q2"])] | None = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.member_ids is not None and len(set(self.member_ids)) != len(self.member_ids):
            raise ValueError("member_ids must not repeat a member")
        if self.member_ids is None and self.program_id is None:
            raise ValueError("give member_ids, or program_id for every member of the programme")
        if self.quarter is not None and self.quarter != f"{self.as_of.year:04}-Q{(self.as_of.month + 2) // 3}":
            raise ValueError("as_of must be in the quarter")
        return self


class RunFindings(Answer):
    """How many findings the reviews of a run were opened with, by screen and severity."""

    screen: Screen
    severity: Severity
    findings: int


class ReviewRunCounts(Answer):
    """Members = opened + skipped + failed + waiting; `enrolled` are those who were in the programme on the day.

    `completed` are the opened reviews that the engine completed because it had found nothing.
    """

    members: int
    enrolled: int
    opened: int
    skipped: int
    failed: int
    waiting: int
    completed: int
    skipped_by_code: dict[str, int] = {}
    failed_by_code: dict[str, int] = {}
    findings: list[RunFindings] = []
    findings_by_severity: dict[str, int] = {}


class ReviewRunReview(Answer):
    """What became of one member of a run, with the review as it stands today."""

    member_id: str
    state: Literal["waiting", "opened", "skipped", "failed"]
    review_id: str | None = None
    review_status: ReviewStatus | None = None
    completed_by_engine: bool = False
    code: str | None = None
    detail: str | None = None


class ReviewRunMember(Answer):
    """A member for whom no review was opened, with a code and a sentence."""

    member_id: str
    state: Literal["skipped", "failed"]
    code: str
    detail: str


class ReviewRunStatus(Answer):
    """A run as it stands; `not_opened` holds the first hundred, `/reviews` lists all members."""

    review_run_id: str
    kind: ReviewKind
    as_of: date
    program_id: str | None = None
    quarter: str | None = None
    auto_complete: bool = True
    state: RunState
    progress: float = Field(ge=0, le=1)
    counts: ReviewRunCounts
    not_opened: list[ReviewRunMember] = []
    created_at: datetime
    finished_at: datetime | None = None
