"""Which subject each kind of document is made from, and who gathers its facts."""

from collections.abc import Mapping
from typing import Final

from mtm_documents.usecases.cmr_summary import gather_summary
from mtm_documents.usecases.enrollment_letter import gather_enrollment_letter
from mtm_documents.usecases.ordering import Gatherer

MADE_FROM: Final[Mapping[str, str]] = {"enrollment_letter": "enrollment_id", "cmr_summary": "review_id"}
GATHERERS: Final[Mapping[str, Gatherer]] = {
    "enrollment_letter": gather_enrollment_letter,
    "cmr_summary": gather_summary,
}
