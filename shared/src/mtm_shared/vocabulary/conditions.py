"""Reads the condition tables: which conditions there are, and which ICD-10-CM codes show them.

Codes are matched by prefix, which holds for all descendants of a code; where an included and an excluded prefix both
fit, the longer one decides (M06 is rheumatoid arthritis, M06.1 is adult-onset Still's disease and is not). One list
serves everyone who asks about conditions: programmes count those that they name, reviews have rules on any of them.
Category names are those of CMS's ten core chronic diseases for MTM, 42 CFR 423.153(d)(2)(iii).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple

from mtm_shared.values.citation import Citation
from mtm_shared.vocabulary.checks import Table
from mtm_shared.vocabulary.codings import load_rxhcc, load_snomed
from mtm_shared.vocabulary.model import ConditionDefinition, EvidencePolicy, RxHcc, SnomedConcept

CORE_CATEGORIES: Final = (
    *("alzheimers_disease", "bone_disease_arthritis", "chronic_heart_failure", "diabetes", "dyslipidemia"),
    *("esrd", "hiv_aids", "hypertension", "mental_health", "respiratory_disease"),
)
SETTINGS: Final = ("inpatient", "skilled_nursing", "home_health")
# A letter, a digit (QA0 shows that letters happen), then up to five more; a dot only after the category.
ICD10_SHAPE: Final = re.compile(r"[A-Z][0-9A-Z][0-9A-Z](?:\.?[0-9A-Z]{1,4})?")
_COLUMNS: Final = (
    *("id", "name", "plain_name", "name_es", "core_category", "single_claim_settings", "single_claim_minimum"),
    *("other_claim_minimum", "days_apart", "look_back_days", "citation", "status"),
)
_SENSES: Final = ("include", "exclude")
_ID: Final = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class ConditionTables:
    """The condition half of the dictionary, checked.

    `categories` are the titles of ICD-10-CM's three-character categories; `snomed` goes by concept id, `rxhcc` by
    model and category (`V08 RXHCC30`).
    """

    conditions: Mapping[str, ConditionDefinition]
    categories: Mapping[str, str]
    snomed: Mapping[str, SnomedConcept] = field(default_factory=dict)
    rxhcc: Mapping[str, RxHcc] = field(default_factory=dict)


class _Code(NamedTuple):
    """One row of `condition_codes.csv`."""

    place: int
    included: bool
    source: str


def load_conditions(folder: Path) -> ConditionTables:
    """The condition tables of the folder, or a `ReferenceDataError` naming file, row and value."""
    categories = Table(folder, "icd10cm_categories", ("code", "title"))
    categories.unique(lambda row: row["code"], "code")
    titles = {row["code"]: categories.text(place, "title") for place, row in enumerate(categories.rows)}
    table = Table(folder, "conditions", _COLUMNS)
    table.unique(lambda row: row["id"], "id")
    for place, row in enumerate(table.rows):
        if not _ID.fullmatch(row["id"]):
            table.refuse(place, "id", row["id"], "must be words in lower case with underscores")
    codes = _codes(folder, [row["id"] for row in table.rows], titles)
    definitions = {row["id"]: _definition(table, place, codes[row["id"]]) for place, row in enumerate(table.rows)}
    return ConditionTables(
        definitions, titles, load_snomed(folder, definitions.keys()), load_rxhcc(folder, definitions.keys())
    )


def _codes(folder: Path, ids: Iterable[str], categories: Mapping[str, str]) -> dict[str, dict[str, _Code]]:
    table = Table(folder, "condition_codes", ("condition", "icd10", "sense", "source"))
    table.unique(lambda row: f"{row['condition']} {row['icd10']}", "icd10")
    codes: dict[str, dict[str, _Code]] = {identifier: {} for identifier in ids}
    for place, row in enumerate(table.rows):
        condition = table.choice(place, "condition", codes)
        if not ICD10_SHAPE.fullmatch(row["icd10"]) or "." in row["icd10"] or row["icd10"][:3] not in categories:
            table.refuse(place, "icd10", row["icd10"], "must be an ICD-10-CM code without a dot")
        included = table.choice(place, "sense", _SENSES) == "include"
        codes[condition][row["icd10"]] = _Code(place, included, table.text(place, "source"))
    for members in codes.values():
        _refuse_idle(table, members)
    return codes


def _refuse_idle(table: Table, codes: Mapping[str, _Code]) -> None:
    """A code must change what the next shorter one says: none may repeat it, and nothing is excluded from nothing."""
    for icd10, code in codes.items():
        above = next(
            (codes[icd10[:length]] for length in range(len(icd10) - 1, 2, -1) if icd10[:length] in codes), None
        )
        if above is None and not code.included:
            table.refuse(code.place, "icd10", icd10, "must not exclude a code that no included prefix covers")
        elif above is not None and above.included == code.included:
            table.refuse(code.place, "icd10", icd10, "must not repeat what a shorter prefix of the condition says")


def _definition(table: Table, place: int, codes: Mapping[str, _Code]) -> ConditionDefinition:
    row = table.rows[place]
    includes = tuple(sorted(icd10 for icd10, code in codes.items() if code.included))
    if not includes:
        table.refuse(place, "id", row["id"], "must have an included code in condition_codes.csv")
    evidence = EvidencePolicy(
        single_claim_settings=table.several(place, "single_claim_settings", SETTINGS),
        single_claim_minimum=table.number(place, "single_claim_minimum", 1),
        other_claim_minimum=table.number(place, "other_claim_minimum", 1),
        days_apart=table.number(place, "days_apart", 0),
        look_back_days=table.number(place, "look_back_days", 1),
        citation=Citation(table.text(place, "citation"), table.status(place)),
    )
    return ConditionDefinition(
        id=row["id"],
        name=table.text(place, "name"),
        core_category=table.choice(place, "core_category", CORE_CATEGORIES, empty=True) or None,
        includes=includes,
        excludes=tuple(sorted(icd10 for icd10, code in codes.items() if not code.included)),
        evidence=evidence,
        plain_name=table.text(place, "plain_name"),
        name_es=table.text(place, "name_es"),
        reasons={icd10: code.source for icd10, code in sorted(codes.items())},
    )
