"""Clinical knowledge as a pharmacist edits it: CSV files with sidecars, cited and dated, read strictly.

`load_knowledge` reads them once for a process and refuses to go on with a mistake in them, so that a service with
broken knowledge does not start (ARCHITECTURE.md, law 4).
"""

from functools import cache
from pathlib import Path

from mtm_shared.reference import ReferenceDataError, fingerprint, read_sidecar
from mtm_shared.vocabulary import Vocabulary, load_vocabulary

from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.situation import HOSPICE_CONDITION
from mtm_review.reference.adherence_tables import read_adherence
from mtm_review.reference.allergy_tables import read_allergies
from mtm_review.reference.burden_tables import read_burdens
from mtm_review.reference.care_gap_tables import read_gaps
from mtm_review.reference.cost_tables import read_costs
from mtm_review.reference.duplicate_tables import read_drug_sets, read_duplicates
from mtm_review.reference.inference_tables import read_inference
from mtm_review.reference.opioid_tables import read_opioids
from mtm_review.reference.rule_tables import Names, read_labs, read_rules, read_single_sets

KNOWLEDGE = Path(__file__).parent / "knowledge"


def version_of(folder: Path) -> tuple[str, str]:
    """The version that the files of the folder make, and their fingerprint."""
    if not folder.is_dir():
        raise ReferenceDataError(str(folder), "must be a folder of knowledge files")
    edition, marked = read_sidecar(folder / "drug_disease.csv").edition, fingerprint(folder)
    return _version(edition, marked), marked


def _version(edition: str, marked: str) -> str:
    return f"{edition}+{marked.removeprefix('sha256:')[:8]}"


@cache
def load_knowledge(folder: Path = KNOWLEDGE, vocabulary: Vocabulary | None = None) -> Knowledge:
    """The knowledge in the folder, read once for a process."""
    return read_knowledge(folder, vocabulary)


def read_knowledge(folder: Path = KNOWLEDGE, vocabulary: Vocabulary | None = None) -> Knowledge:
    """The knowledge in the folder as it stands now; `version` is its edition with the start of its fingerprint.

    Rules name conditions of the vocabulary (default: the one that ships), which also tells their plain names.
    """
    conditions = (vocabulary := vocabulary or load_vocabulary()).conditions
    drug_sets, labs = read_drug_sets(folder) | read_single_sets(folder), read_labs(folder)
    names = Names(drug_sets, conditions, labs)
    rules = read_rules(folder, names)
    duplicates, allergies = read_duplicates(folder, conditions), read_allergies(folder, conditions)
    burdens = read_burdens(folder, drug_sets, conditions)
    adherence, gaps = read_adherence(folder, drug_sets, conditions), read_gaps(folder, drug_sets, conditions)
    inference = read_inference(folder, names, vocabulary.implied_by)
    named = {
        HOSPICE_CONDITION,
        *burdens.conditions,
        *(name for rule in rules.values() for name in rule.conditions),
        *(name for pair in duplicates.pairs for name in pair.conditions),
        *allergies.groups_of_condition,
        *adherence.conditions,
        *gaps.conditions,
        *(name for each in inference.by_id.values() for name in each.conditions),
    }
    marked, edition = fingerprint(folder), read_sidecar(folder / "drug_disease.csv").edition
    return Knowledge.of(
        version=_version(edition, marked),
        fingerprint=marked,
        duplicates=duplicates,
        burdens=burdens,
        rules=rules.values(),
        drug_sets=drug_sets,
        labs=labs,
        conditions={name: conditions[name].plain_name for name in sorted(named) if name in conditions},
        adherence=adherence,
        gaps=gaps,
        costs=read_costs(folder, drug_sets, vocabulary),
        allergies=allergies,
        opioids=read_opioids(folder, drug_sets),
        inference=inference,
    )
