"""Drugs and conditions: one versioned, read-only dictionary that every decision is made with.

`load_vocabulary()` gives the `Vocabulary` of this package or of a folder of the same shape. docs/vocabulary.md says
what it holds, where each value comes from and what is not yet there.
"""

from mtm_shared.vocabulary.dictionary import Vocabulary, load_vocabulary
from mtm_shared.vocabulary.model import ConditionDefinition, EvidencePolicy, NotUnderstood, Product

__all__ = [
    "ConditionDefinition",
    "EvidencePolicy",
    "NotUnderstood",
    "Product",
    "Vocabulary",
    "load_vocabulary",
]
