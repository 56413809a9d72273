"""The factors of morphine equivalents, `mme_factors.csv`: sets side by side, each with its source.

A new set (CMS publishes its own for a plan year) is rows with another `factor_set`; nothing else changes but the list
of names that the API accepts.
"""

import re
from collections import defaultdict
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

from mtm_review.domain.knowledge import DrugSet, OpioidKnowledge
from mtm_review.domain.knowledge.opioids import FactorUnit, MmeFactor, OpioidForm
from mtm_review.reference.rows import Row, rows_of

COLUMNS = ("factor_set", "rxcui", "name", "forms", "unit", "over", "factor", "citation", "status")
COUGH_PARTNERS = "cough_and_cold_partners"
_DECIMAL = re.compile(r"\d+(?:\.\d+)?")


def read_opioids(folder: Path, drug_sets: Mapping[str, DrugSet]) -> OpioidKnowledge:
    """Every factor set; the same ingredient, form and tier stands once in a set."""
    sets: defaultdict[str, defaultdict[str, list[MmeFactor]]] = defaultdict(lambda: defaultdict(list))
    for row in rows_of(folder / "mme_factors.csv", COLUMNS):
        factor = _factor(row)
        row.citation()
        known = sets[row.text("factor_set")][factor.rxcui]
        if any(other.over == factor.over and other.forms & factor.forms for other in known):
            row.refuse("forms", "must not be given twice for one ingredient of a set")
        known.append(factor)
    partners = drug_sets.get(COUGH_PARTNERS)
    return OpioidKnowledge(
        {
            name: {rxcui: tuple(sorted(found, key=lambda f: -f.over)) for rxcui, found in by.items()}
            for name, by in sets.items()
        },
        frozenset(partners.names) if partners else frozenset(),
    )


def _factor(row: Row) -> MmeFactor:
    return MmeFactor(
        rxcui=str(row.number("rxcui", 1, 99_999_999)),
        forms=frozenset(OpioidForm(name) for name in row.keys("forms", [form.value for form in OpioidForm])),
        unit=row.choice("unit", FactorUnit),
        over=_decimal(row, "over"),
        factor=_decimal(row, "factor"),
    )


def _decimal(row: Row, column: str) -> Decimal:
    text = row.text(column)
    if not _DECIMAL.fullmatch(text):
        row.refuse(column, "must be a number that is not negative")
        return Decimal(0)
    return Decimal(text)
