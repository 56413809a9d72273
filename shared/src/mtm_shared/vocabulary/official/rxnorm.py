"""Reading an RxNorm release: the prescribable subset or the full one, as a folder or as the zip that NLM publishes.

Source: U.S. National Library of Medicine, RxNorm, "Current Prescribable Content" and "Full Monthly Release"; only
RxNorm's own content (SAB=RXNORM) that is not suppressed is used, which NLM publishes for use without a licence.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mtm_shared.vocabulary.model import Product
from mtm_shared.vocabulary.official.reading import OfficialFile
from mtm_shared.vocabulary.official.records import Progress, RxNormContent, RxNormIngredient, SourceFile
from mtm_shared.vocabulary.official.rrf import NAME_TYPES, read_atoms, read_ndcs
from mtm_shared.vocabulary.official.rxnorm_graph import Concept, Graph, read_graph, refuse_mixed
from mtm_shared.vocabulary.official.rxnorm_products import Products
from mtm_shared.vocabulary.official.rxnorm_retired import read_retired
from mtm_shared.vocabulary.official.sources import files_in, find_required
from mtm_shared.vocabulary.official.tally import REAL, Limits, Tally

_EDITION: Final = re.compile(
    r"(?:RxNorm_full|Readme_full)_(?:prescribe_)?([0-9]{2})([0-9]{2})([0-9]{4})", re.IGNORECASE
)
_DISPENSED: Final = frozenset({"SCD", "SBD", "GPCK", "BPCK"})
_CHECKED: Final = ("SCD", "SBD", "SCDC")
_SIZE: Final = re.compile(r"^\s*(RXN[A-Z]+)\.RRF\s+([0-9][0-9,]*)\s+bytes", re.IGNORECASE | re.MULTILINE)
_OF_DECLARED: Final = 0.99
_KNOWN_DRUG: Final = (617311, "83367", "atorvastatin")


class _Names:
    """RXNCONSO as read: the concepts, their other names, and every RxCUI of the file."""

    def __init__(self) -> None:
        self.concepts: dict[int, Concept] = {}
        self.others: defaultdict[int, list[str]] = defaultdict(list)
        self.known: set[int] = set()


def read_rxnorm(folder: Path, progress: Progress, *, limits: Limits = REAL) -> RxNormContent:
    """The content of a release; raises `OfficialFileError` when any of its tables must not be used."""
    edition = edition_of(folder)
    given = {
        table: find_required(folder, rf"{table}\.RRF", f"{table}.RRF") for table in ("RXNCONSO", "RXNREL", "RXNSAT")
    }
    tallies = {table: Tally(table, OfficialFile(file, progress), limits) for table, file in given.items()}
    declared = declared_sizes(folder)
    names = _read_names(tallies["RXNCONSO"])
    tallies["RXNCONSO"].check()
    graph = read_graph(tallies["RXNREL"], names.concepts, names.known, limits)
    relations = tallies["RXNREL"].finish(edition)
    made = _products(graph, tallies["RXNCONSO"], limits)
    concepts = tallies["RXNCONSO"].finish(edition)
    ndcs = _read_ndcs(tallies["RXNSAT"], names, made, limits)
    attributes = tallies["RXNSAT"].finish(edition)
    retired, more = read_retired(folder, progress, limits, frozenset(names.concepts), edition)
    for tally in tallies.values():
        _check_size(tally, declared)
    return _content(graph, names, made, ndcs, retired, (concepts, relations, attributes, *more))


def edition_of(folder: Path) -> str:
    """The date of the release as YYYY-MM-DD, from the name of the zip, the folder or the Readme in it; "" without."""
    names = [folder.name, folder.resolve().parent.name, *(file.base for file in files_in(folder))]
    for name in names:
        if found := _EDITION.match(name):
            return f"{found[3]}-{found[1]}-{found[2]}"
    return ""


def declared_sizes(folder: Path) -> dict[str, int]:
    """The size of each table in bytes, as the Readme of the release gives it; empty without a Readme."""
    readmes = [file for file in files_in(folder) if re.fullmatch(r"Readme_full_.*\.txt", file.base, re.IGNORECASE)]
    if len(readmes) != 1:
        return {}
    text = b"".join(OfficialFile(readmes[0], lambda *_: None).chunks()).decode("latin-1")
    return {found[1].upper(): int(found[2].replace(",", "")) for found in _SIZE.finditer(text)}


def _check_size(tally: Tally, declared: Mapping[str, int]) -> None:
    """A table cut between two lines shows in nothing but its size; 1 % is left for a Readme made too early."""
    expected = declared.get(tally.kind, 0)
    if tally.file.size_bytes < expected * _OF_DECLARED:
        raise tally.file.refuse(
            "truncated",
            f"has {tally.file.size_bytes:,} bytes, but the Readme of the release gives {expected:,}; download it again",
        )


def _read_names(tally: Tally) -> _Names:
    names = _Names()
    conflicting: set[int] = set()
    for atom in read_atoms(tally.file, tally, names.known):
        if atom.tty in NAME_TYPES:
            names.others[atom.rxcui].append(atom.name)
            continue
        before = names.concepts.get(atom.rxcui)
        if before is None:
            names.concepts[atom.rxcui] = Concept(atom.tty, atom.name, atom.line)
        elif (before.tty, before.name) == (atom.tty, atom.name):
            tally.used -= 1
            tally.set_aside["repeated"] += 1
        else:
            conflicting.add(atom.rxcui)
            tally.take_back(
                "conflicting_rows",
                f"RXCUI {atom.rxcui} is {atom.tty} {atom.name!r} here and {before.tty} {before.name!r} "
                f"in line {before.line}",
                atom.line,
            )
    for rxcui in conflicting:
        line = names.concepts.pop(rxcui).line
        tally.take_back("conflicting_rows", f"RXCUI {rxcui} has another name elsewhere", line)
    return names


def _products(graph: Graph, tally: Tally, limits: Limits) -> dict[int, Product]:
    products = Products(graph)
    there = products.make()
    for problem in products.unfit.values():
        tally.used -= 1
        tally.set_aside[problem] += 1
    unfit = Counter(graph.concepts[rxcui].tty for rxcui in products.unfit)
    for tty in _CHECKED:
        if unfit[tty] > limits.unfit_share * there[tty]:
            shown = next(rxcui for rxcui in products.unfit if graph.concepts[rxcui].tty == tty)
            raise tally.file.refuse(
                "mixed_releases",
                f"{unfit[tty]:,} of {there[tty]:,} {tty} cannot be put together with RXNREL (such as {shown}: "
                f"{products.unfit[shown]}); take all tables from one release, whole",
                graph.concepts[shown].line,
            )
    _check_known_drug(products.made, graph, tally)
    return products.made


def _check_known_drug(products: Mapping[int, Product], graph: Graph, tally: Tally) -> None:
    """A drug that everybody knows must come out right, or the tables were understood wrongly."""
    rxcui, ingredient, name = _KNOWN_DRUG
    product, concept = products.get(rxcui), graph.concepts.get(int(ingredient))
    if product is None or concept is None:
        return
    if product.ingredients != (ingredient,) or concept.name != name:
        raise tally.file.refuse(
            "wrong_direction",
            f"RXCUI {rxcui} came out with the ingredients {product.ingredients}, but it is {name} ({ingredient})",
        )


def _read_ndcs(tally: Tally, names: _Names, made: Mapping[int, Product], limits: Limits) -> dict[str, str]:
    ndcs: dict[str, str] = {}
    conflicting: set[str] = set()
    rows = 0
    for found in read_ndcs(tally.file, tally):
        rows += 1
        product = made.get(found.rxcui)
        if product is None or product.tty not in _DISPENSED:
            tally.set_aside["other_concept" if found.rxcui in names.known else "unknown_rxcui"] += 1
        elif (before := ndcs.get(found.value)) is None:
            ndcs[found.value] = product.rxcui
            tally.used += 1
        elif before == product.rxcui:
            tally.set_aside["repeated"] += 1
        else:
            problem = f"NDC {found.value} is that of {product.rxcui} here and of {before} elsewhere"
            tally.reject("conflicting_rows", found.line, problem)
            conflicting.add(found.value)
    for ndc in conflicting:
        tally.take_back("conflicting_rows", f"NDC {ndc} belongs to several products")
        del ndcs[ndc]
    refuse_mixed(tally, rows, limits)
    return ndcs


def _content(
    graph: Graph,
    names: _Names,
    made: Mapping[int, Product],
    ndcs: Mapping[str, str],
    retired: Mapping[str, tuple[str, ...]],
    files: tuple[SourceFile, ...],
) -> RxNormContent:
    brands = _brands(made)
    ingredients = {
        str(rxcui): RxNormIngredient(
            str(rxcui), concept.name, _distinct(names.others.get(rxcui, []), concept.name), _ordered(brands[str(rxcui)])
        )
        for rxcui, concept in sorted(graph.concepts.items())
        if concept.tty == "IN"
    }
    products = {product.rxcui: product for _, product in sorted(made.items())}
    synonyms = {
        str(rxcui): _distinct(others, made[rxcui].name)
        for rxcui, others in sorted(names.others.items())
        if rxcui in made
    }
    members = {
        str(rxcui): tuple(str(part) for part in graph.parts("contents", rxcui))
        for rxcui, product in sorted(made.items())
        if product.tty in ("GPCK", "BPCK")
    }
    known = ingredients.keys() | products.keys()
    return RxNormContent(
        ingredients=MappingProxyType(ingredients),
        products=MappingProxyType(products),
        synonyms=MappingProxyType(synonyms),
        members=MappingProxyType(members),
        ndcs=MappingProxyType(dict(sorted(ndcs.items()))),
        # With all that it was split into: what is known of these alone would look like the one successor.
        retired=MappingProxyType({old: news for old, news in retired.items() if not known.isdisjoint(news)}),
        files=files,
    )


def _brands(made: Mapping[int, Product]) -> defaultdict[str, set[str]]:
    """The brands of each ingredient alone."""
    brands: defaultdict[str, set[str]] = defaultdict(set)
    for product in made.values():
        if product.tty == "BN" and len(product.ingredients) == 1:
            brands[product.ingredients[0]].add(product.name)
    return brands


def _distinct(others: list[str], name: str) -> tuple[str, ...]:
    return tuple(sorted(set(others) - {name}))


def _ordered(brands: set[str]) -> tuple[str, ...]:
    return tuple(sorted(brands, key=lambda brand: (brand.casefold(), brand)))
