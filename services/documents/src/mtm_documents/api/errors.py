"""Which answer each failure of this service becomes."""

from collections.abc import Mapping
from typing import Final

from mtm_shared.clients.errors import NotFound
from mtm_shared.contracts.problem import ProblemError
from mtm_shared.web import ProblemSpec

from mtm_documents.usecases.errors import (
    DataRefused,
    DocumentUnknown,
    KindNotOffered,
    NoProgram,
    NotThisSubject,
    PrintRunUnknown,
    ReviewNotComplete,
)


def _not_this(error: Exception) -> str:
    assert isinstance(error, NotThisSubject)
    return f"A document of kind {error.kind} is made from {error.needs}."


def _faults(error: Exception) -> list[ProblemError]:
    faults = error.faults if isinstance(error, DataRefused) else []
    return [ProblemError(pointer=pointer, code=code, message=message) for pointer, code, message in faults]


PROBLEMS: Final[Mapping[type[Exception], ProblemSpec]] = {
    DocumentUnknown: ProblemSpec(404, "document_not_found", "No such document."),
    PrintRunUnknown: ProblemSpec(404, "print_run_not_found", "No such print run."),
    NotFound: ProblemSpec(404, "subject_not_found", "The service that owns the subject does not have it."),
    NotThisSubject: ProblemSpec(422, "wrong_subject", _not_this),
    KindNotOffered: ProblemSpec(422, "kind_not_offered", "This version has no such form or edition."),
    ReviewNotComplete: ProblemSpec(409, "review_not_complete", "A summary is written after the review is completed."),
    NoProgram: ProblemSpec(409, "no_program", "The review belongs to no enrolment, so no programme sends it."),
    DataRefused: ProblemSpec(422, "invalid", "The data does not fit the form.", errors=_faults),
}
