"""A value of a programme with its unit and its source, so that an answer can say where a requirement comes from."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from mtm_shared.values.citation import Citation

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Cited(Generic[Value]):
    """A value with its unit and its source."""

    value: Value
    unit: str
    citation: Citation
