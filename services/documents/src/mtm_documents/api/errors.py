"""Which answer each failure of this service becomes."""

from collections.abc import Mapping, Sequence
from typing import Final

from mtm_shared.clients.errors import NotFound, Refused
from mtm_shared.contracts.problem import ProblemError
from mtm_shared.web import ProblemSpec, fault_count, located

from mtm_documents.domain.delivery import NeedsConsent, SentBeforeMade, SentInFuture
from mtm_documents.forms.registry import FORMS
from mtm_documents.usecases.errors import (
    BundleNotReady,
    CmsReportNotDone,
    CmsReportUnknown,
    DataRefused,
    DocumentUnknown,
    EditionNotOffered,
    KindNotOffered,
    NoCmsReport,
    NoProgram,
    NoSubjectKind,
    NoSuchPart,
    NotEnrolled,
    NothingToConfirm,
    NothingToSay,
    NotText,
    NotThisSubject,
    PrintRunNotEnded,
    PrintRunUnknown,
    ReviewDeclined,
    ReviewNotComplete,
    SeveralPrescribers,
    YearNotOffered,
)
from mtm_documents.usecases.import_sites import COLUMNS, NothingUsable, NotReadable, WrongColumns


def _not_this(error: Exception) -> str:
    assert isinstance(error, NotThisSubject)
    return f"A document of kind {error.kind} is made from its {error.needs}."


def _kinds(_: KindNotOffered) -> Sequence[ProblemError]:
    message = f"The forms are {', '.join(FORMS)}."
    return [ProblemError(pointer="/kind", code="kind_not_offered", message=message)]


def _faults(error: DataRefused) -> Sequence[ProblemError]:
    return located(error.faults, under=("data",))


def _count(error: DataRefused) -> str:
    return f"The data does not fit the form: {fault_count(len(error.faults))}"


def _editions(error: EditionNotOffered) -> Sequence[ProblemError]:
    message = f"The editions of this form are {', '.join(error.editions)}."
    return [ProblemError(pointer="/format_edition", code="edition_not_offered", message=message)]


def _years(error: YearNotOffered) -> Sequence[ProblemError]:
    message = f"The years are {', '.join(map(str, error.years))}."
    return [ProblemError(pointer="/year", code="year_not_offered", message=message)]


def _at(pointer: str, code: str, message: str) -> ProblemSpec:
    """A 422 about one field."""
    return ProblemSpec(422, code, message, errors=lambda _: [ProblemError(pointer=pointer, code=code, message=message)])


PROBLEMS: Final[Mapping[type[Exception], ProblemSpec]] = {
    DocumentUnknown: ProblemSpec(404, "document_not_found", "No such document."),
    PrintRunUnknown: ProblemSpec(404, "print_run_not_found", "No such print run."),
    NotFound: ProblemSpec(404, "subject_not_found", "The service that owns the subject does not have it."),
    NotThisSubject: ProblemSpec(422, "wrong_subject", _not_this),
    KindNotOffered: ProblemSpec(422, "kind_not_offered", "This version has no such form.", errors=_kinds),
    EditionNotOffered: ProblemSpec(
        422, "edition_not_offered", "This version has no such edition of the form.", errors=_editions
    ),
    ReviewNotComplete: ProblemSpec(409, "review_not_complete", "A summary is written after the review is completed."),
    NoSubjectKind: ProblemSpec(
        422, "no_subject", "This form is about nobody: GET /v1/medication-list-blank gives it for a programme."
    ),
    NotEnrolled: ProblemSpec(409, "not_enrolled", "The member is not in the programme."),
    ReviewDeclined: ProblemSpec(409, "review_declined", "The member declined this year's review."),
    NoProgram: ProblemSpec(409, "no_program", "The review belongs to no enrolment, so no programme sends it."),
    NeedsConsent: _at("/consented", "consent_needed", "Electronic delivery needs the member's consent."),
    SentBeforeMade: _at("/sent_on", "sent_before_made", "The document is dated after that day."),
    SentInFuture: _at("/sent_on", "sent_in_future", "A delivery is recorded after it happened."),
    NothingToConfirm: ProblemSpec(
        409, "nothing_to_confirm", "The member has neither left the programme nor declined the review."
    ),
    NothingToSay: ProblemSpec(409, "nothing_to_say", "The review has nothing for the reader of this document."),
    SeveralPrescribers: _at("/prescriber_npi", "several_prescribers", "Name the prescriber whose report is made."),
    PrintRunNotEnded: ProblemSpec(409, "run_not_ended", "The run has not ended, so that it cannot have been sent."),
    BundleNotReady: ProblemSpec(409, "bundle_not_ready", "The run has not ended, so that it has no bundle yet."),
    NoSuchPart: ProblemSpec(404, "part_not_found", "The bundle has no such part."),
    NotText: ProblemSpec(422, "not_utf8", "The file must be UTF-8."),
    WrongColumns: ProblemSpec(422, "wrong_columns", f"The columns must be {', '.join(COLUMNS)}."),
    NotReadable: ProblemSpec(422, "not_readable", "The file is no CSV, or leaves a quote open: nothing is loaded."),
    NothingUsable: ProblemSpec(
        422, "nothing_usable", "No row of the file can be used, so the table was not replaced by it."
    ),
    DataRefused: ProblemSpec(422, "invalid", _count, errors=_faults),
    CmsReportUnknown: ProblemSpec(404, "cms_report_not_found", "No such report."),
    NoCmsReport: ProblemSpec(
        404, "no_cms_report", "There is no report of this contract and year yet: order one with POST /v1/cms-reports."
    ),
    CmsReportNotDone: ProblemSpec(409, "cms_report_not_done", "The report is not done yet, or has failed."),
    YearNotOffered: ProblemSpec(
        422, "year_not_offered", "This version has no layout or measure of the year.", errors=_years
    ),
    Refused: ProblemSpec(
        503, "subject_refused", "The service that owns the subject refused to give it to this service.", retry_after=60
    ),
}
