"""Programmes, determinations, enrolments and imports, owned by the eligibility service."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from mtm_shared.contracts.common import (
    Answer,
    Citation,
    Day,
    Identifier,
    MadeBy,
    NotChecked,
    Request,
    ShortText,
    example,
)
from mtm_shared.contracts.member import MemberRecord

DeterminationOutcome = Literal["eligible", "not_eligible", "cannot_tell"]
CriterionOutcome = Literal["met", "not_met", "cannot_tell"]
CriterionName = Literal["chronic_conditions", "part_d_drugs", "annual_cost", "drug_management"]
Pathway = Literal["chronic_drugs_cost", "at_risk", "both"]
EnrollmentStatus = Literal["enrolled", "opted_out", "disenrolled"]
ImportFormat = Literal[
    "ndjson",
    "fhir-ndjson",
    "csv-members",
    "csv-fills",
    "csv-diagnoses",
    "rif-beneficiary",
    "rif-pde",
    "rif-carrier",
    "rif-inpatient",
    "rif-outpatient",
    "rif-snf",
    "rif-hha",
    "rif-hospice",
    "desynpuf-beneficiary",
    "desynpuf-pde",
    "desynpuf-carrier",
    "desynpuf-inpatient",
    "desynpuf-outpatient",
]


class ContactChannel(Answer):
    """One way to reach the programme, such as a telephone with its hours."""

    kind: str
    value: str
    purpose: str
    hours: str = ""
    hours_es: str = ""
    tty: str = ""


class ContactBlock(Answer):
    """How members reach the programme, from the programme's own file."""

    organization: str
    administrator: str
    channels: list[ContactChannel]
    caller_ids: list[str] = []
    website: str | None = None


class Parameter(Answer):
    """One parameter of a programme: its value, unit, comparison and source."""

    name: str
    value: Any
    unit: str = ""
    comparison: str = ""
    citation: Citation


class ProgramSummary(Answer):
    """A programme in a list."""

    program_id: str
    name: str
    plan_year: int
    status: Literal["final", "proposed", "estimated", "unverified"]


class ServiceClocks(Answer):
    """What an enrolled member is owed and by when, in days, with the source of each (CMS guidance and 42 CFR 423.153).

    `warn_days`: how long before its day something counts as due soon.
    """

    targeting_every_days: int
    cmr_offer_within_days: int
    cmr_every_days: int
    tmr_every_days: int
    summary_within_days: int
    safe_disposal_required: bool
    warn_days: int
    citations: dict[str, Citation]


class Program(ProgramSummary):
    """A programme with every parameter and its citation.

    `pharmacy` in `cmr_held_by`: in person at the member's local pharmacy. `health_facts_for_program_only`: the sponsor
    promises that what it collects about health and medicines is confidential and used for the programme only.
    """

    plan_name: str
    plan_types: list[Literal["MA-PD", "PDP"]]
    drugs_counted: Literal["part_d", "part_d_maintenance"]
    contact: ContactBlock
    uses_callback_pin: bool
    cmr_minutes: int
    cmr_held_by: list[Literal["phone", "in_person", "telehealth", "pharmacy"]] = []
    health_facts_for_program_only: bool = False
    summary_edition: str
    clocks: ServiceClocks
    parameters: list[Parameter]
    rules_fingerprint: str


class EvaluationRequest(Request):
    """`POST /v1/determinations/evaluate`: decide on the given record, storing nothing."""

    program_id: Identifier
    as_of: Day
    record: MemberRecord


class DeterminationRequest(Request):
    """`POST /v1/members/{member_id}/determinations`: decide on stored facts and keep the decision.

    Enrolment is by opt-out only (42 CFR 423.153(d)(1)(v)): with `enroll`, an eligible member who has not opted out
    for good is enrolled in the same transaction.
    """

    model_config = example(program_id="cms-2026", as_of="2026-06-30")

    program_id: Identifier
    as_of: Day
    enroll: bool = True


class Criterion(Answer):
    """One test, what was observed against what was required, and the sentence that explains it."""

    criterion: CriterionName
    outcome: CriterionOutcome
    observed: str
    required: str
    comparison: str
    unit: str
    because: str
    evidence: list[str]
    citation: Citation


class PriorityReason(Answer):
    """One part of the outreach priority."""

    reason: str
    points: int


class Notice(Answer):
    """Something a reader must know about the whole decision, such as a programme year that is not the claims' year."""

    code: str
    detail: str


class Determination(Answer):
    """Whether a member must be offered MTM, and why."""

    determination_id: str | None = None
    member_id: str
    program_id: str
    as_of: date
    outcome: DeterminationOutcome
    pathway: Pathway | None
    score: int = Field(ge=0, le=100)
    priority: int = Field(ge=0, le=100)
    priority_reasons: list[PriorityReason]
    criteria: list[Criterion]
    not_counted: list[NotChecked]
    not_checked: list[NotChecked]
    notices: list[Notice] = []
    made_by: MadeBy
    enrollment_id: str | None = None


class EnrollmentEvent(Answer):
    """One change of an enrolment, oldest first."""

    event: str
    on: date
    reason: str | None = None
    scope: str | None = None
    permanent: bool | None = None
    recorded_at: datetime | None = None


class Enrollment(Answer):
    """A member's enrolment in a programme; a declined review (`cmr_declined`) is not an opt-out."""

    enrollment_id: str
    member_id: str
    program_id: str
    contract_id: str
    status: EnrollmentStatus
    determination_id: str | None = None
    pathway: Pathway | None = None
    targeted_on: date
    enrolled_on: date
    plan_year: int
    cmr_offer_due: date
    cmr_offered_on: date | None = None
    cmr_declined: bool = False
    opted_out_on: date | None = None
    opt_out_reason: str | None = None
    permanent: bool = False
    events: list[EnrollmentEvent] = []


class OptOutRequest(Request):
    """Why and when the member leaves: 01 death, 02 disenrolled, 03 asked to leave, 99 other (CMS-10185)."""

    model_config = example(reason="03", on="2026-07-15", scope="program", permanent=True)

    reason: Literal["01", "02", "03", "99"]
    on: Day
    scope: Literal["program", "cmr_only"] = "program"
    permanent: bool = False


class OptInRequest(Request):
    """The member asks to come back."""

    model_config = example(on="2026-08-01")

    on: Day


class ImportRequest(Request):
    """An import of a file that the service can reach itself (development and mounted volumes)."""

    format: ImportFormat
    uri: Annotated[ShortText, Field(examples=["file:///data/pde.csv"])]


class ItemCounts(Answer):
    """What a file of rows holds besides rows: in = used + repeated + rejected."""

    items_in: int = 0
    used: int = 0
    repeated: int = 0
    rejected: int = 0
    rejected_by_code: dict[str, int] = {}


class ImportCounts(Answer):
    """Rows: in = accepted + replaced + deleted + rejected; the service checks it before an import is done."""

    rows_in: int = 0
    accepted: int = 0
    replaced: int = 0
    deleted: int = 0
    rejected: int = 0
    rejected_by_code: dict[str, int] = {}
    claims: ItemCounts | None = None
    diagnoses: ItemCounts | None = None
    fields_rejected_by_code: dict[str, int] = {}


class ImportStatus(Answer):
    """An import as it stands."""

    import_id: str
    format: ImportFormat
    state: Literal["queued", "running", "done", "failed"]
    progress: float = Field(ge=0, le=1)
    counts: ImportCounts
    failure: Notice | None = None
    size_bytes: int = 0
    sha256: str | None = None
    created_at: datetime
    finished_at: datetime | None = None


class ImportReject(Answer):
    """A row that was not taken, or (scope `field`) a field that was left out of a row that was: where and why."""

    row: int
    scope: Literal["row", "field"] = "row"
    field: str
    code: str
    message: str
