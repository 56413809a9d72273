"""The tables that the sample is drawn from (`data/*.csv`), as values.

Each table has a sidecar that says where it comes from and how sure it is; `sources.csv` holds the citations. NDCs and
names are those of the shipped vocabulary (a test compares them), but nothing here loads it: the tables stand alone.
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
    """A product with its price and how it is taken. `ingredients` are names, sorted; `drug` joins strengths.

    `among` is the only sex that it is given to ("": both). `status` is C (covered), E (enhanced), O (over the counter).
    """

    drug_id: str
    drug: str
    name: str
    ingredients: tuple[str, ...]
    ndc: str
    other_ndc: str
    brand: bool
    rung: int
    share: int
    price_cents: int
    use: str
    among: str
    status: str
    classes: tuple[str, ...]
    milliunits_a_day: int
    pack_tenths: int
    days_supply: int
    directions: str
    reason: str

    def quantity(self, supply: int) -> int:
        """What is dispensed for so many days, in tenths: whole packs, as pharmacies do, and at least one."""
        pack = self.pack_tenths
        return max(1, (self.milliunits_a_day * supply + 50 * pack) // (100 * pack)) * pack


@dataclass(frozen=True, slots=True)
class SampleCondition:
    """A condition: its codes with weights, how common it is and among whom, and what it comes with."""

    condition_id: str
    icd10: tuple[tuple[str, float], ...]
    share: float
    among: str
    women: float
    ages: tuple[float, float, float, float]
    burden: float
    cluster: str
    loading: float
    parent: str
    hospital: float


@dataclass(frozen=True, slots=True)
class PlantedProblem:
    """A problem that a review should find: in this condition (by `icd10` if given), another prescriber adds a drug."""

    problem_id: str
    screen: str
    rule: str
    condition: str
    with_drug: str
    adds_drug: str
    adds_brand: bool
    icd10: str
    unless: str
    chance: float


@dataclass(frozen=True, slots=True)
class Reported:
    """Something that members take on their own, as they name it in either language."""

    reported_id: str
    ingredient: str
    kind: str
    names: dict[str, tuple[str, ...]]
    misspelt: dict[str, tuple[str, ...]]
    chance: float


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table."""
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines)


@cache
def drugs() -> dict[str, SampleDrug]:
    """Every product of the sample by its id."""
    uses = {row["id"]: row for row in rows("drugs")}
    return {row["id"]: _product(row, uses[row["drug"]]) for row in rows("products")}


def _product(row: dict[str, str], use: dict[str, str]) -> SampleDrug:
    return SampleDrug(
        row["id"],
        row["drug"],
        row["name"],
        tuple(row["ingredients"].split("+")),
        row["ndc"],
        row["other_ndc"],
        row["brand"] == "yes",
        int(row["rung"]),
        int(row["share"]),
        int(Decimal(row["price_30_days"]) * 100),
        use["use"],
        use["among"],
        use["status"],
        tuple(filter(None, use["classes"].split(";"))),
        int(Decimal(use["units_per_day"]) * 1000),
        int(Decimal(use["pack"]) * 10),
        int(use["days_supply"]),
        use["directions"],
        use["reason"],
    )


@cache
def conditions() -> tuple[SampleCondition, ...]:
    """Every condition, parents before those that come of them."""
    return tuple(
        SampleCondition(
            row["id"],
            tuple((code.split(":")[0], float(code.split(":")[1])) for code in row["icd10"].split(";")),
            float(row["share"]) / 100,
            row["among"],
            float(row["women"]),
            (float(row["under_65"]), float(row["age_65"]), float(row["age_75"]), float(row["age_85"])),
            float(row["burden"]),
            row["cluster"],
            float(row["loading"]),
            row["parent"],
            float(row["hospital"]),
        )
        for row in rows("conditions")
    )


@cache
def problems() -> tuple[PlantedProblem, ...]:
    """The problems that are planted."""
    return tuple(
        PlantedProblem(
            row["id"],
            row["screen"],
            row["expected_rule"],
            row["condition"],
            row["with_drug"],
            row["adds_drug"],
            row["adds_brand"] == "yes",
            row["icd10"],
            row["unless"],
            float(row["chance"]),
        )
        for row in rows("problems")
    )


@cache
def reported() -> tuple[Reported, ...]:
    """What members may say that they take."""
    return tuple(
        Reported(
            row["id"],
            row["ingredient"],
            row["kind"],
            {"en": tuple(row["english"].split(";")), "es": tuple(row["spanish"].split(";"))},
            {"en": tuple(row["misspelt_english"].split(";")), "es": tuple(row["misspelt_spanish"].split(";"))},
            float(row["chance"]),
        )
        for row in rows("reported")
    )


@cache
def rates() -> dict[str, float]:
    """How often things happen, by name."""
    return {row["id"]: float(row["value"]) for row in rows("rates")}


@cache
def names() -> dict[tuple[str, str], tuple[str, ...]]:
    """Made-up names by kind (female, male, last) and language."""
    return {(row["kind"], row["language"]): tuple(row["names"].split(";")) for row in rows("names")}


@cache
def words() -> dict[str, dict[str, str]]:
    """Directions and reasons in plain words, by id and language."""
    return {row["id"]: {"en": row["en"], "es": row["es"]} for row in rows("words")}
