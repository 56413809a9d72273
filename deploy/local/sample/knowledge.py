"""The tables that the sample is drawn from (`data/*.csv`), as values.

They are plausible, not epidemiology: shares are rounded from what is commonly reported of people on Medicare, prices
are of the size that a plan pays for thirty days. The NDCs are real and understood by the shipped vocabulary.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class SampleDrug:
    """A product with its price and how it is taken. `ingredients` are names, sorted."""

    drug_id: str
    name: str
    ingredients: tuple[str, ...]
    ndc: str
    other_ndc: str
    brand: bool
    units_per_day: Decimal
    price_30_days: Decimal
    directions: str
    reason: str


@dataclass(frozen=True, slots=True)
class SampleCondition:
    """A condition: its codes, how common it is, how it clusters with others, how often it leads to hospital."""

    condition_id: str
    icd10: tuple[str, ...]
    female: float
    male: float
    burden: float
    hospital: float


@dataclass(frozen=True, slots=True)
class Choice:
    """One drug of a line of treatment, with its chance; at most one drug a line is taken."""

    drug_id: str
    chance: float


@dataclass(frozen=True, slots=True)
class PlantedProblem:
    """A problem that a review should find: in this condition, another prescriber adds this drug."""

    problem_id: str
    condition_id: str
    drug_id: str
    chance: float


@dataclass(frozen=True, slots=True)
class Change:
    """What becomes of a drug during the year: titration, switch, or the brand instead of the generic."""

    to_drug: str
    kind: str
    chance: float


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@cache
def drugs() -> dict[str, SampleDrug]:
    """Every product of the sample by its id."""
    return {
        row["id"]: SampleDrug(
            row["id"],
            row["name"],
            tuple(sorted(row["ingredients"].split("+"))),
            row["ndc"],
            row["other_ndc"],
            row["brand"] == "yes",
            Decimal(row["units_per_day"]),
            Decimal(row["price_30_days"]),
            row["directions"],
            row["reason"],
        )
        for row in _rows("drugs.csv")
    }


@cache
def conditions() -> tuple[SampleCondition, ...]:
    """Every condition, in the order of the table."""
    return tuple(
        SampleCondition(
            row["id"],
            tuple(row["icd10"].split(";")),
            float(row["female"]),
            float(row["male"]),
            float(row["burden"]),
            float(row["hospital"]),
        )
        for row in _rows("conditions.csv")
    )


@cache
def regimens() -> dict[str, tuple[tuple[Choice, ...], ...]]:
    """The lines of treatment of each condition."""
    lines: dict[str, dict[str, list[Choice]]] = {}
    for row in _rows("regimens.csv"):
        line = lines.setdefault(row["condition"], {}).setdefault(row["line"], [])
        line.append(Choice(row["drug"], float(row["chance"])))
    return {condition: tuple(tuple(line) for line in by_line.values()) for condition, by_line in lines.items()}


@cache
def problems() -> tuple[PlantedProblem, ...]:
    """The problems that are planted."""
    return tuple(
        PlantedProblem(row["id"], row["condition"], row["drug"], float(row["chance"])) for row in _rows("problems.csv")
    )


@cache
def changes() -> dict[str, tuple[Change, ...]]:
    """What may become of each drug."""
    found: dict[str, list[Change]] = {}
    for row in _rows("changes.csv"):
        found.setdefault(row["from_drug"], []).append(Change(row["to_drug"], row["kind"], float(row["chance"])))
    return {drug: tuple(options) for drug, options in found.items()}


@cache
def names() -> dict[tuple[str, str], tuple[str, ...]]:
    """Made-up names by kind (female, male, last) and language."""
    return {(row["kind"], row["language"]): tuple(row["names"].split(";")) for row in _rows("names.csv")}


@cache
def places() -> tuple[tuple[str, str, str], ...]:
    """Made-up places as (city, state, ZIP code); none of these codes is in use."""
    return tuple((row["city"], row["state"], row["zip_code"]) for row in _rows("places.csv"))


@cache
def words() -> dict[str, dict[str, str]]:
    """Directions and reasons in plain words, by id and language."""
    return {row["id"]: {"en": row["en"], "es": row["es"]} for row in _rows("words.csv")}
