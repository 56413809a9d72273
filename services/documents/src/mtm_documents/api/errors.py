"""Which answer each failure of this service becomes."""

from collections.abc import Mapping, Sequence
from typing import Final

from mtm_shared.clients.errors import NotFound, Refused
from mtm_shared.contracts.problem import ProblemError
from mtm_shared.web import ProblemSpec, fault_count, located

from mtm_documents.forms.registry import FORMS
from mtm_documents.usecases.errors import (
    BundleNotReady,
    BundlePartUnknown,
    ConsentMissing,
    DataRefused,
    DocumentUnknown,
    EditionNotOffered,
    KindNotOffered,
    NoProgram,
    NotThisSubject,
    PrintRunUnknown,
    ReviewNotComplete,
    SentOnImpossible,
)


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


PROBLEMS: Final[Mapping[type[Exception], ProblemSpec]] = {
    DocumentUnknown: ProblemSpec(404, "document_not_found", "No such document."),
    PrintRunUnknown: ProblemSpec(404, "print_run_not_found", "No such print run."),
    BundleNotReady: ProblemSpec(409, "print_run_not_done", "The print run is not done."),
    BundlePartUnknown: ProblemSpec(404, "bundle_part_not_found", "The bundle has no such part."),
    ConsentMissing: ProblemSpec(
        422, "consent_missing", "An e-mail or a portal needs the member's consent (`consented`)."
    ),
    SentOnImpossible: ProblemSpec(
        422, "sent_on_impossible", "`sent_on` is before the document's own day, or in the future."
    ),
    NotFound: ProblemSpec(404, "subject_not_found", "The service that owns the subject does not have it."),
    NotThisSubject: ProblemSpec(422, "wrong_subject", _not_this),
    KindNotOffered: ProblemSpec(422, "kind_not_offered", "This version has no such form.", errors=_kinds),
    EditionNotOffered: ProblemSpec(
        422, "edition_not_offered", "This version has no such edition of the form.", errors=_editions
    ),
    ReviewNotComplete: ProblemSpec(409, "review_not_complete", "A summary is written after the review is completed."),
    NoProgram: ProblemSpec(409, "no_program", "The review belongs to no enrolment, so no programme sends it."),
    DataRefused: ProblemSpec(422, "invalid", _count, errors=_faults),
    Refused: ProblemSpec(
        503, "subject_refused", "The service that owns the subject refused to give it to this service.", retry_after=60
    ),
}
