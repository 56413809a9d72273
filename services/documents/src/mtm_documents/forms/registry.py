"""Every kind of document that the service can make."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mtm_documents.forms.cmr_summary import content as cmr_summary
from mtm_documents.forms.cmr_summary.data import CmrSummaryData
from mtm_documents.forms.cmr_summary.value import CmrSummary
from mtm_documents.forms.enrollment_letter import content as enrollment_letter
from mtm_documents.forms.enrollment_letter.data import EnrollmentLetterData
from mtm_documents.forms.enrollment_letter.value import EnrollmentLetter
from mtm_documents.forms.form import Form

_ALL: Final = (
    Form(
        kind="enrollment_letter",
        editions=("2025",),
        value_type=EnrollmentLetter,
        data_model=EnrollmentLetterData,
        content=enrollment_letter.content,
        gaps=enrollment_letter.gaps,
    ),
    Form(
        kind="cmr_summary",
        editions=("2022",),
        value_type=CmrSummary,
        data_model=CmrSummaryData,
        content=cmr_summary.content,
        gaps=cmr_summary.gaps,
    ),
)

FORMS: Final[Mapping[str, Form]] = MappingProxyType({form.kind: form for form in _ALL})
"""By kind, as in `POST /v1/documents`."""
