"""Every kind of document that the service can make."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mtm_documents.forms.cmr_offer_letter import content as cmr_offer_letter
from mtm_documents.forms.cmr_offer_letter.data import CmrOfferLetterData
from mtm_documents.forms.cmr_offer_letter.value import CmrOfferLetter
from mtm_documents.forms.cmr_summary import content as cmr_summary
from mtm_documents.forms.cmr_summary.data import CmrSummaryData
from mtm_documents.forms.cmr_summary.value import CmrSummary
from mtm_documents.forms.enrollment_letter import content as enrollment_letter
from mtm_documents.forms.enrollment_letter.data import EnrollmentLetterData
from mtm_documents.forms.enrollment_letter.value import EnrollmentLetter
from mtm_documents.forms.form import Form
from mtm_documents.forms.medication_list_blank import content as medication_list_blank
from mtm_documents.forms.medication_list_blank.data import MedicationListBlankData
from mtm_documents.forms.medication_list_blank.value import MedicationListBlank
from mtm_documents.forms.opt_out_confirmation import content as opt_out_confirmation
from mtm_documents.forms.opt_out_confirmation.data import OptOutConfirmationData
from mtm_documents.forms.opt_out_confirmation.value import OptOutConfirmation
from mtm_documents.forms.prescriber_report import content as prescriber_report
from mtm_documents.forms.prescriber_report.data import PrescriberReportData
from mtm_documents.forms.prescriber_report.value import PrescriberReport
from mtm_documents.forms.safe_disposal import content as safe_disposal
from mtm_documents.forms.safe_disposal.data import SafeDisposalData
from mtm_documents.forms.safe_disposal.value import SafeDisposal
from mtm_documents.forms.tmr_member_letter import content as tmr_member_letter
from mtm_documents.forms.tmr_member_letter.data import TmrMemberLetterData
from mtm_documents.forms.tmr_member_letter.value import TmrMemberLetter

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
        editions=("2022", "2013"),
        value_type=CmrSummary,
        data_model=CmrSummaryData,
        content=cmr_summary.content,
        gaps=cmr_summary.gaps,
    ),
    Form(
        kind="tmr_member_letter",
        editions=("2025",),
        value_type=TmrMemberLetter,
        data_model=TmrMemberLetterData,
        content=tmr_member_letter.content,
        gaps=tmr_member_letter.gaps,
    ),
    Form(
        kind="prescriber_report",
        editions=("2025",),
        value_type=PrescriberReport,
        data_model=PrescriberReportData,
        content=prescriber_report.content,
        gaps=prescriber_report.gaps,
    ),
    Form(
        kind="opt_out_confirmation",
        editions=("2025",),
        value_type=OptOutConfirmation,
        data_model=OptOutConfirmationData,
        content=opt_out_confirmation.content,
        gaps=opt_out_confirmation.gaps,
    ),
    Form(
        kind="safe_disposal",
        editions=("2025",),
        value_type=SafeDisposal,
        data_model=SafeDisposalData,
        content=safe_disposal.content,
        gaps=safe_disposal.gaps,
    ),
    Form(
        kind="cmr_offer_letter",
        editions=("2025",),
        value_type=CmrOfferLetter,
        data_model=CmrOfferLetterData,
        content=cmr_offer_letter.content,
        gaps=cmr_offer_letter.gaps,
    ),
    Form(
        kind="medication_list_blank",
        editions=("2022", "2013"),
        value_type=MedicationListBlank,
        data_model=MedicationListBlankData,
        content=medication_list_blank.content,
        gaps=medication_list_blank.gaps,
        part_of="cmr_summary",
    ),
)

FORMS: Final[Mapping[str, Form]] = MappingProxyType({form.kind: form for form in _ALL})
"""By kind, as in `POST /v1/documents`."""
