"""The door of the report to a prescriber."""

from typing import Annotated, ClassVar, Literal

from mtm_shared.contracts.common import Request, Sentence, ShortText, Text
from mtm_shared.contracts.recommendations import ProblemCategory
from pydantic import Field

from mtm_documents.forms._shared.data import ContactData, FormData, FormDate, LetterheadData, Name
from mtm_documents.forms.prescriber_report.value import PrescriberReport


class ProblemData(Request):
    """One drug therapy problem."""

    category: ProblemCategory
    suggestion: Sentence
    severity: Literal["contraindicated", "major", "moderate", "minor", ""] = ""
    medications: Annotated[tuple[Name, ...], Field(max_length=20)] = ()
    because: Text = ""
    consequence: Text = ""
    evidence: Annotated[tuple[Text, ...], Field(max_length=40)] = ()
    source: Text = ""
    token: ShortText = ""


class PrescriberReportData(FormData):
    """A report as a caller gives it."""

    value_type: ClassVar[type[PrescriberReport]] = PrescriberReport

    letterhead: LetterheadData
    contact: ContactData
    dated: FormDate
    prescriber_name: ShortText
    prescriber_npi: ShortText = ""
    member_name: Name
    birth_date: FormDate
    reviewed_on: FormDate
    problems: Annotated[tuple[ProblemData, ...], Field(min_length=1, max_length=50)]
    edition: Name = "2025"
