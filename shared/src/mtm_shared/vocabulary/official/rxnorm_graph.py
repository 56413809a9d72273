"""RxNorm's relations as one graph, whichever end they are stated from.

DIRECTION: RELA says what concept 2 is to concept 1; a row `334291|..|259711|..|consists_of` means that 259711
consists of 334291. It is easily read the wrong way round, and public examples contradict each other, so it is not
taken on trust: the term types at both ends of every row must be those that the relation joins (a clinical drug
consists of components, never the other way). Rows that fit only when turned round refuse the file.

RxNorm states a relation from both ends (`consists_of` and `constitutes`). Where a release does so, a relation stated
from one end only is a damaged row and is rejected.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final, NamedTuple

from mtm_shared.vocabulary.official.rrf import Relation, read_relations
from mtm_shared.vocabulary.official.tally import Limits, Tally

_SHIFT: Final = 27
_PART: Final = (1 << _SHIFT) - 1
_BOTH_ENDS: Final = 3
_FEW: Final = 3
_NEARLY_ALL: Final = 0.99


class Concept(NamedTuple):
    """An active concept of RxNorm's own."""

    tty: str
    name: str
    line: int


class Kind(NamedTuple):
    """A relation from a whole to a part, its two RELA names, and the term types at its ends."""

    name: str
    of_whole: str
    of_part: str
    wholes: frozenset[str]
    parts: frozenset[str]


def _kind(name: str, of_whole: str, of_part: str, wholes: str, parts: str) -> Kind:
    return Kind(name, of_whole, of_part, frozenset(wholes.split()), frozenset(parts.split()))


KINDS: Final = (
    _kind("components", "consists_of", "constitutes", "SCD SBD", "SCDC SBDC"),
    _kind("ingredients", "has_ingredient", "ingredient_of", "SCDC SBDC SBD", "IN PIN BN"),
    _kind("salts_in", "has_precise_ingredient", "precise_ingredient_of", "SCDC BN MIN", "PIN"),
    _kind("forms", "has_dose_form", "dose_form_of", "SCD SBD GPCK BPCK", "DF"),
    _kind("generics", "tradename_of", "has_tradename", "BN SBD SBDC BPCK", "IN PIN MIN SCD SCDC GPCK"),
    _kind("bases", "form_of", "has_form", "PIN", "IN"),
    _kind("members", "has_part", "part_of", "MIN", "IN PIN"),
    _kind("contents", "contains", "contained_in", "GPCK BPCK", "SCD SBD"),
)
_BY_RELA: Final[Mapping[str, tuple[Kind, int]]] = {
    **{kind.of_whole: (kind, 1) for kind in KINDS},
    **{kind.of_part: (kind, 2) for kind in KINDS},
}
Links = Mapping[int, tuple[int, ...]]


class Graph:
    """The concepts and, by kind of relation, the parts of every whole."""

    def __init__(self, concepts: Mapping[int, Concept], links: Mapping[str, Links]) -> None:
        self.concepts = concepts
        self._links = links

    def parts(self, kind: str, whole: int, *ttys: str) -> tuple[int, ...]:
        """The parts of one whole by number, of the given term types (all without)."""
        found = self._links[kind].get(whole, ())
        return tuple(part for part in found if self.concepts[part].tty in ttys) if ttys else found


def read_graph(tally: Tally, concepts: Mapping[int, Concept], known: set[int], limits: Limits) -> Graph:
    """The graph of RXNREL; `known` are all RxCUIs of RXNCONSO, so that a table of another release is refused."""
    facts: dict[str, dict[int, int]] = {kind.name: {} for kind in KINDS}
    rows = 0
    for relation in read_relations(tally.file, tally, frozenset(_BY_RELA)):
        rows += 1
        _note(relation, concepts, known, facts, tally)
    refuse_mixed(tally, rows, limits)
    return Graph(concepts, {kind.name: _links(facts[kind.name], kind, tally) for kind in KINDS})


def refuse_mixed(tally: Tally, rows: int, limits: Limits) -> None:
    """Refuse a table of which many rows name RxCUIs that RXNCONSO does not have."""
    unknown = tally.set_aside["unknown_rxcui"]
    if unknown > limits.unknown_share * rows:
        raise tally.file.refuse(
            "mixed_releases",
            f"names RxCUIs that RXNCONSO does not have in {unknown:,} of {rows:,} rows; take both from one release",
        )


def _note(
    relation: Relation, concepts: Mapping[int, Concept], known: set[int], facts: dict[str, dict[int, int]], tally: Tally
) -> None:
    kind, end = _BY_RELA[relation.rela]
    whole, part = (relation.second, relation.first) if end == 1 else (relation.first, relation.second)
    above, below = concepts.get(whole), concepts.get(part)
    if above is None or below is None:
        both_known = whole in known and part in known
        tally.set_aside["other_concept" if both_known else "unknown_rxcui"] += 1
    elif above.tty in kind.wholes and below.tty in kind.parts:
        tally.used += 1
        key = whole << _SHIFT | part
        facts[kind.name][key] = facts[kind.name].get(key, 0) | end
    elif below.tty in kind.wholes and above.tty in kind.parts:
        tally.reject(
            "wrong_direction",
            relation.line,
            f"{relation.rela} leads from {above.tty} {whole} to {below.tty} {part}, the wrong way round: "
            f"RELA must say what concept 2 is to concept 1",
        )
    else:
        tally.set_aside["other_concept"] += 1


def _links(facts: dict[int, int], kind: Kind, tally: Tally) -> Links:
    one_sided = sum(ends != _BOTH_ENDS for ends in facts.values())
    both = len(facts) - one_sided
    stated_twice = both > 0 and (one_sided <= _FEW or both >= _NEARLY_ALL * len(facts))
    links: defaultdict[int, list[int]] = defaultdict(list)
    for key, ends in facts.items():
        whole, part = key >> _SHIFT, key & _PART
        if stated_twice and ends != _BOTH_ENDS:
            said, not_said = (kind.of_whole, kind.of_part) if ends == 1 else (kind.of_part, kind.of_whole)
            tally.take_back("one_sided", f"{whole} and {part} are joined by {said} but not by {not_said}")
        else:
            links[whole].append(part)
    return {whole: tuple(sorted(parts)) for whole, parts in links.items()}
