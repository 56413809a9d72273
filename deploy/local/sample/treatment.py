"""What is prescribed: drugs for each condition, their strengths, and what becomes of them during the window.

A course is one product from one prescriber at one pharmacy, from a first fill to a last day. A careful prescriber
gives one drug of a class and no ingredient twice; planted problems (`planted.py`) are the exceptions.
"""

from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import NamedTuple

from deploy.local.sample.calendars import LAST, NEW_YEAR
from deploy.local.sample.chance import Draw, Weighted, between
from deploy.local.sample.knowledge import SampleDrug, conditions, drugs, rates, rows

AMONG = ("women", "men")  # by the number of the sex, as the tables name them


class Event(NamedTuple):
    """Something that the truth file tells: days are ordinals, `until` is 0 where it has no meaning."""

    kind: str
    name: str
    what: str
    day: int
    until: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Drug:
    """A drug with its products: what is common to its strengths, by place in the tables."""

    drug_id: str
    use: str
    mask: int
    products: Weighted[int]
    days_supply: int
    changes: tuple[tuple[str, str, float], ...]
    generic_on: int
    among: str
    solid: bool

    def suits(self, setting: "Setting") -> bool:
        """Whether it is given to members of this sex."""
        return self.among in ("", AMONG[setting.sex])


@dataclass(slots=True)
class Course:
    """One product, from a first fill to a last day; a regular one is always refilled on the day."""

    drug: str
    product: int
    use: str
    start: int
    end: int
    supply: int
    prescriber: int
    pharmacy: int
    fills: int = 0
    regular: bool = False


@dataclass(frozen=True, slots=True)
class Compiled:
    """Tables of drugs by id and products by place; `lines` by the place of the condition."""

    drugs: dict[str, Drug]
    products: tuple[SampleDrug, ...]
    up: tuple[int, ...]
    twin: tuple[int, ...]
    lines: tuple[tuple[tuple[float, Weighted[str]], ...], ...]


@cache
def compiled() -> Compiled:
    """The tables, made once for each process."""
    products = tuple(drugs().values())
    by_drug: dict[str, list[int]] = {}
    for place, product in enumerate(products):
        by_drug.setdefault(product.drug, []).append(place)
    key = {(one.drug, one.rung, one.brand): place for place, one in enumerate(products)}
    bits: dict[str, int] = {}
    generics = {row["drug"]: date.fromisoformat(row["generic_on"]).toordinal() for row in rows("generics")}
    changes: dict[str, list[tuple[str, str, float]]] = {}
    for row in rows("changes"):
        changes.setdefault(row["from_drug"], []).append((row["to_drug"], row["kind"], float(row["chance"])))
    found = {
        drug_id: Drug(
            drug_id,
            products[places[0]].use,
            _mask(products[places[0]], bits),
            Weighted((place, products[place].share) for place in places),
            products[places[0]].days_supply,
            tuple(changes.get(drug_id, ())),
            generics.get(drug_id, 0),
            products[places[0]].among,
            any(form in products[places[0]].name for form in ("Tablet", "Capsule")),
        )
        for drug_id, places in by_drug.items()
    }
    return Compiled(
        found,
        products,
        tuple(key.get((one.drug, one.rung + 1, one.brand), -1) for one in products),
        tuple(key.get((one.drug, one.rung, not one.brand), -1) for one in products),
        _lines(),
    )


def _mask(product: SampleDrug, bits: dict[str, int]) -> int:
    """One bit for each ingredient and each class, so that what clashes is seen in one operation."""
    mask = 0
    for name in (*product.ingredients, *(f"class:{one}" for one in product.classes)):
        mask |= bits.setdefault(name, 1 << len(bits))
    return mask


def _lines() -> tuple[tuple[tuple[float, Weighted[str]], ...], ...]:
    told: dict[str, dict[str, list[dict[str, str]]]] = {}
    for row in rows("regimens"):
        told.setdefault(row["condition"], {}).setdefault(row["line"], []).append(row)
    return tuple(
        tuple(
            (float(line[0]["treated"]), Weighted((row["drug"], float(row["weight"])) for row in line))
            for line in told.get(condition.condition_id, {}).values()
        )
        for condition in conditions()
    )


@dataclass(slots=True)
class Setting:
    """What bears on every course of a member: window, prescribers, pharmacies, and how they fill."""

    start: int
    end: int
    pharmacies: tuple[int, int]
    mail_order: int
    in_facility: bool
    sex: int


def courses_of(found: list[int], setting: Setting, draw: Draw, events: list[Event]) -> tuple[list[Course], int]:
    """Everything that is prescribed for these conditions, and the mask of what is taken."""
    tables, known = compiled(), rates()
    taken = 0
    courses: list[Course] = []
    for condition in found:
        for treated, line in tables.lines[condition]:
            if draw() >= treated:
                continue
            drug = tables.drugs[line.pick(draw)]
            if drug.mask & taken or not drug.suits(setting):
                continue
            taken |= drug.mask
            course = start_course(drug, setting, draw, known)
            if course is not None:
                _follow(course, setting, draw, known, courses, events)
    return courses, taken


def start_course(drug: Drug, setting: Setting, draw: Draw, known: dict[str, float], who: int = -1) -> Course | None:
    """A course of a drug within the member's window, or none if it would start after it."""
    product = drug.products.pick(draw)
    supply, pharmacy = _supplied(drug, setting, draw, known)
    if who < 0:
        chance = draw()
        who = 0 if chance < 0.7 else 1 if chance < 0.88 else 2
    start, fills = _starts(drug, supply, setting, draw, known)
    if start > setting.end:
        return None
    end = setting.end
    if draw() < known["stopped"]:
        end = min(end, start + between(60, 300, draw))
    return Course(drug.drug_id, product, drug.use, start, end, supply, who, pharmacy, fills)


def _supplied(drug: Drug, setting: Setting, draw: Draw, known: dict[str, float]) -> tuple[int, int]:
    """Days of supply, and the pharmacy."""
    pharmacy = setting.pharmacies[draw() < 0.2]
    if drug.use == "maintenance":
        if setting.in_facility or draw() >= known["long_supply"]:
            return 30, pharmacy
        return drug.days_supply, setting.mail_order if setting.mail_order >= 0 else pharmacy
    if setting.in_facility and drug.use == "brand" and drug.solid:
        return 14, pharmacy  # 42 CFR 423.154: brands of solid oral drugs in long-term care, fourteen days at a time
    return drug.days_supply, pharmacy


def _starts(drug: Drug, supply: int, setting: Setting, draw: Draw, known: dict[str, float]) -> tuple[int, int]:
    """The first fill, and how many there are (0: until the end)."""
    if drug.use in ("short", "vaccine"):
        return setting.start + int(draw() * (setting.end - setting.start + 1)), 1 if draw() < 0.7 else 2
    if draw() >= known["new_start"]:
        return setting.start + int(draw() * supply), 0
    if draw() < 0.15:
        return max(setting.start, NEW_YEAR + int(draw() * 31)), 0
    return setting.start + 60 + int(draw() * 270), 0


def _follow(
    course: Course, setting: Setting, draw: Draw, known: dict[str, float], courses: list[Course], events: list[Event]
) -> None:
    """The course as it was, or cut by what became of it and followed by what came after."""
    tables = compiled()
    drug = tables.drugs[course.drug]
    if drug.generic_on:
        course = _generic_entry(course, drug.generic_on, draw, courses, events)
    courses.append(course)
    if course.fills or course.end - course.start < 120:
        return
    for to_drug, kind, chance in drug.changes:
        if draw() < chance:
            after = start_course(tables.drugs[to_drug], setting, draw, known, course.prescriber)
            if after is not None:
                _hand_over(course, after, between(90, 240, draw), kind, courses, events)
            return
    up = tables.up[course.product]
    if up >= 0 and course.use != "as_needed" and draw() < known["titration"]:
        after = replace(course, product=up)
        _hand_over(course, after, between(60, 200, draw), "titration", courses, events)


def _hand_over(course: Course, after: Course, days: int, kind: str, courses: list[Course], events: list[Event]) -> None:
    day, end = course.start + days, course.end
    if day >= end - 30:
        return
    products = compiled().products
    course.end = day - 1
    after.start, after.end = day, end
    courses.append(after)
    name = "titration" if kind == "titration" else "switch"
    detail = f"{products[course.product].drug_id} to {products[after.product].drug_id}"
    events.append(Event(name, kind, detail, day))


def _generic_entry(course: Course, entry: int, draw: Draw, courses: list[Course], events: list[Event]) -> Course:
    """Before a generic enters there is only the brand; afterwards most go over within two months."""
    tables = compiled()
    twin = tables.twin[course.product]
    if twin < 0:
        return course
    brand, generic = (course.product, twin) if tables.products[course.product].brand else (twin, course.product)
    day = entry + int(draw() * 60)
    if day <= course.start:
        return course
    course.product = brand
    if day < course.end and day < LAST and draw() < 0.75:
        detail = f"{tables.products[brand].drug_id} to {tables.products[generic].drug_id}"
        events.append(Event("switch", "brand_to_generic", detail, day))
        courses.append(replace(course, end=day - 1))
        return replace(course, product=generic, start=day)
    return course
