"""Between the frozen values of the domain and the JSON of a row, by their own type annotations.

Readers take rows that older versions wrote: a field that a value gained since has a default, and one that it lost is
ignored. A change beyond that is a migration.
"""

from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from mtm_review.domain.burden import AlertBurden, MemberSeen
from mtm_review.domain.finding import Coverage, NotChecked
from mtm_review.domain.patient import Patient
from mtm_review.domain.review import (
    Consultation,
    KeptFinding,
    KeptInferred,
    KeptSuppressed,
    ListedMedication,
    MadeBy,
    TodoItem,
)

_Value = TypeVar("_Value")


class Section(Generic[_Value]):
    """One JSON column: `write` for the database, `read` from it."""

    def __init__(self, adapter: TypeAdapter[_Value]) -> None:
        self._adapter = adapter

    def write(self, value: _Value) -> Any:
        """The value as plain JSON."""
        return self._adapter.dump_python(value, mode="json")

    def read(self, stored: Any) -> _Value:
        """The value again."""
        return self._adapter.validate_python(stored)


class _PatientSection(Section[Patient]):
    """Sets have no order: what a condition shows is written sorted, so that the same patient is the same JSON."""

    def write(self, value: Patient) -> Any:
        """The patient as plain JSON."""
        written = super().write(value)
        for condition in written["conditions"]:
            condition["conditions"].sort()
        return written


PATIENT: Section[Patient] = _PatientSection(TypeAdapter(Patient))
MEDICATIONS: Section[tuple[ListedMedication, ...]] = Section(TypeAdapter(tuple[ListedMedication, ...]))
FINDING: Section[KeptFinding] = Section(TypeAdapter(KeptFinding))
SUPPRESSED: Section[tuple[KeptSuppressed, ...]] = Section(TypeAdapter(tuple[KeptSuppressed, ...]))
NOT_CHECKED: Section[tuple[NotChecked, ...]] = Section(TypeAdapter(tuple[NotChecked, ...]))
INFERRED: Section[tuple[KeptInferred, ...]] = Section(TypeAdapter(tuple[KeptInferred, ...]))
COVERAGE: Section[Coverage] = Section(TypeAdapter(Coverage))
TODO_ITEMS: Section[tuple[TodoItem, ...]] = Section(TypeAdapter(tuple[TodoItem, ...]))
CONSULTATION: Section[Consultation] = Section(TypeAdapter(Consultation))
MADE_BY: Section[MadeBy] = Section(TypeAdapter(MadeBy))
MEMBER_SEEN: Section[MemberSeen] = Section(TypeAdapter(MemberSeen))
BURDEN: Section[AlertBurden] = Section(TypeAdapter(AlertBurden))
