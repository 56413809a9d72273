"""Shapes that every service speaks: base models, constrained strings, provenance and pages."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, StringConstraints


class Request(BaseModel):
    """A body that a caller sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Answer(BaseModel):
    """A body that a service answers with: readers ignore fields that they do not know."""

    model_config = ConfigDict(extra="ignore", frozen=True)


def _printable(text: str) -> str:
    if "\x00" in text or any(0xD800 <= ord(character) <= 0xDFFF for character in text):
        raise ValueError("must not contain NUL or unpaired surrogates")
    return text


Text = Annotated[str, StringConstraints(max_length=2000), AfterValidator(_printable)]
ShortText = Annotated[str, StringConstraints(max_length=200), AfterValidator(_printable)]
Identifier = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:+-]{1,64}$")]
CodeText = Annotated[str, StringConstraints(min_length=1, max_length=32), AfterValidator(_printable)]

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


def _of_this_era(day: date) -> date:
    if not 1900 <= day.year <= 2199:
        raise ValueError("must be between 1900-01-01 and 2199-12-31")
    return day


Day = Annotated[date, AfterValidator(_of_this_era)]
"""A day on which something can have happened to a living member; arithmetic with it never leaves the calendar."""
Author = Annotated[str, StringConstraints(min_length=1, max_length=200), AfterValidator(_printable)]
"""Who did something, as the caller's system names them."""
Language = Literal["en", "es"]
Sex = Literal["female", "male", "unknown"]


class MadeBy(Answer):
    """What made an answer: the same request against the same versions gives the same bytes."""

    program_id: str | None = None
    rules_fingerprint: str
    vocabulary_version: str
    knowledge_version: str | None = None
    service_version: str
    as_of: date


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
