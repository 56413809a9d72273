"""How hard a text is to read: Flesch-Kincaid grade for English, Fernández Huerta's scale for Spanish.

Small measures, good enough to notice when a letter turns into a statute. Flesch-Kincaid: 0.39 words a sentence
+ 11.8 syllables a word - 15.59. Fernández Huerta (1959, as corrected): 206.84 - 60 syllables a word - 1.02 words a
sentence; 70 and more is fairly easy.
"""

import re
import unicodedata

_SENTENCE = re.compile(r"[.!?:](?:\s|$)")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_SPANISH_NUCLEUS = re.compile(r"[iuü]?[aeoáéó][iuüy]?|[íú]|[iuü]+|y$")


def flesch_kincaid_grade(text: str) -> float:
    """The school grade that reads the text."""
    words = _WORD.findall(text)
    syllables = sum(_english_syllables(word) for word in words)
    return 0.39 * len(words) / _sentences(text) + 11.8 * syllables / len(words) - 15.59


def fernandez_huerta(text: str) -> float:
    """Ease of reading from 0 to 100."""
    words = _WORD.findall(text)
    syllables = sum(_spanish_syllables(word) for word in words)
    return 206.84 - 60 * syllables / len(words) - 1.02 * len(words) / _sentences(text)


def _sentences(text: str) -> int:
    return max(1, len(_SENTENCE.findall(text)))


def _english_syllables(word: str) -> int:
    word = word.lower()
    groups = len(re.findall(r"[aeiouy]+", word))
    if word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1:
        groups -= 1
    if word.endswith(("es", "ed")) and not word.endswith(("ses", "ces", "xes", "zes", "ted", "ded")) and groups > 1:
        groups -= 1
    return max(1, groups)


def _spanish_syllables(word: str) -> int:
    return max(1, len(_SPANISH_NUCLEUS.findall(unicodedata.normalize("NFC", word.lower()))))
