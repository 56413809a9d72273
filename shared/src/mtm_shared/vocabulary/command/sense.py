"""What each table says may be right and still make no sense beside the others.

An error is a row that leads to wrong answers; a warning is one that a pharmacist should look at and may well keep.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from mtm_shared.rule_files import Problem, Severity
from mtm_shared.values.drug import Ingredient
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.wording import fold

_SHOWN: Final = 5
_TOLD_ONE_BY_ONE: Final = 40


class Places:
    """Where a key stands in the tables of a folder; a built file has no lines."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lines = cache(self._read)

    def problem(self, severity: Severity, table: str, key: str, column: str, value: str, text: str) -> Problem:
        """A problem at the row with this key."""
        if not self._path.is_dir():
            return Problem(severity, self._path, None, f"{table} {key}".strip(), value, text)
        return Problem(severity, self._path / f"{table}.csv", self._lines(table).get(key), column, value, text)

    def _read(self, table: str) -> Mapping[str, int]:
        with (self._path / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            return {row[0]: rows.line_num for row in rows if row}


def problems_of_sense(book: Vocabulary, path: Path) -> Iterator[Problem]:
    """Everything across tables that looks wrong."""
    places = Places(path)
    for check in (_classes, _families, _devices, _shared_names, _flags, _prefixes):
        yield from check(book, places)


def _classes(book: Vocabulary, places: Places) -> Iterator[Problem]:
    used = {each for ingredient in book.ingredients.values() for each in ingredient.classes}
    for class_id in book.classes:
        if class_id not in used:
            yield places.problem(
                Severity.WARNING, "classes", class_id, "id", class_id, f"no ingredient is in class {class_id}"
            )
    bare = [each for each in book.ingredients.values() if not each.classes and not each.device]
    if len(bare) > _TOLD_ONE_BY_ONE:
        # Official files bring thousands that nobody has put into a class.
        text = f"{len(bare)} ingredients are in no class, so that no rule about a class sees them ({_names(bare)})"
        yield places.problem(Severity.WARNING, "ingredients", "", "classes", "", text)
        return
    for ingredient in bare:
        text = f"{ingredient.name} is in no class, so that no rule about a class sees it"
        yield places.problem(Severity.WARNING, "ingredients", ingredient.rxcui, "classes", "", text)


def _families(book: Vocabulary, places: Places) -> Iterator[Problem]:
    families: dict[str, list[Ingredient]] = defaultdict(list)
    for ingredient in book.ingredients.values():
        families[ingredient.family].append(ingredient)
    named = {fold(each.name).replace(" ", "_"): each for each in book.ingredients.values()}
    for family, members in families.items():
        namesake = named.get(family)
        if namesake is not None and namesake.family != family:
            text = f"the family bears the name of {namesake.name}, which is in family {namesake.family}"
            yield places.problem(Severity.WARNING, "ingredients", members[0].rxcui, "family", family, text)
        for member in members if len(members) > 1 else ():
            others = [other for other in members if other is not member]
            if member.classes and not any(member.classes & other.classes for other in others):
                text = f"{member.name} shares no class with the rest of its family ({_names(others)})"
                yield places.problem(Severity.WARNING, "ingredients", member.rxcui, "family", family, text)


def _devices(book: Vocabulary, places: Places) -> Iterator[Problem]:
    """A device has an NDC-like number at times, but it is no drug: whoever counts drugs must not meet it by its NDC."""
    devices = {rxcui: each.name for rxcui, each in book.ingredients.items() if each.device}
    made = {
        rxcui: product.name
        for rxcui, product in book.products.items()
        if not devices.keys().isdisjoint(product.ingredients)
    }
    ndcs: dict[str, list[str]] = defaultdict(list)
    for ndc, product in book.tables.drugs.ndcs.items() if devices else ():
        if product in made or product in devices:
            ndcs[product].append(ndc)
    for product, held in ndcs.items():
        name = made.get(product) or devices[product]
        text = f"{len(held)} NDCs from here on lead to {name} ({product}), a device"
        yield places.problem(Severity.WARNING, "ndcs", min(held), "product", product, text)


def _shared_names(book: Vocabulary, places: Places) -> Iterator[Problem]:
    """One key for several drugs makes the name ambiguous: right for some (aliases.csv says which), else a mistake."""
    meant = {fold(alias.name) for alias in book.tables.drugs.aliases}
    owners: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for rxcui, ingredient in book.ingredients.items():
        names = book.tables.drugs.names[rxcui]
        for column, values in (("name", (ingredient.name,)), ("synonyms", names.synonyms), ("brands", names.brands)):
            for value in values:
                owners[fold(value)].setdefault(rxcui, (column, value))
    for key, named in owners.items():
        if not key:
            rxcui, (column, value) = next(iter(named.items()))
            text = "must hold a letter or a digit to be found by"
            yield places.problem(Severity.ERROR, "ingredients", rxcui, column, value, f"{text}, but is {value!r}")
        elif len(named) > 1 and key not in meant:
            rxcui, (column, value) = list(named.items())[-1]
            drugs = _names(book.ingredients[each] for each in named)
            text = f"{value!r} is a name of {len(named)} drugs ({drugs}), so that it resolves to none"
            yield places.problem(Severity.WARNING, "ingredients", rxcui, column, value, text)


def _flags(book: Vocabulary, places: Places) -> Iterator[Problem]:
    for ingredient in book.ingredients.values():
        if ingredient.supplement and ingredient.part_d:
            text = f"{ingredient.name} is a supplement and yet a Part D drug"
            yield places.problem(Severity.WARNING, "ingredients", ingredient.rxcui, "part_d", "yes", text)
        if ingredient.schedule and ingredient.supplement:
            text = f"{ingredient.name} is a supplement and yet a controlled substance"
            yield places.problem(Severity.WARNING, "ingredients", ingredient.rxcui, "schedule", "", text)


def _prefixes(book: Vocabulary, places: Places) -> Iterator[Problem]:
    """Prefixes against the code list, where one was built in."""
    codes = book.tables.official.codes
    for condition in book.conditions.values() if codes else ():
        for prefix in (*condition.includes, *condition.excludes):
            if prefix not in codes:
                text = f"{condition.id}: {prefix} is not in the ICD-10-CM list that was built in"
                yield places.problem(Severity.WARNING, "condition_codes", condition.id, "icd10", prefix, text)


def _names(ingredients: Iterable[Ingredient]) -> str:
    names = [each.name for each in ingredients]
    more = len(names) - _SHOWN
    # Some names hold commas: "insulin, regular, human".
    return "; ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
