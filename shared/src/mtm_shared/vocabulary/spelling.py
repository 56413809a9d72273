"""Names that a text may have meant, when it names no drug of the dictionary: suggestions for a person to choose from.

Nothing is resolved. A known misspelling or error-prone abbreviation (data/misspellings.csv) comes first, then names
that begin with the text, then names spelled alike, then names inside the text. Likeness is the optimal string alignment
distance (letters left out, put in, exchanged or swapped with a neighbour); among equals a curated name goes before one
that only RxNorm has, and one with the same beginning before the others (Jaro-Winkler).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import OSA, JaroWinkler

from mtm_shared.vocabulary.checks import Table
from mtm_shared.vocabulary.drugs import DrugTables
from mtm_shared.vocabulary.lookups import IngredientSet
from mtm_shared.vocabulary.tables import Tables
from mtm_shared.vocabulary.wording import Written, fold

_NEAREST: Final = 12
_LONGER: Final = 40
# A name of so many letters may have so many wrong ones; shorter names are too many to be told apart.
_WRONG_LETTERS: Final = ((4, 1), (7, 2), (10, 3), (16, 4))
_MOST_UNPLACED: Final = 2
# Longer texts are lists and sentences; to compare them with every name would take too long for a server's thread.
_LONGEST_ALIKE: Final = 80
# Beside other words a word must be nearer to a name than alone.
_LETTERS_PER_ERROR: Final = 5
# A first letter is misheard more often than mistyped ("Zarelto"); in Spanish also b for v and a silent h.
_HEARD_AS: Final = dict(
    pair.split("=")
    for line in (
        "a=eo b=v c=ksq e=aih f=p g=j h=jaeio i=eyh j=gh k=cq",
        "o=ah p=f q=ck s=cxz u=w v=b w=u x=zs y=ij z=xsc",
    )
    for pair in line.split()
)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_OTHER_INITIAL: Final = 0.5
_NOT_CURATED: Final = 0.6


def load_misspellings(folder: Path, drugs: DrugTables) -> Mapping[str, tuple[str, ...]]:
    """What each misspelling (folded) means: an RxCUI, or those of a combination joined by "+"."""
    table = Table(folder, "misspellings", ("written", "rxcui", "source"))
    table.unique(lambda row: f"{fold(row['written'])} {row['rxcui']}", "written")
    found: dict[str, tuple[str, ...]] = {}
    for place, row in enumerate(table.rows):
        table.text(place, "source")
        for rxcui in row["rxcui"].split("+"):
            if rxcui not in drugs.ingredients and rxcui not in drugs.products:
                table.refuse(place, "rxcui", rxcui, "must be an ingredient or product")
        key = fold(table.text(place, "written"))
        found[key] = (*found.get(key, ()), row["rxcui"])
    return found


class Speller:
    """Suggests names of the tables; `own_name` gives the name of an ingredient that means nothing else."""

    def __init__(self, tables: Tables, own_name: Callable[[str], str]) -> None:
        self._own_name = own_name
        self._names = tables.names
        self._wording = tables.wording
        self._drugs = tables.drugs
        self._misspellings = tables.misspellings

    def suggest(self, text: str, written: Written) -> Iterator[str]:
        """Names that the text may have meant, best first; some may be ambiguous, some may come twice."""
        words = [word for word in written.words if not self._wording.stands_around(word, after_name=False)]
        key = " ".join(words)
        alike = self._alike(key) if words else []
        known = [
            rxcuis
            for name in dict.fromkeys((" ".join(self._wording.take_apart(text).words), " ".join(written.words), key))
            for rxcuis in self._misspellings.get(name, ())
        ]
        # "Lipator" means atorvastatin, and the writer will know it as Lipitor.
        if known and alike and (tuple(known[0].split("+")),) == tuple(self._sets(alike[0])):
            yield self._shown(alike[0])
        yield from map(self._names_of, known)
        if words:
            yield from self._longer(key)
            yield from self._repaired(written.words)
            yield from map(self._shown, alike)
            yield from (self._shown(word) for word in words if self._names.get(word) is not None)

    def _names_of(self, rxcuis: str) -> str:
        return " / ".join(self._name(rxcui) for rxcui in rxcuis.split("+"))

    def _sets(self, key: str) -> Collection[IngredientSet]:
        named = self._names.get(key)
        return named.sets if named is not None else ()

    def _name(self, rxcui: str) -> str:
        if rxcui in self._drugs.ingredients:
            return self._own_name(rxcui)
        product = self._drugs.products[rxcui]
        return product.brand or product.name

    def _shown(self, key: str) -> str:
        named = self._names.get(key)
        if named is None:
            return key
        alone = next(iter(named.sets)) if len(named.sets) == 1 and not named.brand else ()
        return self._own_name(alone[0]) if len(alone) == 1 and named.curated else named.shown

    def _longer(self, key: str) -> list[str]:
        """Names that begin with the whole text: single drugs first, curated ones first."""
        found = []
        for longer in self._names.starting(f"{key} "):
            named = self._names.get(longer)
            if named is not None:
                begins = fold(named.shown).startswith(key)
                found.append((not begins, " / " in named.shown, not named.curated, longer, named.shown))
            if len(found) == _LONGER:
                break
        return [shown for *_, shown in sorted(found)]

    def _repaired(self, words: Sequence[str]) -> Iterator[str]:
        """The text with each word that has no place put right: "lisinopril hydroclorothiazide"."""
        unplaced = [
            word
            for word in words
            if self._names.get(word) is None and not self._wording.stands_around(word, after_name=True)
        ]
        if not 1 <= len(unplaced) <= _MOST_UNPLACED or len(words) == 1:
            return
        right: dict[str, str] = {}
        for word in unplaced:
            known = self._misspellings.get(word)
            if known is not None and len(known) > 1:
                return  # "Zestril HCT": hydrocortisone or hydrochlorothiazide.
            better = self._names_of(known[0]) if known else self._around(word)
            if better is None:
                near = self._alike(word)
                if not near or OSA.distance(word, near[0]) > len(word) // _LETTERS_PER_ERROR:
                    return
                better = self._shown(near[0])
            right[word] = better
        repaired = [right.get(word, word) for word in words if word in right or self._names.get(word) is not None]
        yield " / ".join(dict.fromkeys(name for name in repaired if name))

    def _around(self, word: str) -> str | None:
        """Empty when the word is a misspelled form or salt ("sucinate"), which is then left out."""
        wrong = min(allowed_errors(len(word)) - 1, 2)
        known = self._wording.kinds.keys()
        return "" if wrong > 0 and process.extractOne(word, known, scorer=OSA.distance, score_cutoff=wrong) else None

    def _alike(self, key: str) -> list[str]:
        """Keys spelled alike, nearest first."""
        wrong = allowed_errors(len(key))
        if not wrong or len(key) > _LONGEST_ALIKE:
            return []
        near = self._near(key, key[0], wrong)
        if not any(distance <= 1 for _, distance in near):
            others = dict.fromkeys((*_HEARD_AS.get(key[0], ()), key[1]))
            near += [pair for initial in others if initial != key[0] for pair in self._near(key, initial, wrong)]
        near += [(name, 1) for name in self._other_initial(key)]
        return [name for _, _, name in sorted(self._rank(key, name, distance) for name, distance in set(near))]

    def _other_initial(self, key: str) -> Iterator[str]:
        """Names that differ in the first letter only: "fuloxetine" is as near to duloxetine as to fluoxetine."""
        for initial in _LETTERS:
            if initial != key[0] and self._names.get(initial + key[1:]) is not None:
                yield initial + key[1:]

    def _near(self, key: str, initial: str, wrong: int) -> list[tuple[str, int]]:
        choices = self._names.alike_candidates(initial)
        found = process.extract(key, list(choices), scorer=OSA.distance, score_cutoff=wrong, limit=None)
        # Names as near as one another come in the alphabet's order, however the tables hold them.
        nearest = sorted((int(distance), name) for name, distance, _ in found)[:_NEAREST]
        return [(name, distance) for distance, name in nearest]

    def _rank(self, key: str, name: str, distance: int) -> tuple[float, float, str]:
        named = self._names.get(name)
        curated = named is not None and named.curated
        penalty = (0 if name[0] == key[0] else _OTHER_INITIAL) + (0 if curated else _NOT_CURATED)
        return distance + penalty, -JaroWinkler.similarity(key, name), name


def allowed_errors(letters: int) -> int:
    """How many letters of a name this long may be wrong."""
    return max((wrong for least, wrong in _WRONG_LETTERS if letters >= least), default=0)
