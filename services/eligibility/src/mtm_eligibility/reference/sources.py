"""Citations by name within a programme file, so that a value names its source in one word.

A file lists its sources once under `[sources.<name>]`; every value says `source = "<name>"`. A source that does not
exist, and one that no value uses, are both mistakes.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from mtm_shared.reference import Reader
from mtm_shared.values.citation import Citation, Status

from mtm_eligibility.domain.program import Cited

Value = TypeVar("Value")
_NONE: Final = Citation("", Status.UNVERIFIED)


class Sources:
    """The sources of one file, remembering which were used."""

    def __init__(self, table: Reader) -> None:
        self._table = table
        self._citations = {name: _citation(table.table(name)) for name in table.keys()}  # noqa: SIM118
        self._unused = set(self._citations)

    def of(self, reader: Reader) -> Citation:
        """The citation that the table's `source` names."""
        name = reader.text("source", choices=sorted(self._citations))
        self._unused.discard(name)
        if name not in self._citations:
            reader.refuse("source", name, "must be an entry of [sources], which is empty")
        return self._citations.get(name, _NONE)

    def cited(self, reader: Reader, key: str, read: Callable[[Reader], Value]) -> Cited[Value]:
        """The value at `key`: a table of `value`, `unit` (where there is one) and `source`."""
        table = reader.table(key)
        return Cited(read(table), table.text("unit", default=""), self.of(table))

    def refuse_unused(self) -> None:
        """Every source is the source of something."""
        for name in sorted(self._unused):
            self._table.refuse(name, name, "must be the source of a value")


def _citation(table: Reader) -> Citation:
    return Citation(table.text("citation"), table.enum("status", Status), table.text("note", default=""))
