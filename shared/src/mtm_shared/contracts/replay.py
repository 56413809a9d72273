"""Replays: what another version of the clinical knowledge finds in reviews that were kept, and why a rule is silent."""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from mtm_shared.contracts.common import Answer, Day, Identifier, MadeBy, Request, example
from mtm_shared.contracts.kinds import Screen, Severity
from mtm_shared.contracts.review_runs import RunState
from mtm_shared.contracts.screening import Finding, ScreeningRequest, Suppressed

RuleId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:+-]{1,128}$")]
Cause = Literal[
    "rule_new", "rule_gone", "rule_changed", "other_rules", "knowledge_changed", "vocabulary_changed",
    "service_changed", "day_changed", "policy_changed", "unexplained",
]  # fmt: skip
"""Why a finding differs; `knowledge_changed` where the version that made the review is not at hand to tell more."""


class ReplayRequest(Request):
    """`POST /v1/reviews/{id}/replay`: on which version (default: today's) and day (default: the review's)."""

    knowledge_version: Identifier | None = None
    as_of: Day | None = None

    model_config = example(as_of="2026-06-30")


class FieldChange(Answer):
    """One field of a rule before and after, or what a list gained and lost."""

    field: str
    before: str = ""
    after: str = ""
    added: list[str] = []
    removed: list[str] = []


class RuleChange(Answer):
    """What became of a rule between two versions."""

    what: Literal["new", "gone", "changed"]
    title: str
    fields: list[FieldChange] = []


class Difference(Answer):
    """A finding that was added, removed or changed, with the causes; `before` is the kept one where it changed."""

    finding: Finding
    causes: list[Cause]
    fields: list[str] = []
    before: Finding | None = None


class Replay(Answer):
    """What a version finds in a kept review. Nothing of the review is changed.

    `settled` are decided findings that went with a change of the list and stay in the review as a record. `rules` says
    what became of each rule that is named by a difference, where it differs between the versions.
    """

    model_config = ConfigDict(populate_by_name=True)

    from_: MadeBy = Field(alias="from")
    to: MadeBy
    added: list[Difference]
    removed: list[Difference]
    changed: list[Difference]
    unchanged: int
    settled: list[str] = []
    rules: dict[str, RuleChange]


class ReplayRunRequest(Request):
    """`POST /v1/replay-runs`: the latest review of each member (default: of all members) on another version."""

    knowledge_version: Identifier
    as_of: Day | None = None
    member_ids: Annotated[list[Identifier], Field(min_length=1, max_length=5000)] | None = None

    model_config = example(knowledge_version="2026.12+0123abcd")

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if self.member_ids is not None and len(set(self.member_ids)) != len(self.member_ids):
            raise ValueError("member_ids must not repeat a member")
        return self


class ReplayRunCounts(Answer):
    """Reviews = replayed + failed + waiting; `differing` of the replayed have a difference."""

    reviews: int
    replayed: int
    failed: int
    waiting: int
    differing: int


class ReplayRuleCount(Answer):
    """What a version does by one rule over all reviews of the run, for one cause."""

    rule_id: str
    cause: Cause
    added: int
    removed: int
    changed: int
    reviews: int


class ReplayRunStatus(Answer):
    """A run as it stands."""

    replay_run_id: str
    knowledge_version: str
    as_of: date | None = None
    state: RunState
    progress: float = Field(ge=0, le=1)
    counts: ReplayRunCounts
    rules: list[ReplayRuleCount]
    created_at: datetime
    finished_at: datetime | None = None


class ExplainRequest(ScreeningRequest):
    """`POST /v1/screenings/explain`: a screening and the rule that is asked about; nothing is stored."""

    rule_id: RuleId

    model_config = example(
        rule_id="drug_disease.nsaids_heart_failure",
        as_of="2026-06-30",
        member={"birth_date": "1951-04-26", "sex": "female"},
        medications=[{"name": "naproxen 500 mg"}],
        conditions=[{"icd10": "I10"}],
    )


class Step(Answer):
    """One step of a rule: what it asks and whether the member meets it."""

    step: str
    asks: str
    outcome: Literal["passed", "stopped", "cannot_tell"]
    because: str


class Explanation(Answer):
    """Whether a rule fires for a member, step by step. `severity` and `screen` are the rule's."""

    rule_id: str
    screen: Screen
    severity: Severity
    fires: bool
    steps: list[Step]
    findings: list[Finding] = []
    suppressed: list[Suppressed] = []
    made_by: MadeBy
