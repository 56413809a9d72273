"""Sponsors' policies: what one is, what it does with a screening, and the burden of alerts without and with it.

Owned by the review service.
"""

from datetime import date, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from mtm_shared.contracts.common import Answer, Author, Day, Identifier, MadeBy, Request, Sentence, ShortText
from mtm_shared.contracts.kinds import Screen, Severity

PolicyState = Literal["active", "expired", "not_yet"]
RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:+-]{1,128}$")]


class PolicyEntry(Request):
    """What every entry says: why, and where it differs from the policy, who answers for it and until when."""

    reason: Sentence
    author: Author | None = None
    second_approver: Author | None = None
    expires_on: Day | None = None


class PolicyTarget(PolicyEntry):
    """The findings of a screen, of a rule, or of a class of duplicate therapy: exactly one of the three."""

    screen: Screen | None = None
    rule: RuleId | None = None
    class_: Annotated[RuleId | None, Field(alias="class")] = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(each is not None for each in (self.screen, self.rule, self.class_)) != 1:
            raise ValueError("give exactly one of screen, rule and class")
        return self


class PolicyExemption(PolicyTarget):
    """Findings that speak of just these drugs: names or RxCUIs of one ingredient, or ids of drug sets."""

    drugs: Annotated[list[Annotated[ShortText, Field(min_length=1)]], Field(min_length=1, max_length=20)]


class PolicyAllowance(PolicyEntry):
    """How many drugs of a class of duplicate therapy are allowed at a time."""

    class_: Annotated[RuleId, Field(alias="class")]
    allowance: Annotated[int, Field(ge=1, le=5)]


class PolicyLowering(PolicyEntry):
    """A rule whose findings are shown one step milder."""

    rule: RuleId
    to: Severity


class PolicyMinimum(PolicyEntry):
    """From which severity on, and up to which tier, findings of a screen are shown."""

    screen: Screen
    severity: Literal["contraindicated", "major", "moderate"] | None = None
    tier: Annotated[int | None, Field(ge=1, le=3)] = None


class PolicyLimit(PolicyEntry):
    """How many findings are shown."""

    max_findings: Annotated[int, Field(ge=1, le=500)]


class PolicyIn(Request):
    """A policy as its file would be written; see docs/operations/policies.md."""

    policy_id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9._-]{0,63}$")]
    sponsor: Annotated[ShortText, Field(min_length=1)]
    title: Annotated[ShortText, Field(min_length=1)]
    version: Annotated[ShortText, Field(min_length=1)]
    author: Author
    second_approver: Author
    note: Sentence
    effective_from: Day
    expires_on: Day
    programs: Annotated[list[Identifier], Field(max_length=100)] = []
    contracts: Annotated[list[Identifier], Field(max_length=1000)] = []
    show: PolicyLimit | None = None
    off: Annotated[list[PolicyTarget], Field(max_length=500)] = []
    exempt: Annotated[list[PolicyExemption], Field(max_length=500)] = []
    allowance: Annotated[list[PolicyAllowance], Field(max_length=500)] = []
    severity: Annotated[list[PolicyLowering], Field(max_length=500)] = []
    min: Annotated[list[PolicyMinimum], Field(max_length=50)] = []


class PolicyMove(Answer):
    """A finding that a policy moves, and why."""

    finding_id: str
    rule_id: str
    because: str


class PolicyOutcome(Answer):
    """What a policy did with a screening, as counts.

    `hidden` findings are shown without it and not with it, `shown` ones the other way round, and `lowered` ones are
    shown one step milder. With `shadow` nothing was done, and the findings are in `would_hide` and so on. What it
    `may_not_hide` is contraindicated and is shown.
    """

    policy_id: str
    version: str
    state: PolicyState
    expires_on: date
    shadow: bool = False
    hidden: int
    shown: int
    lowered: int
    would_hide: list[PolicyMove] = []
    would_show: list[PolicyMove] = []
    would_lower: list[PolicyMove] = []
    may_not_hide: list[PolicyMove] = []


class PolicyForecastRequest(Request):
    """`POST /v1/policy-forecasts`: the burden of alerts over the latest stored review of each member up to `as_of`.

    Each is screened again as of its own day, without the policy and with the policy as it is on `as_of`. Without
    `policy`, the one that is for each member's programme and contract is asked.
    """

    as_of: Day
    program_id: Identifier | None = None
    member_ids: Annotated[list[Identifier], Field(max_length=5000)] = []
    policy: Identifier | PolicyIn | None = None
    screens: Annotated[list[Screen], Field(max_length=11)] = []

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.member_ids)) != len(self.member_ids):
            raise ValueError("member_ids must not repeat a member")
        return self


class ForecastCounts(Answer):
    """Members = done + waiting; those who were asked for and have no review up to the day come on top."""

    members: int
    done: int
    waiting: int
    without_review: int


class BurdenLine(Answer):
    """How many findings there are without the policy and with it, and per hundred members."""

    name: str
    without: int
    with_policy: int
    without_per_100: float
    with_per_100: float


class BurdenSpread(Answer):
    """How findings spread over members: per member on average, by percentiles (`p90`), and members with many."""

    findings: int
    mean: float
    percentiles: dict[str, int]
    most: int
    members_with_1_or_more: int
    members_with_5_or_more: int


class AlertBurden(Answer):
    """Shown findings over the population, without the policy and with it; `states` counts members by its state."""

    members: int
    hidden: int
    shown: int
    lowered: int
    may_not_hide: int
    states: dict[str, int]
    without: BurdenSpread
    with_policy: BurdenSpread
    by_screen: list[BurdenLine]
    by_severity: list[BurdenLine]
    by_tier: list[BurdenLine]
    by_rule: list[BurdenLine]


class PolicyForecast(Answer):
    """A forecast as it stands; `burden` and `made_by` are there once it is done."""

    forecast_id: str
    as_of: date
    program_id: str | None = None
    policy_id: str | None = None
    screens: list[Screen] = []
    state: Literal["queued", "running", "done", "failed"]
    progress: float = Field(ge=0, le=1)
    counts: ForecastCounts
    burden: AlertBurden | None = None
    made_by: MadeBy | None = None
    created_at: datetime
    finished_at: datetime | None = None
