"""How much of an ingredient a day: from what was dispensed, or from what was said.

A claim says the strength, the quantity and for how many days it lasts, so that the daily amount is their quotient;
directions on a claim do not exist. A reported medication says it in words ("2 tablets", "twice daily"). What cannot be
known is `Unknown` with a reason, never a guess: an inhaler's puffs, a tube of cream, a kit, a bare number without a
unit. RxNorm writes strengths as `10 MG`, `5 MG/ML`, `100 UNT/ML`, `0.025 MG/HR`, and the vocabulary puts those of a
combination in the order of its ingredients. A total is of what is taken now (`taken_now`): while the old strength runs
out, the new one has taken its place.
"""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from mtm_shared.values.decimals import plain
from mtm_shared.values.drug import Drug

from mtm_review.domain.courses import Course
from mtm_review.domain.knowledge.rules import Amount
from mtm_review.domain.medication import NOT_TOLD

_STRENGTH: Final = re.compile(r"(\d+(?:\.\d+)?) ([A-Z]+)(?:/([A-Z]+))?")
_WEAR: Final = re.compile(r"\b(\d+) HR\b")
_SCALE: Final = {"MG": ("mg", Decimal(1)), "MCG": ("mg", Decimal("0.001")), "G": ("mg", Decimal(1000)),
                 "GM": ("mg", Decimal(1000)), "UNT": ("unt", Decimal(1)), "MEQ": ("meq", Decimal(1))}  # fmt: skip
_HOURS: Final = Decimal(24)
_COUNTED: Final = re.compile(r"\b(tablet|capsule|film|suppository|lozenge|patch|system|strip|wafer)\b")
_POURED: Final = re.compile(
    r"\b(solution|suspension|syrup|elixir|injection|injectable|injector|cartridge|syringe|drops)\b"
)
_SPRAYED: Final = re.compile(r"\b(inhal\w*|spray|actuat\w*|aerosol)\b")
_NUMBERS: Final[dict[str, Decimal]] = {
    "one": Decimal(1), "two": Decimal(2), "three": Decimal(3), "four": Decimal(4), "five": Decimal(5),
    "six": Decimal(6), "half": Decimal("0.5"),
    "½": Decimal("0.5"), "a": Decimal(1), "an": Decimal(1),
}  # fmt: skip
# Nobody takes a billion of anything: what has more digits is a slip, and no amount that can be told in full.
_DOSE: Final = re.compile(r"(?P<number>\d{1,9}(?:\.\d{1,9})?|one|two|three|four|half|½|an?)\s*(?P<unit>[a-zA-Z]+)?")
_UNITS: Final = frozenset(("TABLET", "TAB", "CAPSULE", "CAP", "PILL", "PATCH", "FILM", "SUPPOSITORY", "LOZENGE"))
_PLURALS: Final = {"PATCHE": "PATCH", "SUPPOSITORIE": "SUPPOSITORY"}
_SPRAYS: Final = frozenset(("SPRAY", "PUFF", "ACTUATION"))
_RARELY: Final = re.compile(r"\b(month\w*|year\w*|quarter\w*|other week|\d+ weeks|cycle)\b")
_PARTS_OF_DAY: Final = (
    re.compile(r"\bmorning|breakfast|\bam\b"),
    re.compile(r"\bnoon|midday|lunch|\bafternoon"),
    re.compile(r"\bevening|dinner|supper|\bpm\b"),
    re.compile(r"\bbedtime|\bnight|\bqhs\b"),
)
_OFTEN: Final = (
    (re.compile(r"\b(four times|4 times|4x|qid)\b"), Decimal(4)),
    (re.compile(r"\b(three times|3 times|3x|tid)\b"), Decimal(3)),
    (re.compile(r"\b(twice|two times|2 times|2x|bid)\b"), Decimal(2)),
    (re.compile(r"\b(every other (day|morning|evening|night)|qod|every 2 days|every 48 hours)\b"), Decimal("0.5")),
)
_TIMES: Final = re.compile(r"\b(\d{1,2}|five|six) ?(?:times|x)\b")
_SEVERAL: Final = re.compile(r"\b(twice|times|[2-6]x?|two|three|four|five|six)\b")
# `b.i.d.` is bid, but 1.5 is not 15.
_STOPS: Final = re.compile(r"(?<!\d)\.|\.(?!\d)")
_ONCE: Final = re.compile(r"\b(once|one time|1 time|daily|every day|a day|qd)\b")
_EVERY: Final = re.compile(r"\b(?:every|q) ?(\d{1,4}) ?(hours?|hrs?|h|days?|d)\b")
_WEEKLY: Final = re.compile(r"\b(weekly|a week|per week|every week|every 7 days)\b")
_QUARTER: Final = Decimal("0.25")
_SHOWN: Final = Decimal("0.01")


class DailyDose(NamedTuple):
    """An ingredient's amount a day; `units` is how many tablets, mL or patches a day, `because` how it was found.

    `slack` is what a quarter of a tablet holds: packages do not fit the days (30 tablets for 28 days), and less than a
    quarter more or less is no other dose. Zero for what was said or is poured.
    """

    amount: Amount
    units: Decimal
    because: str
    slack: Decimal = Decimal(0)


class Unknown(NamedTuple):
    """Why no daily dose can be told."""

    because: str


class Strength(NamedTuple):
    """One ingredient's amount in a unit of the product; `per` is "", ML, HR, ACTUAT or the like."""

    value: Decimal
    unit: str
    per: str


@lru_cache(maxsize=8192)
def strengths_of(text: str) -> tuple[Strength, ...]:
    """The strengths of a product in the order of its ingredients; none where one is not written in RxNorm's way."""
    found = []
    for part in text.split(" / "):
        match = _STRENGTH.fullmatch(part)
        if match is None or match[2] not in _SCALE:
            return ()
        unit, factor = _SCALE[match[2]]
        found.append(Strength(Decimal(match[1]) * factor, unit, match[3] or ""))
    return tuple(found)


def daily_dose(course: Course, rxcui: str) -> DailyDose | Unknown:
    """The amount a day of one of the course's ingredients."""
    drug = course.drug
    strengths = strengths_of(drug.strength or "")
    if len(strengths) != len(drug.ingredients):
        return Unknown(f"The strength of {course.medications[0].name} is not known.")
    strength = strengths[[ingredient.rxcui for ingredient in drug.ingredients].index(rxcui)]
    if course.fills:
        return _dispensed(course, strength)
    return _said(course, strength)


def total_dose(courses: Iterable[Course], rxcuis: Iterable[str]) -> DailyDose | Unknown:
    """The amount a day of these ingredients over the courses; unknown as soon as one of them is."""
    wanted = frozenset(rxcuis)
    parts: list[DailyDose] = []
    for course in courses:
        for ingredient in course.drug.ingredients:
            if ingredient.rxcui in wanted:
                dose = daily_dose(course, ingredient.rxcui)
                if isinstance(dose, Unknown):
                    return dose
                parts.append(dose)
    if len(parts) == 1:
        return parts[0]
    units = {part.amount.unit for part in parts}
    if len(units) != 1:
        return Unknown("The strengths are in units that cannot be added.")
    value = sum((part.amount.value for part in parts), Decimal(0))
    because = "; ".join(part.because for part in parts)
    slack = max(part.slack for part in parts)
    return DailyDose(Amount(value, units.pop()), sum((part.units for part in parts), Decimal(0)), because, slack)


def one_unit(courses: Sequence[Course], rxcuis: Iterable[str]) -> Amount | None:
    """What one tablet or capsule a day would be, where a course says neither quantity nor directions; else None."""
    wanted = frozenset(rxcuis)
    if len(courses) != 1 or courses[0].medications[0].dose or courses[0].medications[0].frequency:
        return None
    drug = courses[0].drug
    strengths = strengths_of(drug.strength or "")
    if len(strengths) != len(drug.ingredients) or not _COUNTED.search(f"{drug.dose_form or ''} {drug.name}".lower()):
        return None
    for ingredient, strength in zip(drug.ingredients, strengths, strict=True):
        if ingredient.rxcui in wanted and not strength.per:
            return Amount(strength.value, strength.unit)
    return None


def taken_now(courses: Iterable[Course], day: int) -> list[Course]:
    """The active courses without those that another took the place of.

    An old strength, or an old product of the same drug, whose last fill is before the first of a newer one by the same
    prescriber was replaced; so was any whose supply ran out before a newer one began.
    """
    active = [course for course in courses if course.active]
    if len(active) < 2:
        return active
    return [old for old in active if not any(_replaced(old, new, day) for new in active if new is not old)]


def _replaced(old: Course, new: Course, day: int) -> bool:
    if not old.fill_days or not new.fill_days or old.fill_days[-1] >= new.fill_days[0]:
        return False
    same = old.key == new.key and old.route == new.route and old.prescribers == new.prescribers
    return same or old.last < day


def shown(amount: Amount) -> str:
    """The amount with two decimals at most, as it is told."""
    return f"{plain(amount.value.quantize(_SHOWN))} {amount.unit}"


def _dispensed(course: Course, strength: Strength) -> DailyDose | Unknown:
    """By the last fill: what was ordered last is what is taken now."""
    _, days, _, _, quantity, _ = course.fills[-1]
    name = course.medications[0].name
    if quantity == NOT_TOLD:
        return Unknown(f"The quantity of {name} is not known.")
    if not _countable(course.drug.dose_form or course.medications[0].given, course.drug.name, strength.per):
        return Unknown(f"How much of {name} is taken a day cannot be told from its quantity.")
    if strength.per == "HR":
        return _worn(course, strength, quantity, days)
    value = strength.value * quantity / days
    slack = strength.value * _QUARTER if not strength.per else Decimal(0)
    return DailyDose(Amount(value, strength.unit), quantity / days, f"{name}: {plain(quantity)} for {days} days", slack)


def dispensed_amount(drug: Drug, rxcui: str, quantity: Decimal, days: int) -> Decimal | None:
    """The amount a day of one ingredient of one fill, in the unit of its strength; None where it cannot be told."""
    strengths = strengths_of(drug.strength or "")
    if len(strengths) != len(drug.ingredients) or not days or quantity == NOT_TOLD:
        return None
    strength = strengths[[ingredient.rxcui for ingredient in drug.ingredients].index(rxcui)]
    if strength.per == "HR" or not _countable(drug.dose_form or "", drug.name, strength.per):
        return None
    return strength.value * quantity / days


def _worn(course: Course, strength: Strength, quantity: Decimal, days: int) -> DailyDose | Unknown:
    """Of a patch: the release an hour, over the hours that the dispensed patches are worn."""
    wear = _WEAR.search(course.drug.name)
    name = course.medications[0].name
    if wear is None:
        return Unknown(f"How long a patch of {name} is worn is not known.")
    at_once = quantity * Decimal(wear[1]) / (_HOURS * days)
    value = strength.value * _HOURS * at_once
    return DailyDose(Amount(value, strength.unit), quantity / days, f"{name}: {plain(quantity)} for {days} days")


@lru_cache(maxsize=8192)
def _countable(dose_form: str, name: str, per: str) -> bool:
    """Whether the quantity of such a product says how much is taken, by the words that say its form."""
    form = f"{dose_form} {name}".lower()
    if _SPRAYED.search(form) or per == "ACTUAT":
        return False
    if per == "ML":
        return bool(_POURED.search(form))
    return per == "HR" or (per == "" and bool(_COUNTED.search(form)))


def _said(course: Course, strength: Strength) -> DailyDose | Unknown:
    medication = course.medications[0]
    times = times_a_day(medication.frequency)
    units = units_of(medication.dose, strength)
    if times is None or units is None:
        return Unknown(f"The dose of {medication.name} was not said in a way that can be counted.")
    because = f"{medication.name}: {medication.dose}, {medication.frequency}"
    if strength.per == "HR":
        return DailyDose(Amount(strength.value * _HOURS * units, strength.unit), units * times, because)
    return DailyDose(Amount(strength.value * units * times, strength.unit), units * times, because)


@lru_cache(maxsize=4096)
def times_a_day(frequency: str) -> Decimal | None:
    """How often a day, from words such as `twice daily`, `every 6 hours`, `BID`; None when they say something else."""
    text = " ".join(_STOPS.sub("", frequency.lower()).split())
    if _RARELY.search(text):
        return None
    if _WEEKLY.search(text):
        return None if _SEVERAL.search(text) else Decimal(1) / 7
    if (every := _EVERY.search(text)) and int(every[1]):
        return 1 / Decimal(every[1]) if every[2].startswith("d") else _HOURS / int(every[1])
    if (times := next((times for pattern, times in _OFTEN if pattern.search(text)), None)) is not None:
        return times
    if (many := _TIMES.search(text)) is not None:
        return _NUMBERS.get(many[1]) or Decimal(many[1]) or None
    parts = sum(bool(pattern.search(text)) for pattern in _PARTS_OF_DAY)
    if parts:
        return Decimal(parts)
    return Decimal(1) if _ONCE.search(text) else None


@lru_cache(maxsize=4096)
def units_of(dose: str, strength: Strength) -> Decimal | None:
    """How many units of the product a dose is: `2 tablets` is 2, `20 mg` of a 10 mg tablet is 2 as well."""
    match = _DOSE.fullmatch(dose.strip().lower())
    if match is None or not match["unit"]:
        return None
    number = _NUMBERS.get(match["number"]) or Decimal(match["number"])
    if not number:
        return None
    unit = match["unit"].upper().rstrip("S")
    unit = _PLURALS.get(unit, unit)
    if unit in _SCALE or unit in ("UNIT", "U"):
        name, factor = _SCALE.get(unit, ("unt", Decimal(1)))
        return number * factor / strength.value if name == strength.unit and strength.value else None
    if strength.per == "ML":
        return number if unit == "ML" else None
    if strength.per == "ACTUAT":
        return number if unit in _SPRAYS else None
    return number if unit in _UNITS else None
