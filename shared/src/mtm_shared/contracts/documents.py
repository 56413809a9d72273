"""Rendered documents, owned by the documents service."""

from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from mtm_shared.contracts.common import Answer, Identifier, Language, Request, ShortText

DocumentKind = Literal[
    "enrollment_letter", "cmr_offer_letter", "cmr_summary", "medication_list_blank", "tmr_member_letter",
    "prescriber_report", "opt_out_confirmation", "safe_disposal",
]  # fmt: skip


class DocumentRequest(Request):
    """`POST /v1/documents`: render from what the other services hold, and keep the exact bytes."""

    kind: DocumentKind
    language: Language
    review_id: Identifier | None = None
    enrollment_id: Identifier | None = None
    member_id: Identifier | None = None
    format_edition: Annotated[ShortText, Field(examples=["2022"])] | None = None
    dated: date | None = None

    @model_validator(mode="after")
    def _one_subject(self) -> Self:
        if sum(subject is not None for subject in (self.review_id, self.enrollment_id, self.member_id)) != 1:
            raise ValueError("give exactly one of review_id, enrollment_id and member_id")
        return self


class RenderRequest(Request):
    """`POST /v1/documents/render`: render the given data, storing nothing."""

    kind: DocumentKind
    language: Language
    format_edition: ShortText | None = None
    data: dict[str, Any]


class Gap(Answer):
    """Something the document should say and could not, such as a medication without directions."""

    code: str
    where: str
    detail: str


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
