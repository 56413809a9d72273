"""The fields of a row by their column names, each read once into what it means, or refused with a code."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from re import compile as pattern

from mtm_eligibility.usecases.imports.items import Refused

_IDENTIFIER = pattern(r"[A-Za-z0-9._:+-]{1,64}")
_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_FIRST, _LAST = date(1850, 1, 1), date(2199, 12, 31)
_MOST = Decimal("99999999")


class Fields:
    """One row. `index` maps column names to places and is shared by all rows of a file."""

    __slots__ = ("_index", "_values")

    def __init__(self, values: Sequence[str], index: Mapping[str, int]) -> None:
        self._values = values
        self._index = index

    def optional(self, name: str) -> str:
        """The text without blanks around it; "" where the column is blank or missing."""
        place = self._index.get(name)
        return "" if place is None else self._values[place].strip()

    def text(self, name: str, longest: int = 200) -> str:
        """A text that must be there."""
        text = self.optional(name)
        if not text:
            raise Refused(name, "missing_field", f"{name} is blank")
        if len(text) > longest:
            raise Refused(name, "too_long", f"{name} has more than {longest} characters")
        return text

    def short(self, name: str, longest: int = 200) -> str | None:
        """A text that may be blank."""
        return self.text(name, longest) if self.optional(name) else None

    def identifier(self, name: str) -> str:
        """An identifier of a member or claim."""
        text = self.text(name)
        if not _IDENTIFIER.fullmatch(text):
            raise Refused(name, "invalid_identifier", f"{name} is not an identifier")
        return text

    def day(self, name: str) -> date:
        """A date that must be there: 2014-07-10, 20140710, or 10-Jul-2014 in any case."""
        found = _day(self.text(name))
        if found is None:
            raise Refused(name, "invalid_date", f"{name} is not a date")
        return found

    def optional_day(self, name: str) -> date | None:
        """A date that may be blank."""
        return self.day(name) if self.optional(name) else None

    def decimal(self, name: str) -> Decimal:
        """A decimal number with at most four places."""
        text = self.text(name)
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or abs(number) > _MOST or number != round(number, 4):
            raise Refused(name, "invalid_number", f"{name} is not a number that can be used")
        return number

    def whole(self, name: str, most: int) -> int:
        """A whole number from 0; files also write it as 30.000."""
        number = self.decimal(name)
        if number != number.to_integral_value() or not 0 <= number <= most:
            raise Refused(name, "invalid_number", f"{name} is not a whole number from 0 to {most}")
        return int(number)

    def choice(self, name: str, choices: Mapping[str, str]) -> str:
        """A code of a short list, as what it means."""
        text = self.optional(name)
        if text not in choices:
            code = "invalid_code" if text else "missing_field"
            raise Refused(name, code, f"{name} is none of {', '.join(sorted(filter(None, choices)))}")
        return choices[text]


@lru_cache(1 << 16)
def _day(text: str) -> date | None:
    """A date in one of the three spellings, within the days that members can have lived."""
    parts = text.split("-")
    try:
        if len(text) == 8 and text.isdecimal() and text.isascii():
            found = date(int(text[:4]), int(text[4:6]), int(text[6:]))
        elif len(parts) == 3 and parts[1].lower() in _MONTHS and len(parts[2]) == 4:
            found = date(int(parts[2]), _MONTHS[parts[1].lower()], int(parts[0]))
        elif len(parts) == 3 and len(text) == 10:
            found = date(int(parts[0]), int(parts[1]), int(parts[2]))
        else:
            return None
    except ValueError:
        return None
    return found if _FIRST <= found <= _LAST else None
