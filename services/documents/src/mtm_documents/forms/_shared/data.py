"""The door's models for the parts that forms share: unknown fields refused, every text bounded.

A form's model mirrors its value field by field, so that turning one into the other is a plain conversion.
"""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final

from mtm_shared.contracts.common import Request, ShortText
from pydantic import BeforeValidator, Field, StringConstraints, TypeAdapter

from mtm_documents.domain.parties import ChannelKind, Purpose

Name = Annotated[ShortText, StringConstraints(min_length=1)]
Lines = Annotated[tuple[ShortText, ...], Field(max_length=8)]
_WRITTEN_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def _written(value: object) -> object:
    """Pydantic takes a number, even as text, for seconds since 1970: a letter would be dated by mistake."""
    if isinstance(value, date) or (isinstance(value, str) and _WRITTEN_DATE.fullmatch(value)):
        return value
    raise ValueError("write a date as YYYY-MM-DD")


FormDate = Annotated[date, BeforeValidator(_written), Field(ge=date(1900, 1, 1), le=date(2199, 12, 31))]

_ADAPTERS: Final[dict[type[Any], TypeAdapter[Any]]] = {}
"""Building one takes milliseconds; a print run makes thousands of values."""


class FormData(Request):
    """The data of `POST /v1/documents/render` for one kind."""

    value_type: ClassVar[type[Any]]

    def to_value(self) -> Any:
        """The value that the form is made of."""
        if self.value_type not in _ADAPTERS:
            _ADAPTERS[self.value_type] = TypeAdapter(self.value_type)
        return _ADAPTERS[self.value_type].validate_python(self.model_dump())


class ChannelData(Request):
    """One way to reach the programme."""

    kind: ChannelKind
    value: Name
    purpose: Purpose = Purpose.ANY
    tty: ShortText = ""
    hours: ShortText = ""
    hours_es: ShortText = ""


class ContactData(Request):
    """The programme's contact block."""

    plan_name: Name
    administrator: ShortText = ""
    channels: Annotated[tuple[ChannelData, ...], Field(max_length=20)] = ()
    caller_ids: Annotated[tuple[ShortText, ...], Field(max_length=10)] = ()
    website: ShortText = ""


class LetterheadData(Request):
    """Who sends the letter."""

    name: Name
    lines: Lines = ()


class AddresseeData(Request):
    """Whom the letter is addressed to."""

    name: Name
    lines: Lines = ()


class TakeBackSiteData(Request):
    """A place that takes unused medicines back."""

    name: Name
    address: Name
    phone: ShortText = ""
    distance_miles: Annotated[Decimal, Field(ge=0, le=9999, max_digits=6, decimal_places=2)] | None = None
    hours: ShortText = ""


Sites = Annotated[tuple[TakeBackSiteData, ...], Field(max_length=10)]
