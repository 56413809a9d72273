"""Reads `inference.csv`: the drugs, or the combinations of drugs, that show a condition.

| column | means |
|---|---|
| `drug_set`, `with_drugs` | a drug of the first, taken with one of any of the second where named, shows `condition` |
| `confidence` | `inferred_high` where hardly any other use is known, else `inferred_low` |
| `routes` | counted by these routes alone |
| `unless_drugs`, `unless_conditions` | what explains the drug otherwise, each a list separated by semicolons |
| `reason` | why the drug shows the condition, and what else it is used for |
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from mtm_review.domain.finding import Confidence
from mtm_review.domain.knowledge import DrugSet
from mtm_review.domain.knowledge.inference import (
    Inference,
    InferenceKnowledge,
    inference_knowledge,
    ingredients_of,
)
from mtm_review.reference.rows import Row, put, rows_of
from mtm_review.reference.rule_tables import Names

_COLUMNS = (
    "inference_id", "drug_set", "with_drugs", "condition", "confidence", "routes", "unless_drugs",
    "unless_conditions", "reason", "citation", "status",
)  # fmt: skip

Implied = Callable[[str], frozenset[str]]


def read_inference(folder: Path, names: Names, implied_by: Implied) -> InferenceKnowledge:
    """The whitelist; `implied_by` tells the conditions that hold with one."""
    found: dict[str, Inference] = {}
    for row in rows_of(folder / "inference.csv", _COLUMNS):
        each = _inference(row, names, implied_by)
        put(found, each.inference_id, each, row, "inference_id")
    return inference_knowledge(found.values())


def _inference(row: Row, names: Names, implied_by: Implied) -> Inference:
    condition = row.key("condition", names.conditions)
    confidence = row.choice("confidence", Confidence)
    if confidence is Confidence.REPORTED:
        row.refuse("confidence", "must be inferred_high or inferred_low")
    return Inference(
        inference_id=row.text("inference_id"),
        drugs=_drugs(row, "drug_set", names.drug_sets),
        with_drugs=_drugs(row, "with_drugs", names.drug_sets),
        condition=condition,
        shows=implied_by(condition) | {condition},
        confidence=confidence,
        routes=row.routes("routes"),
        unless_drugs=_drugs(row, "unless_drugs", names.drug_sets),
        unless_conditions=row.keys("unless_conditions", names.conditions),
        reason=row.sentence("reason"),
        citation=row.citation(),
    )


def _drugs(row: Row, column: str, drug_sets: Mapping[str, DrugSet]) -> frozenset[str]:
    named = row.keys(column, drug_sets)
    if column == "drug_set" and not named:
        row.text(column)
    return ingredients_of(named, drug_sets)
