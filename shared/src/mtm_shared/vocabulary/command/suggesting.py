"""What a person may have begun to type: names, classes and conditions that hold the words given, for them to choose.

The vocabulary itself suggests what is spelled alike; this adds what a person at a terminal expects beside it: names
that begin with the letters typed, and titles that contain the words.
"""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from itertools import islice
from typing import Final

from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.wording import fold

_AT_MOST: Final = 5
_FEWEST_LETTERS: Final = 4
_LOOKED_AT: Final = 40
_ALIKE: Final = 0.75


def names_beginning(vocabulary: Vocabulary, text: str) -> list[str]:
    """Names of single drugs that begin with the letters, each of which is understood: "lisin" for lisinopril."""
    key = fold(text)
    if len(key) < _FEWEST_LETTERS or " " in key:
        return []
    return list(dict.fromkeys(islice(_names_beginning(vocabulary, key), _AT_MOST)))


def _names_beginning(vocabulary: Vocabulary, key: str) -> Iterator[str]:
    for name in islice(vocabulary.tables.names.starting(key), _LOOKED_AT):
        named = vocabulary.tables.names.get(name)
        if named is None or not named.curated or not fold(named.shown).startswith(key):
            continue
        meant = vocabulary.understand(name=named.shown)
        if isinstance(meant, Drug) and len(meant.ingredients) == 1:
            yield named.shown


def near_ids(text: str, names: Mapping[str, Iterable[str]]) -> list[str]:
    """Ids with a name that contains all the words, the shortest first; then ids that are spelled alike."""
    words = set(fold(text).split())
    if not any(word.isalpha() and len(word) >= _FEWEST_LETTERS for word in words):
        return []
    holding = {
        each: min(map(len, held))
        for each, own in names.items()
        if (held := [name for name in (each.replace("_", " "), *own) if words <= set(fold(name).split())])
    }
    alike = get_close_matches(fold(text).replace(" ", "_"), list(names), n=_AT_MOST, cutoff=_ALIKE)
    return list(dict.fromkeys((*sorted(holding, key=lambda each: (holding[each], each)), *alike)))[:_AT_MOST]
