"""Reads the files of cost: drugs that are sold as generics, and choices that usually cost less.

`generics.csv` says in which dose forms a drug is sold as a generic; the vocabulary says in which strengths and salts,
by holding an NDC under the generic product. The domain gets one table of products and needs no vocabulary itself.
"""

from collections.abc import Mapping
from pathlib import Path

from mtm_shared.reference import ReferenceDataError
from mtm_shared.vocabulary import Vocabulary

from mtm_review.domain.finding import Screen
from mtm_review.domain.knowledge import CheaperChoice, CostKnowledge, DrugSet, Said
from mtm_review.reference.adherence_tables import said_of
from mtm_review.reference.rows import Row, put, rows_of

GENERIC_COLUMNS = ("drug", "name", "forms", "citation", "status")
CHOICE_COLUMNS = (
    "rule_id", "name", "drug", "forms", "brands", "instead", "instead_forms", "what", "severity", "consequence",
    "recommendation", "citation", "status",
)  # fmt: skip
ONE_PRODUCT = "narrow_therapeutic_index"
BRAND = "brand_with_generic"


def read_costs(folder: Path, drug_sets: Mapping[str, DrugSet], vocabulary: Vocabulary) -> CostKnowledge:
    """`generics.csv` and `cheaper_choices.csv`; the row of the brand's rule is the one that names no drug."""
    brand: dict[str, Said] = {}
    choices: dict[str, CheaperChoice] = {}
    for row in rows_of(folder / "cheaper_choices.csv", CHOICE_COLUMNS):
        said = said_of(row, Screen.COST, "SD")
        if row.text("rule_id") == BRAND:
            put(brand, BRAND, said, row, "rule_id")
            continue
        choice = CheaperChoice(
            said=said,
            drug=_drug(row, "drug", vocabulary),
            forms=_parts(row, "forms"),
            brands=frozenset(_parts(row, "brands")),
            instead=tuple(_known(row, "instead", part, vocabulary) for part in _parts(row, "instead")),
            instead_forms=_parts(row, "instead_forms"),
            what=row.text("what"),
        )
        put(choices, said.rule_id, choice, row, "rule_id")
    generics = _generics(folder, vocabulary)
    one_product = frozenset(drug_sets[ONE_PRODUCT].names) if ONE_PRODUCT in drug_sets else frozenset[str]()
    if generics and BRAND not in brand:
        raise ReferenceDataError("cheaper_choices.csv", f"must have the rule {BRAND}")
    return CostKnowledge.of(brand.get(BRAND), generics, one_product, choices.values())


def _generics(folder: Path, vocabulary: Vocabulary) -> dict[str, str]:
    forms: dict[str, frozenset[str]] = {}
    for row in rows_of(folder / "generics.csv", GENERIC_COLUMNS):
        row.citation()
        row.text("name")
        put(forms, _drug(row, "drug", vocabulary), frozenset(_parts(row, "forms")), row, "drug")
    return {
        product.name: "+".join(product.ingredients)
        for drug, sold in forms.items()
        for product in vocabulary.tables.products.made_of(tuple(drug.split("+")))
        if product.tty == "SCD" and product.form in sold and vocabulary.ndcs_of(product.rxcui)
    }


def _drug(row: Row, column: str, vocabulary: Vocabulary) -> str:
    return _known(row, column, row.text(column), vocabulary)


def _known(row: Row, column: str, drug: str, vocabulary: Vocabulary) -> str:
    """A drug by the RxCUIs of its ingredients in ascending order, joined by `+`."""
    parts = drug.split("+")
    if any(vocabulary.ingredient(part) is None for part in parts) or parts != sorted(
        parts, key=lambda rxcui: (len(rxcui), rxcui)
    ):
        row.refuse(column, "must be RxCUIs of ingredients of the vocabulary in order, joined by +")
    return drug


def _parts(row: Row, column: str) -> tuple[str, ...]:
    return tuple(part for part in row.optional(column).split(";") if part)
