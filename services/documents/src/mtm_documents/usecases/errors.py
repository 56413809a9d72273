"""Why a document cannot be made."""


class DocumentUnknown(Exception):
    """No such document."""


class PrintRunUnknown(Exception):
    """No such print run."""


class NotThisSubject(Exception):
    """The kind of document is made from something else than what was named."""

    def __init__(self, kind: str, needs: str) -> None:
        super().__init__(f"{kind} is made from {needs}")
        self.kind, self.needs = kind, needs


class KindNotOffered(Exception):
    """This version has no such form, or not in that edition."""


class ReviewNotComplete(Exception):
    """A summary is written after the consultation, never before (42 CFR 423.153(d)(1)(vii)(B))."""


class NoProgram(Exception):
    """The review belongs to no enrolment, so that no programme says who sends the summary."""


class DataRefused(Exception):
    """The data of a render request does not fit the form; `faults` locates each fault."""

    def __init__(self, faults: list[tuple[str, str, str]]) -> None:
        super().__init__("the data does not fit the form")
        self.faults = faults
