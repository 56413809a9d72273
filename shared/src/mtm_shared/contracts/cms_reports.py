"""The yearly beneficiary-level file to CMS (CMS-10185, section II) and the rate of completed reviews."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer

from mtm_shared.contracts.common import Answer, Citation, Request, example
from mtm_shared.contracts.member import ContractId

Year = Annotated[int, Field(ge=2000, le=2199)]
Share = Annotated[Decimal, PlainSerializer(lambda share: f"{share:f}", return_type=str, when_used="json")]
MeasureState = Literal["in_numerator", "missing", "excluded"]
MeasureReason = Literal[
    "conflicting_facts", "not_reported", "under_age", "not_cms_criteria", "at_risk_only", "hospice", "too_few_days",
    "cmr_received", "no_cmr",
]  # fmt: skip


class CmsReportRequest(Request):
    """`POST /v1/cms-reports`: the file of one contract and reporting year, from what is known now."""

    model_config = example(contract_id="H1234", year=2026)

    contract_id: ContractId
    year: Year


class CmsReportCounts(Answer):
    """Members = rows + rejected. `work_without_enrollment`: enrolments that review knows and eligibility does not."""

    enrollments: int
    members: int
    rows: int
    rejected: int
    rejects: dict[str, int]
    work_without_enrollment: int
    errors: int
    warnings: int


class StandardScore(Answer):
    """How many members break a rule of a data validation standard, and the score of 1 to 5 that follows."""

    standard: str
    members: int
    in_error: int
    percent: Share
    score: int


class CmsMadeBy(Answer):
    """What made a report: the same facts and these versions give the same bytes."""

    layout_fingerprint: str
    measure_fingerprint: str
    scoring_fingerprint: str
    service_version: str
    as_of: date


class Exclusion(Answer):
    """Members that the measure leaves out, by the first reason that holds for each."""

    reason: MeasureReason
    members: int


class CutPoint(Answer):
    """How many more members of the denominator must receive a review for the rate to reach a cut point."""

    cut_point: Share
    reached: bool
    cmrs_needed: int
    reachable: bool


class Entering(Answer):
    """Members who enter the denominator without a review on a day, if nothing is done."""

    on: date
    members: int


class WhatWouldChange(Answer):
    """What can still move the rate: who is without a review, who of them can still get one, what is unsent."""

    missing: int
    can_still_receive: int
    summaries_not_sent: int
    entering: list[Entering]


class CompletionRate(Answer):
    """The rate of one contract. Members = denominator + all exclusions; `rate` is null without a denominator."""

    contract_id: str
    year: int
    as_of: date
    program_id: str | None = None
    report_id: str
    report_as_of: date
    members: int
    denominator: int
    numerator: int
    rate: Share | None
    rated: bool
    minimum_denominator: int
    standing: str
    exclusions: list[Exclusion]
    cut_points: list[CutPoint]
    what_would_change: WhatWouldChange
    citation: Citation


class CompletionDashboard(Answer):
    """`GET /v1/cmr-completion`: the rate of every contract of which there is a report."""

    year: int
    contracts: list[CompletionRate]


class CompletionMember(Answer):
    """Where one member stands in the measure and why; `also` are further reasons that hold."""

    contract_id: str
    report_id: str
    member_id: str
    enrollment_id: str
    program_id: str
    state: MeasureState
    reason: MeasureReason
    also: list[MeasureReason]
    because: str
    days_enrolled: int
    cmr_on: date | None = None
    enters_on: date | None = None
    what_would_change: str


class CmsReportStatus(Answer):
    """A report as it stands. Counts, scores and rate are there when it is done; it never changes afterwards.

    `preliminary` says that it was read before the year was over; `due_on` is when CMS wants the final one.
    """

    report_id: str
    contract_id: str
    year: int
    state: Literal["queued", "running", "done", "failed"]
    progress: float = Field(ge=0, le=1)
    preliminary: bool
    due_on: date | None
    created_at: datetime
    finished_at: datetime | None = None
    counts: CmsReportCounts | None = None
    standards: list[StandardScore] = []
    completion: CompletionRate | None = None
    made_by: CmsMadeBy
    citation: Citation
    file_url: str
    sha256: str | None = None
    csv_sha256: str | None = None


class CmsFinding(Answer):
    """A broken rule of one member. `row` is null where the member has no row."""

    row: int | None
    member_id: str
    enrollment_id: str
    field: str
    rule: str
    severity: Literal["error", "warning"]
    standard: str
    text: str
    citation: Citation
