"""Reads the condition tables and answers which conditions a diagnosis code shows.

Codes are matched by prefix, which holds for all descendants of a code; where an included and an excluded prefix both
fit, the longer one decides (M06 is rheumatoid arthritis, M06.1 is adult-onset Still's disease and is not).
Category names are those of CMS's ten core chronic diseases for MTM, 42 CFR 423.153(d)(2)(iii).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from mtm_shared.values.citation import Citation
from mtm_shared.vocabulary.checks import Table
from mtm_shared.vocabulary.model import ConditionDefinition, EvidencePolicy

CORE_CATEGORIES: Final = (
    *("alzheimers_disease", "bone_disease_arthritis", "chronic_heart_failure", "diabetes", "dyslipidemia"),
    *("esrd", "hiv_aids", "hypertension", "mental_health", "respiratory_disease"),
)
SETTINGS: Final = ("inpatient", "skilled_nursing", "home_health")
_COLUMNS: Final = (
    *("id", "name", "core_category", "single_claim_settings", "single_claim_minimum", "other_claim_minimum"),
    *("days_apart", "look_back_days", "citation", "status"),
)
_SENSES: Final = ("include", "exclude")
# A letter, a digit (QA0 shows that letters happen), then up to five more; a dot only after the category.
_SHAPE: Final = re.compile(r"[A-Z][0-9A-Z][0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_REMEMBERED: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class ConditionTables:
    """The condition half of the dictionary, checked."""

    conditions: Mapping[str, ConditionDefinition]
    categories: frozenset[str]


def load_conditions(folder: Path) -> ConditionTables:
    """The condition tables of the folder, or a `ReferenceDataError` naming file, row and value."""
    categories = Table(folder, "icd10cm_categories", ("code",))
    categories.unique(lambda row: row["code"], "code")
    known = frozenset(row["code"] for row in categories.rows)
    table = Table(folder, "conditions", _COLUMNS)
    table.unique(lambda row: row["id"], "id")
    codes = _codes(folder, [row["id"] for row in table.rows], known)
    definitions = {row["id"]: _definition(table, place, codes[row["id"]]) for place, row in enumerate(table.rows)}
    return ConditionTables(definitions, known)


def _codes(folder: Path, ids: Iterable[str], categories: frozenset[str]) -> dict[str, dict[str, str]]:
    table = Table(folder, "condition_codes", ("condition", "icd10", "sense", "source"))
    table.unique(lambda row: f"{row['condition']} {row['icd10']}", "icd10")
    codes: dict[str, dict[str, str]] = {identifier: {} for identifier in ids}
    for place, row in enumerate(table.rows):
        condition = table.choice(place, "condition", codes)
        if not _SHAPE.fullmatch(row["icd10"]) or "." in row["icd10"] or row["icd10"][:3] not in categories:
            raise table.fail(place, "icd10", row["icd10"], "must be an ICD-10-CM code without a dot")
        table.text(place, "source")
        codes[condition][row["icd10"]] = table.choice(place, "sense", _SENSES)
    return codes


def _definition(table: Table, place: int, codes: Mapping[str, str]) -> ConditionDefinition:
    row = table.rows[place]
    includes = tuple(sorted(code for code, sense in codes.items() if sense == "include"))
    excludes = tuple(sorted(code for code, sense in codes.items() if sense == "exclude"))
    if not includes:
        raise table.fail(place, "id", row["id"], "must have an included code in condition_codes.csv")
    for code in excludes:
        if not code.startswith(includes):
            raise table.fail(place, "id", code, "must not exclude a code that no included prefix covers")
    evidence = EvidencePolicy(
        single_claim_settings=table.several(place, "single_claim_settings", SETTINGS),
        single_claim_minimum=table.number(place, "single_claim_minimum", 1),
        other_claim_minimum=table.number(place, "other_claim_minimum", 1),
        days_apart=table.number(place, "days_apart", 0),
        look_back_days=table.number(place, "look_back_days", 1),
        citation=Citation(table.text(place, "citation"), table.status(place)),
    )
    core = table.choice(place, "core_category", CORE_CATEGORIES, empty=True) or None
    return ConditionDefinition(row["id"], table.text(place, "name"), core, includes, excludes, evidence)


class ConditionIndex:
    """Looks codes up; remembers what it has seen."""

    def __init__(self, tables: ConditionTables) -> None:
        self._categories = tables.categories
        self._senses: dict[str, list[tuple[str, bool]]] = {}
        for condition in tables.conditions.values():
            for code in condition.includes:
                self._senses.setdefault(code, []).append((condition.id, True))
            for code in condition.excludes:
                self._senses.setdefault(code, []).append((condition.id, False))
        self.conditions_of = lru_cache(maxsize=_REMEMBERED)(self._conditions_of)
        self.problem = lru_cache(maxsize=_REMEMBERED)(self._problem)

    def _conditions_of(self, icd10: str) -> frozenset[str]:
        if self._problem(icd10) is not None:
            return frozenset()
        code = _undotted(icd10)
        decided: dict[str, bool] = {}
        # From the shortest prefix to the longest, so that the longest has the last word.
        for length in range(3, len(code) + 1):
            decided.update(self._senses.get(code[:length], ()))
        return frozenset(condition for condition, holds in decided.items() if holds)

    def _problem(self, icd10: str) -> str | None:
        given = icd10.strip().upper()
        if not given.isascii() or not _SHAPE.fullmatch(given):
            return "invalid_icd10"
        return None if given[:3] in self._categories else "unknown_icd10"


def _undotted(icd10: str) -> str:
    return icd10.strip().upper().replace(".", "")
