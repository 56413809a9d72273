"""Review runs: targeted reviews over many members (42 CFR 423.153(d)(1)(vii)(C): at least quarterly)."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mtm_shared.contracts.common import Answer, Day, Identifier, Request
from mtm_shared.contracts.review import ReviewKind

RunState = Literal["queued", "running", "done", "failed"]


class ReviewRunRequest(Request):
    """`POST /v1/review-runs`: one review for each of the members, opened by the worker.

    With `program_id`, members who are not enrolled in that programme on the day are skipped and counted, and so is who
    has had a review of the kind in the same calendar quarter. Without `member_ids`, everyone who is enrolled in the
    programme is reviewed. With `auto_complete`, a targeted review that finds nothing is completed by the engine.
    """

    kind: ReviewKind = "tmr"
    as_of: Day
    program_id: Identifier | None = None
    member_ids: Annotated[list[Identifier], Field(min_length=1, max_length=5000)] | None = None
    auto_complete: bool = True

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if self.member_ids is None:
            if self.program_id is None:
                raise ValueError("give member_ids, or program_id for everyone who is enrolled in it")
            return self
        if len(set(self.member_ids)) != len(self.member_ids):
            raise ValueError("member_ids must not repeat a member")
        return self


class ReviewRunCounts(Answer):
    """Members = opened + skipped + failed + waiting."""

    members: int
    opened: int
    skipped: int
    failed: int
    waiting: int
    completed: int = 0
    findings_by_severity: dict[str, int] = {}


class ReviewRunMember(Answer):
    """A member for whom no review was opened, with a code and a sentence."""

    member_id: str
    state: Literal["skipped", "failed"]
    code: str
    detail: str


class ReviewRunStatus(Answer):
    """A run as it stands."""

    review_run_id: str
    kind: ReviewKind
    as_of: date
    program_id: str | None = None
    state: RunState
    progress: float = Field(ge=0, le=1)
    counts: ReviewRunCounts
    not_opened: list[ReviewRunMember] = []
    created_at: datetime
    finished_at: datetime | None = None
