"""Shapes that every service speaks: base models, constrained strings, provenance and pages."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, JsonValue, PlainSerializer, StringConstraints


class Request(BaseModel):
    """A body that a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def example(**values: JsonValue) -> ConfigDict:
    """Configuration of a request that shows this example in the OpenAPI document."""
    return ConfigDict(json_schema_extra={"examples": [values]})


class Answer(BaseModel):
    """A body that a service answers with: readers ignore fields that they do not know."""

    model_config = ConfigDict(extra="ignore", frozen=True)


_NO_NUL = r"^[^\x00]*$"
# PostgreSQL cannot hold NUL; halves of surrogate pairs are refused where JSON is read.
Text = Annotated[str, StringConstraints(max_length=2000, pattern=_NO_NUL)]
ShortText = Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)]
Sentence = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*[^\s\x00][^\x00]*$")]
"""A text that will be printed for somebody: it says something."""
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:+-]{1,64}$")]
CodeText = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=_NO_NUL)]

Money = Annotated[
    Decimal,
    Field(max_digits=12, decimal_places=4, ge=Decimal("-99999999"), le=Decimal("99999999")),
    PlainSerializer(lambda amount: f"{amount:f}", return_type=str, when_used="json"),
]
Quantity = Annotated[
    Decimal,
    Field(max_digits=14, decimal_places=4, ge=0),
    PlainSerializer(lambda amount: f"{amount:f}", return_type=str, when_used="json"),
]


Day = Annotated[date, Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]
"""A day on which something can have happened to a living member; arithmetic with it never leaves the calendar."""
Author = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=_NO_NUL)]
"""Who did something, as the caller's system names them."""
Language = Literal["en", "es"]
Sex = Literal["female", "male", "unknown"]


class MadeBy(Answer):
    """What made an answer: the same request against the same versions gives the same bytes.

    `policy_version` names the sponsor's policy by which a review or screening is shown, if one acted.
    """

    program_id: str | None = None
    rules_fingerprint: str
    vocabulary_version: str
    knowledge_version: str | None = None
    service_version: str
    as_of: date
    policy_version: str | None = None


class NotChecked(Answer):
    """Something that could not be used, with a stable code and a sentence that says why."""

    what: str
    value: str
    code: str
    detail: str


class Citation(Answer):
    """The source of a value and how sure it is: final, proposed, estimated or unverified."""

    source: str
    status: Literal["final", "proposed", "estimated", "unverified"]
    note: str = ""


class Ingredient(Answer):
    """An active ingredient by its RxNorm concept."""

    rxcui: str
    name: str


class Drug(Answer):
    """A medication as the vocabulary understands it."""

    rxcui: str
    name: str
    ingredients: list[Ingredient]
    dose_form: str | None = None
    route: str | None = None
    strength: str | None = None
    resolved_by: Literal["ndc", "rxcui", "name"]


Item = TypeVar("Item")


class Page(Answer, Generic[Item]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[Item]
    next_cursor: str | None = None
