"""A row of the file: one value for each field of the layout, by the field's name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

Value = str | int | date | None


@dataclass(frozen=True, slots=True)
class Row:
    """Values as they are, not as they are written; a field that is blank in the file is None."""

    values: Mapping[str, Value]

    def __contains__(self, name: object) -> bool:
        """Whether the layout of this row has the field at all."""
        return name in self.values

    def text(self, name: str) -> str:
        """The text; empty where the field is blank or not in the layout."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def number(self, name: str) -> int:
        """The number; zero where the field is blank or not in the layout."""
        value = self.values.get(name)
        return value if isinstance(value, int) else 0

    def day(self, name: str) -> date | None:
        """The day; None where the field is blank or not in the layout."""
        value = self.values.get(name)
        return value if isinstance(value, date) else None

    def days(self, prefix: str) -> tuple[date, ...]:
        """The days of a repeated field, in the file's order."""
        return tuple(
            value for name, value in self.values.items() if name.startswith(prefix) and isinstance(value, date)
        )

    @property
    def met_criteria(self) -> bool:
        """Whether the row says that CMS's own criteria were met: a targeting code but 04, or Y in older years."""
        return self.text("targeting_code") in {"01", "02", "03"} or self.text("criteria_met") == "Y"
