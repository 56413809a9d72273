"""Why a document cannot be made."""

from collections.abc import Mapping, Sequence
from typing import Any


class DocumentUnknown(Exception):
    """No such document."""


class PrintRunUnknown(Exception):
    """No such print run."""


class BundleNotReady(Exception):
    """The run is not done, so that there is neither a bundle nor anything to send."""


class BundlePartUnknown(Exception):
    """The bundle has no such part."""


class ConsentMissing(Exception):
    """Electronic delivery without the member's consent."""


class SentOnImpossible(Exception):
    """Sent before the document's own day, or in the future."""


class NotThisSubject(Exception):
    """The kind of document is made from something else than what was named."""

    def __init__(self, kind: str, needs: str) -> None:
        super().__init__(f"{kind} is made from {needs}")
        self.kind, self.needs = kind, needs


class KindNotOffered(Exception):
    """This version has no such form."""


class EditionNotOffered(Exception):
    """The form has no such edition; `editions` are those that it has."""

    def __init__(self, editions: tuple[str, ...]) -> None:
        super().__init__(f"the editions are {', '.join(editions)}")
        self.editions = editions


class ReviewNotComplete(Exception):
    """A summary is written after the consultation, never before (42 CFR 423.153(d)(1)(vii)(B))."""


class NoProgram(Exception):
    """The review belongs to no enrolment, so that no programme says who sends the summary."""


class DataRefused(Exception):
    """The data of a render request does not fit the form; `faults` are Pydantic's, values and all."""

    def __init__(self, faults: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("the data does not fit the form")
        self.faults = faults
