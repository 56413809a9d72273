"""Data types of FHIR R4, as far as we read them. Dates keep their day only: no rule of ours knows hours."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

NDC: Final = "http://hl7.org/fhir/sid/ndc"
RXNORM: Final = "http://www.nlm.nih.gov/research/umls/rxnorm"
ICD10CM: Final = "http://hl7.org/fhir/sid/icd-10-cm"
ICD10_SYSTEMS: Final = frozenset({ICD10CM, "http://hl7.org/fhir/sid/icd-10"})
SNOMED: Final = "http://snomed.info/sct"
LOINC: Final = "http://loinc.org"
NPI: Final = "http://hl7.org/fhir/sid/us-npi"
MBI: Final = "http://hl7.org/fhir/sid/us-mbi"


def _day(value: Any) -> Any:
    """The day of a date or dateTime (FHIR R4, 2.24.0.1); a year or a month alone is not a day."""
    return value[:10] if isinstance(value, str) and len(value) > 10 and value[10] == "T" else value


Day = Annotated[date, BeforeValidator(_day), Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
Text = Annotated[str, StringConstraints(max_length=4000, pattern=r"^[^\x00]*$")]


class Part(BaseModel):
    """A part of a resource: what is not known is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class Coding(Part):
    """A code of a system."""

    system: Text = ""
    code: Text = ""
    display: Text = ""


class Concept(Part):
    """A CodeableConcept: codes that mean the same, or a text."""

    coding: list[Coding] = []
    text: Text = ""

    def code_of(self, *systems: str) -> str:
        """The first code of one of the systems, or the empty string."""
        return next((one.code for one in self.coding if one.system in systems and one.code), "")

    def has(self, code: str) -> bool:
        """Whether one of its codes is this one, whatever the system; addresses count by their last part."""
        return any(one.code.rsplit("/", 1)[-1].casefold() == code for one in self.coding)

    @property
    def words(self) -> str:
        """What a person would read."""
        return self.text or next((one.display for one in self.coding if one.display), "")


class Identifier(Part):
    """An identifier of a system."""

    system: Text = ""
    value: Text = ""
    type: Concept = Concept()


class Reference(Part):
    """A reference to another resource."""

    reference: Text = ""
    identifier: Identifier | None = None
    display: Text = ""

    @property
    def id(self) -> str:
        """The id at its end: of `Patient/12`, `https://…/Patient/12`, `urn:uuid:…`, each without what comes before."""
        return self.reference.removeprefix("urn:uuid:").rsplit("/", 1)[-1]


class Quantity(Part):
    """A number with its unit."""

    value: Annotated[Decimal, Field(max_digits=18, decimal_places=6)] | None = None
    unit: Text = ""
    code: Text = ""


class Money(Part):
    """An amount of money."""

    value: Annotated[Decimal, Field(max_digits=14, decimal_places=4)] | None = None


class Period(Part):
    """From a day to a day."""

    start: Day | None = None
    end: Day | None = None


class HumanName(Part):
    """A name."""

    use: Text = ""
    family: Text = ""
    given: list[Text] = []


class ContactPoint(Part):
    """A telephone number or another way to reach somebody."""

    system: Text = ""
    value: Text = ""


class Address(Part):
    """A postal address."""

    line: list[Text] = []
    city: Text = ""
    state: Text = ""
    postal_code: Annotated[Text, Field(validation_alias=AliasChoices("postalCode", "postal_code"))] = ""
