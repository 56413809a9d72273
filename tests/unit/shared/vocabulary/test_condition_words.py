"""The words for a condition in letters: what stands after "because you have" and "porque tiene", fit for a member.

No translator has checked the Spanish; these tests only keep out what a machine or a hurried hand would leave behind.
"""

import re
from typing import Final

import pytest
from mtm_shared.vocabulary import Vocabulary

CAPITAL: Final = {
    *("Alzheimer's", "Barrett's", "COVID-19", "Crohn's", "Cushing's", "G6PD", "Guillain-Barré", "HIV", "Huntington's"),
    *("Lambert-Eaton", "Paget's", "Parkinson's", "REM", "Raynaud's", "Sjögren's", "VIH", "Zollinger-Ellison"),
}
# Endings that carry an accent in Spanish, and words that lost one.
UNACCENTED: Final = re.compile(
    r"\w*[cst]ion\b|\w*ologia\b|\bcancer\b|\bcronic[oa]s?\b|\bcardiac[oa]s?\b|\bpulmon\b|\bcorazon\b|\bhigado\b"
    r"|\briñon\b|\barticulacion|\bestomago\b|\bmusculos?\b|\besofago\b|\bcoagulos?\b|\bulceras?\b"
    r"|\bpancreas\b|\banemica\b|\bpsicotic|\bnauseas?\b|\bvomitos?\b|\bprostata\b|\butero\b|\bcalculos?\b",
    re.IGNORECASE,
)
ENGLISH: Final = re.compile(r"\b(?:and|or|of|the|with|disease|disorder|syndrome|pain|blood|heart|kidney|liver|from)\b")
# What a clinician writes and a member does not say.
JARGON: Final = re.compile(
    r"\b(?:unspecified|NOS|NEC|ejection|atrioventricular|idiopathic|nontraumatic|sequelae|hemorrhage|hepatic|renal|cardiac"
    r" insufficiency|helicobacter|without mention|encounter|status)\b",
    re.IGNORECASE,
)


def test_every_condition_has_words_for_letters(vocabulary: Vocabulary) -> None:
    """No code, no full stop, no capital unless a name or an abbreviation."""
    for condition in vocabulary.conditions.values():
        for words in (condition.plain_name, condition.name_es):
            assert words
            assert not words.endswith(".")
            assert words[0].islower() or words.split()[0] in CAPITAL, (condition.id, words)
            assert words.count("(") == words.count(")"), (condition.id, words)


@pytest.mark.parametrize("pattern", [UNACCENTED, ENGLISH], ids=["accents", "English words"])
def test_spanish_is_spanish(vocabulary: Vocabulary, pattern: re.Pattern[str]) -> None:
    wrong = [(c.id, c.name_es) for c in vocabulary.conditions.values() if pattern.search(c.name_es)]

    assert wrong == []


def test_english_is_what_a_member_says(vocabulary: Vocabulary) -> None:
    wrong = [(c.id, c.plain_name) for c in vocabulary.conditions.values() if JARGON.search(c.plain_name)]

    assert wrong == []


def test_words_are_not_left_untranslated(vocabulary: Vocabulary) -> None:
    alike = {c.id for c in vocabulary.conditions.values() if c.plain_name == c.name_es}

    # Spelled alike in both languages.
    assert alike <= {
        *("osteoporosis", "diabetes", "anemia", "prediabetes", "dementia", "covid_19", "gastritis", "endometriosis"),
        *("psoriasis", "tuberculosis", "lupus", "glaucoma", "hepatitis_b", "hepatitis_c", "tic_disorder"),
    }
