"""Claims as the vocabulary understands them: an identifier becomes a drug, a code becomes conditions, or a problem.

Nothing is guessed here and nothing is dropped: what is not understood keeps its stable code and comes back in the
determination's `not_checked` (ARCHITECTURE.md, law 6).
"""

from functools import lru_cache
from typing import Final

from mtm_shared.values.codes import Icd10, InvalidCode
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import NotUnderstood, Vocabulary

_REMEMBERED: Final = 1 << 17


class Lexicon:
    """A vocabulary with the questions that claims ask, answered once for each distinct code."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.version = vocabulary.version
        self.drug = lru_cache(_REMEMBERED)(self._drug)
        self.diagnosis = lru_cache(_REMEMBERED)(self._diagnosis)

    def _drug(self, ndc: str | None, rxcui: str | None, name: str | None) -> tuple[Drug | None, str, str]:
        """(drug or None, the identifier as given, problem code or "") of a fill."""
        given = ndc or rxcui or name or ""
        found = self.vocabulary.understand(ndc=ndc, rxcui=rxcui, name=name)
        if isinstance(found, NotUnderstood):
            return None, given, found.code
        return found, given, ""

    def _diagnosis(self, icd10: str) -> tuple[str, frozenset[str], str]:
        """(the code as it is printed, conditions that it is evidence of, problem code or "") of a diagnosis."""
        try:
            printed = Icd10.parse(icd10).dotted
        except InvalidCode as invalid:
            return icd10, frozenset(), invalid.code
        problem = self.vocabulary.icd10_problem(icd10)
        if problem is not None:
            return printed, frozenset(), problem
        return printed, self.vocabulary.conditions_of(icd10), ""
