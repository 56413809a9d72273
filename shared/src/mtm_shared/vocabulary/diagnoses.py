"""Answers which conditions a code shows, and why; remembers what it has seen.

ICD-10-CM codes are looked up by prefix, the longest deciding for each condition; SNOMED CT concepts and RxHCC
categories as they stand in their tables.
"""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final

from mtm_shared.vocabulary.codings import is_sctid, rxhcc_category
from mtm_shared.vocabulary.conditions import ICD10_SHAPE, ConditionTables
from mtm_shared.vocabulary.model import CodeMatch, ConditionDefinition, RxHcc, SnomedConcept
from mtm_shared.vocabulary.official.records import DiagnosisCode

RXHCC_MODEL: Final = "V08"
_REMEMBERED: Final = 1 << 16
_CATEGORY_LENGTH: Final = 3


class ConditionIndex:
    """Looks codes up. `codes` are the official ICD-10-CM codes without dots, where a built vocabulary has them."""

    def __init__(self, tables: ConditionTables, codes: Mapping[str, DiagnosisCode]) -> None:
        self._tables = tables
        self._codes = codes
        # By prefix: the conditions that it puts in or leaves out, each with the prefix and which of the two.
        self._senses: dict[str, list[tuple[str, tuple[str, bool]]]] = {}
        for condition in tables.conditions.values():
            for code in condition.includes:
                self._senses.setdefault(code, []).append((condition.id, (code, True)))
            for code in condition.excludes:
                self._senses.setdefault(code, []).append((condition.id, (code, False)))
        self.conditions_of = lru_cache(maxsize=_REMEMBERED)(self._conditions_of)
        self.problem = lru_cache(maxsize=_REMEMBERED)(self._problem)
        self.implied_by = lru_cache(maxsize=None)(self._implied_by)

    def why(self, icd10: str) -> tuple[CodeMatch, ...]:
        """For each condition that has a prefix of the code, the prefix that decided; in order of condition."""
        definitions = self._tables.conditions
        return tuple(
            CodeMatch(condition, definitions[condition].name, prefix, holds, definitions[condition].reasons[prefix])
            for condition, (prefix, holds) in sorted(self._decided(icd10).items())
        )

    def _implied_by(self, condition_id: str) -> frozenset[str]:
        """The condition itself and every wider one: those that hold for each code that shows it."""
        condition = self._tables.conditions.get(condition_id)
        if condition is None:
            return frozenset()
        wider = frozenset.intersection(*(self.conditions_of(code) for code in condition.includes))
        return frozenset(other for other in wider if self._covers(self._tables.conditions[other], condition))

    def icd10(self, code: str) -> DiagnosisCode | None:
        """The code with its title, or the nearest one above it whose title is known: its category at least."""
        if self._problem(code) is not None:
            return None
        given = _undotted(code)
        for length in range(len(given), _CATEGORY_LENGTH, -1):
            if (found := self._codes.get(given[:length])) is not None:
                return found
        category = given[:_CATEGORY_LENGTH]
        return self._codes.get(category) or DiagnosisCode(category, self._tables.categories[category], False)

    def listed(self, icd10: str) -> bool | None:
        """Whether an edition that was built in has the code; None where none was built in."""
        return _undotted(icd10) in self._codes if self._codes else None

    def snomed(self, concept: str) -> SnomedConcept | None:
        """The SNOMED CT concept, where it is known."""
        return self._tables.snomed.get(concept.strip())

    def snomed_problem(self, concept: str) -> str | None:
        """None, `invalid_snomed` (not an identifier, or mistyped) or `unknown_snomed` (not in the table)."""
        given = concept.strip()
        if not is_sctid(given):
            return "invalid_snomed"
        return None if given in self._tables.snomed else "unknown_snomed"

    def rxhcc(self, category: str, model: str) -> RxHcc | None:
        """The category of the model, where it is known."""
        key = rxhcc_category(category)
        return None if key is None else self._tables.rxhcc.get(f"{model} {key}")

    def _covers(self, wider: ConditionDefinition, narrower: ConditionDefinition) -> bool:
        """False when the wider one leaves out a code that shows the narrower one."""
        left_out = (code for code in wider.excludes if code.startswith(narrower.includes))
        return all(narrower.id not in self.conditions_of(code) for code in left_out)

    def _conditions_of(self, icd10: str) -> frozenset[str]:
        return frozenset(condition for condition, (_, holds) in self._decided(icd10).items() if holds)

    def _decided(self, icd10: str) -> dict[str, tuple[str, bool]]:
        """For each condition that has a prefix of the code, the longest one and whether it is in."""
        decided: dict[str, tuple[str, bool]] = {}
        if self._problem(icd10) is None:
            for prefix in _prefixes(_undotted(icd10)):
                decided.update(self._senses.get(prefix, ()))
        return decided

    def _problem(self, icd10: str) -> str | None:
        given = icd10.strip().upper()
        if not given.isascii() or not ICD10_SHAPE.fullmatch(given):
            return "invalid_icd10"
        if given[:_CATEGORY_LENGTH] not in self._tables.categories:
            return "unknown_icd10"
        # Not the list of a built vocabulary: a code that is new in October would lose its conditions until the next
        # build, and members their diabetes.
        return None


def _prefixes(code: str) -> Iterator[str]:
    """From the category to the code itself, so that the longest has the last word."""
    return (code[:length] for length in range(_CATEGORY_LENGTH, len(code) + 1))


def _undotted(icd10: str) -> str:
    return icd10.strip().upper().replace(".", "")
