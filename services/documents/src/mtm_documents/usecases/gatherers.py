"""Which subject each kind of document is made from, and who gathers its facts."""

from collections.abc import Mapping
from typing import Final

from mtm_documents.usecases.cmr_offer_letter import gather_offer
from mtm_documents.usecases.cmr_summary import gather_summary
from mtm_documents.usecases.enrollment_letter import gather_enrollment_letter
from mtm_documents.usecases.opt_out_confirmation import gather_opt_out_confirmation
from mtm_documents.usecases.ordering import Gatherer
from mtm_documents.usecases.prescriber_report import gather_prescriber_report
from mtm_documents.usecases.safe_disposal import gather_safe_disposal
from mtm_documents.usecases.tmr_letter import gather_tmr_letter

MADE_FROM: Final[Mapping[str, str]] = {
    "enrollment_letter": "enrollment_id",
    "cmr_summary": "review_id",
    "tmr_member_letter": "review_id",
    "prescriber_report": "review_id",
    "opt_out_confirmation": "enrollment_id",
    "safe_disposal": "enrollment_id",
    "cmr_offer_letter": "enrollment_id",
}
GATHERERS: Final[Mapping[str, Gatherer]] = {
    "enrollment_letter": gather_enrollment_letter,
    "cmr_offer_letter": gather_offer,
    "cmr_summary": gather_summary,
    "tmr_member_letter": gather_tmr_letter,
    "prescriber_report": gather_prescriber_report,
    "opt_out_confirmation": gather_opt_out_confirmation,
    "safe_disposal": gather_safe_disposal,
}
