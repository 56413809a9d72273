"""Rendered documents, owned by the documents service."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mtm_shared.contracts.common import Answer, Day, Identifier, Language, Request, ShortText, example

DocumentKind = Literal[
    "enrollment_letter", "cmr_offer_letter", "cmr_summary", "medication_list_blank", "tmr_member_letter",
    "prescriber_report", "opt_out_confirmation", "safe_disposal",
]  # fmt: skip
Channel = Literal["mail", "email", "portal", "fax", "in_person", "hand_delivered"]
DeliveryStatus = Literal["sent", "delivered", "returned", "failed"]


class DocumentRequest(Request):
    """`POST /v1/documents`: render from what the other services hold, and keep the exact bytes."""

    model_config = example(kind="enrollment_letter", language="es", enrollment_id="enr_01")

    kind: DocumentKind
    language: Language
    review_id: Identifier | None = None
    enrollment_id: Identifier | None = None
    member_id: Identifier | None = None
    format_edition: Annotated[ShortText, Field(examples=["2022"])] | None = None
    dated: Day | None = None
    prescriber_npi: Annotated[str, Field(pattern=r"^\d{10}$")] | None = None

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if sum(subject is not None for subject in (self.review_id, self.enrollment_id, self.member_id)) != 1:
            raise ValueError("give exactly one of review_id, enrollment_id and member_id")
        return self


class RenderRequest(Request):
    """`POST /v1/documents/render`: render the given data, storing nothing."""

    model_config = example(
        kind="enrollment_letter",
        language="en",
        data={
            "letterhead": {"name": "Example Health Plan"},
            "contact": {
                "plan_name": "Example Health Plan",
                "channels": [{"kind": "phone", "value": "1-800-555-0100", "tty": "711", "hours": "weekdays, 8 to 6"}],
            },
            "addressee": {"name": "Maria Fictional", "lines": ["12 Elm Street", "Springfield, IL 62701"]},
            "member_name": "Maria Fictional",
            "dated": "2026-07-06",
            "enrolled_on": "2026-06-30",
            "plan_year": 2026,
            "qualified_by": [{"criterion": "part_d_drugs", "required": "8"}],
        },
    )

    kind: DocumentKind
    language: Language
    format_edition: ShortText | None = None
    data: dict[str, Any]


class Gap(Answer):
    """Something the document should say and could not, such as a medication without directions."""

    code: str
    where: str
    detail: str


class Delivery(Answer):
    """One attempt to deliver a document."""

    channel: Channel
    sent_on: date
    status: DeliveryStatus
    tracking: str | None = None
    consented: bool = False
    recorded_at: datetime
    author: str


class DocumentRecord(Answer):
    """A document as kept. `sha256` is of the exact PDF bytes at `content_url`, `html_sha256` of its HTML twin."""

    document_id: str
    kind: DocumentKind
    language: Language
    edition: str
    dated: date
    member_id: str | None = None
    review_id: str | None = None
    enrollment_id: str | None = None
    pages: int
    sha256: str
    html_sha256: str
    created_at: datetime
    content_url: str
    template_fingerprint: str
    wording_fingerprint: str
    gaps: list[Gap] = []
    plan_year: int | None = None
    due_on: date | None = None
    sent_on: date | None = None
    deliveries: list[Delivery] = []


class DeliveryRequest(Request):
    """`POST /v1/documents/{document_id}/delivery`: how and when it was sent, and what became of it.

    Electronic delivery (email, portal) needs `consented`.
    """

    model_config = example(channel="mail", sent_on="2026-07-08", status="sent")

    channel: Channel
    sent_on: Day
    status: DeliveryStatus = "sent"
    tracking: ShortText | None = None
    consented: bool = False


class DeliveredAll(Answer):
    """How many documents of a run were marked; what was marked alike before is not marked again."""

    documents: int
    marked: int


class BundlePart(Answer):
    """One merged PDF of a print run."""

    part: int
    documents: int
    pages: int
    sha256: str
    content_url: str


class ManifestLine(Answer):
    """Where a document is in the bundle: its part, and its pages in that part (the first page is 1)."""

    position: int
    subject_id: str
    prescriber_npi: str | None = None
    member_id: str
    document_id: str
    kind: DocumentKind
    language: Language
    pages: int
    part: int
    page_from: int
    page_to: int
    sha256: str


class ManifestReject(Answer):
    """A subject without a document, and why."""

    position: int
    subject_id: str
    prescriber_npi: str | None = None
    code: str


class Manifest(Answer):
    """`GET /v1/print-runs/{print_run_id}/bundle/manifest`: documents + rejects are the run's subjects."""

    print_run_id: str
    kind: DocumentKind
    parts: list[BundlePart]
    lines: list[ManifestLine]
    rejects: list[ManifestReject]


class PrintRunRequest(Request):
    """`POST /v1/print-runs`: one document for each subject, made by the worker.

    Without `language`, each document is in the member's own language. Of a review with recommendations to several
    prescribers, a run of `prescriber_report` makes one report for each.
    """

    model_config = example(kind="enrollment_letter", enrollment_ids=["enr_01", "enr_02"])

    kind: DocumentKind
    language: Language | None = None
    enrollment_ids: Annotated[list[Identifier], Field(max_length=10_000)] = []
    review_ids: Annotated[list[Identifier], Field(max_length=10_000)] = []
    format_edition: ShortText | None = None
    dated: Day | None = None
    documents_per_part: Annotated[int, Field(ge=1, le=1000)] = 250
    pad_to_even: bool = False

    @model_validator(mode="after")
    def _one_kind_of_subject(self) -> Self:
        if bool(self.enrollment_ids) == bool(self.review_ids):
            raise ValueError("give enrollment_ids or review_ids, and not both")
        subjects = self.enrollment_ids or self.review_ids
        if len(set(subjects)) != len(subjects):
            raise ValueError("a subject must not repeat")
        return self


class PrintRunCounts(Answer):
    """Subjects = made + rejected + waiting; a review with several prescribers becomes one for each."""

    subjects: int
    made: int
    rejected: int
    waiting: int


class PrintRunItem(Answer):
    """What became of one subject: a document, or a code that says why there is none."""

    subject_id: str
    prescriber_npi: str | None = None
    state: Literal["waiting", "made", "rejected"]
    document_id: str | None = None
    code: str | None = None


class PrintRunStatus(Answer):
    """A print run as it stands."""

    print_run_id: str
    kind: DocumentKind
    language: Language | None = None
    state: Literal["queued", "running", "done", "failed"]
    progress: float = Field(ge=0, le=1)
    counts: PrintRunCounts
    parts: int = 0
    created_at: datetime
    finished_at: datetime | None = None
