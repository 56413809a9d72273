"""Why a document cannot be made."""

from collections.abc import Mapping, Sequence
from typing import Any


class DocumentUnknown(Exception):
    """No such document."""


class PrintRunUnknown(Exception):
    """No such print run."""


class NothingToConfirm(Exception):
    """The member has neither left the programme nor declined the review."""


class NothingToSay(Exception):
    """The review has nothing for the reader of this document."""


class SeveralPrescribers(Exception):
    """Recommendations went to several prescribers: the order must name which one's report is made."""

    def __init__(self, npis: Sequence[str]) -> None:
        super().__init__("several prescribers")
        self.npis = npis


class BundleNotReady(Exception):
    """The print run has not ended."""


class PrintRunNotEnded(Exception):
    """Some of the run's documents are not made yet, so that it cannot have been sent."""


class NoSuchPart(Exception):
    """The bundle has no such part."""


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


class NoSubjectKind(Exception):
    """The kind of document is about nobody, so that no subject gets one."""


class NotEnrolled(Exception):
    """The member left the programme."""


class ReviewDeclined(Exception):
    """The member said no to this year's review; that is no opt-out, and no reason to be asked again."""


class ReviewNotComplete(Exception):
    """A summary is written after the consultation, never before (42 CFR 423.153(d)(1)(vii)(B))."""


class NoProgram(Exception):
    """The review belongs to no enrolment, so that no programme says who sends the summary."""


class DataRefused(Exception):
    """The data of a render request does not fit the form; `faults` are Pydantic's, values and all."""

    def __init__(self, faults: Sequence[Mapping[str, Any]]) -> None:
        super().__init__("the data does not fit the form")
        self.faults = faults


class NotText(Exception):
    """A file is not UTF-8."""


class CmsReportUnknown(Exception):
    """No such report."""


class CmsReportNotDone(Exception):
    """The report is not done, so that it has no file and no rate yet."""


class NoCmsReport(Exception):
    """There is no report of this contract and year that is done."""


class YearNotOffered(Exception):
    """There is no layout or no measure of the year; `years` are those that there are."""

    def __init__(self, years: tuple[int, ...]) -> None:
        super().__init__(f"the years are {', '.join(map(str, years))}")
        self.years = years
