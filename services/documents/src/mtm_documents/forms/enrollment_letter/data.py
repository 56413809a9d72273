"""The door of the enrolment letter: what `POST /v1/documents/render` takes for it."""

from decimal import Decimal
from typing import Annotated, ClassVar, Self

from mtm_shared.contracts.common import Request
from pydantic import Field, model_validator

from mtm_documents.domain.parties import Meeting
from mtm_documents.forms._shared.data import (
    AddresseeData,
    ContactData,
    FormData,
    FormDate,
    LetterheadData,
    Name,
    Sites,
)
from mtm_documents.forms.enrollment_letter.value import (
    Comparison,
    CriterionKind,
    EnrollmentLetter,
)


class QualificationData(Request):
    """One test that the member met, with the programme's number."""

    criterion: CriterionKind
    required: Annotated[Decimal, Field(ge=0, max_digits=12, decimal_places=2)] | None = None
    comparison: Comparison = Comparison.AT_LEAST
    maintenance_only: bool = False

    @model_validator(mode="after")
    def _numbered(self) -> Self:
        if self.criterion is not CriterionKind.DRUG_MANAGEMENT and self.required is None:
            raise ValueError(f"{self.criterion} needs the number that was required")
        if self.maintenance_only and self.criterion is not CriterionKind.PART_D_DRUGS:
            raise ValueError("maintenance_only is said of part_d_drugs only")
        return self


class EnrollmentLetterData(FormData):
    """An enrolment letter as a caller gives it."""

    value_type: ClassVar[type[EnrollmentLetter]] = EnrollmentLetter

    letterhead: LetterheadData
    contact: ContactData
    addressee: AddresseeData
    member_name: Name
    dated: FormDate
    enrolled_on: FormDate
    plan_year: Annotated[int, Field(ge=2006, le=2199)]
    qualified_by: Annotated[tuple[QualificationData, ...], Field(max_length=4)]
    cmr_minutes: Annotated[int, Field(ge=5, le=240)] = 30
    cmr_methods: Annotated[tuple[Meeting, ...], Field(min_length=1, max_length=4)] = (Meeting.PHONE,)
    schedule_by: FormDate | None = None
    uses_callback_pin: bool = False
    health_facts_for_program_only: bool = False
    take_back_sites: Sites = ()
    edition: Name = "2025"
