"""Rendered documents, owned by the documents service."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mtm_shared.contracts.common import Answer, Author, Day, Identifier, Language, Request, ShortText, example

DocumentKind = Literal[
    "enrollment_letter", "cmr_offer_letter", "cmr_summary", "medication_list_blank", "tmr_member_letter",
    "prescriber_report", "opt_out_confirmation", "safe_disposal",
]  # fmt: skip
DeliveryChannel = Literal["mail", "email", "portal", "fax", "in_person", "hand_delivered"]
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


class DeliveryRequest(Request):
    """What became of a document on its way; an e-mail or a portal needs the member's consent."""

    model_config = example(channel="mail", sent_on="2026-07-08", status="sent", tracking="9400100000000000000000")

    channel: DeliveryChannel
    sent_on: Day
    status: DeliveryStatus
    tracking: ShortText | None = None
    author: Author | None = None
    consented: bool = False


class DocumentDelivery(Answer):
    """One entry of a document's delivery history."""

    channel: DeliveryChannel
    sent_on: date
    status: DeliveryStatus
    tracking: str | None = None
    author: str | None = None
    consented: bool
    recorded_at: datetime


class DocumentRecord(Answer):
    """A document as kept. `sha256` is of the exact PDF bytes at `content_url`, `html_sha256` of its HTML twin.

    `due_on` is the day by which it must be sent, where there is one; `delivered_on` the first day on which it was.
    """

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
    due_on: date | None = None
    delivered_on: date | None = None
    deliveries: list[DocumentDelivery] = []


class PrintRunRequest(Request):
    """`POST /v1/print-runs`: one document for each subject, made by the worker.

    Without `language`, each document is in the member's own language. The bundle has at most `documents_per_part`
    documents in a part; with `pad_to_even` each begins on the front of a sheet.
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
    """Subjects = made + rejected + waiting."""

    subjects: int
    made: int
    rejected: int
    waiting: int


class PrintRunItem(Answer):
    """What became of one subject: a document, or a code that says why there is none."""

    subject_id: str
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
    created_at: datetime
    finished_at: datetime | None = None
    bundle_parts: int | None = None


class ManifestEntry(Answer):
    """One subject of a run: where its document is in the bundle, or why there is none."""

    position: int
    subject_id: str
    state: Literal["made", "rejected"]
    member_id: str | None = None
    kind: DocumentKind
    language: Language | None = None
    document_id: str | None = None
    pages: int | None = None
    part: int | None = None
    page_from: int | None = None
    page_to: int | None = None
    sha256: str | None = None
    code: str | None = None


class ManifestPart(Answer):
    """One part of a bundle: pages count blank backs, `sha256` is of the part's exact bytes."""

    part: int
    documents: int
    pages: int
    size_bytes: int
    sha256: str


class Manifest(Answer):
    """What is in a print run's bundle. It is for the printer and untagged; the single documents are tagged."""

    print_run_id: str
    kind: DocumentKind
    subjects: int
    made: int
    rejected: int
    pages: int
    tagged: bool = False
    pad_to_even: bool
    parts: list[ManifestPart]
    entries: list[ManifestEntry]


class RunDelivered(Answer):
    """Documents of a run = recorded + repeated (those that had the same entry before)."""

    documents: int
    recorded: int
    repeated: int
