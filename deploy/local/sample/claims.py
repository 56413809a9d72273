"""Drug events and diagnosis claims of a member, as a plan's systems would hold them: late refills, reversals,
replacements, other coverage statuses, and the same drug under another NDC.
"""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from random import Random
from typing import Any

from deploy.local.sample.health import Course
from deploy.local.sample.knowledge import SampleCondition, SampleDrug, drugs

CENT = Decimal("0.01")
OVER_THE_COUNTER = frozenset({"cetirizine_otc"})
NURSING_FACILITY = "03"
REPACKAGER = "99086"
REPACKAGED = 0.006  # courses billed under a repackager's code that no directory lists


def fills_of(
    member_id: str, courses: tuple[Course, ...], npis: tuple[str, ...], random: Random
) -> list[dict[str, Any]]:
    """Every drug event, in order of day, as the wire's `Fill`."""
    pharmacy = npis[-1]
    habit = random.triangular(0.0, 14.0, 2.0)  # days late that this member usually is
    residence = NURSING_FACILITY if random.random() < 0.02 else "01"
    rows: list[dict[str, Any]] = []
    for course in courses:
        rows.extend(_course_fills(course, npis, pharmacy, habit, residence, random))
    rows.sort(key=lambda row: (row["fill_date"], row["ndc"]))
    for number, row in enumerate(rows, 1):
        row["claim_id"] = f"{member_id}-{number:04d}"
    return _corrected(rows, random)


def _course_fills(
    course: Course, npis: tuple[str, ...], pharmacy: str, habit: float, residence: str, random: Random
) -> list[dict[str, Any]]:
    rows = []
    day = course.starts
    ndc = course.drug.other_ndc if course.drug.other_ndc and random.random() < 0.3 else course.drug.ndc
    if random.random() < REPACKAGED:
        ndc = _repackaged(course.drug, random)
    price = course.drug.price_30_days * Decimal(str(round(random.uniform(0.88, 1.14), 3)))
    while day <= course.ends:
        if course.drug.other_ndc and random.random() < 0.05:
            ndc = course.drug.ndc if ndc == course.drug.other_ndc else course.drug.other_ndc
        rows.append(_fill(course, ndc, day, price, npis[course.prescriber], pharmacy, residence, random))
        late = random.expovariate(1 / (habit + 0.5)) if random.random() < 0.7 else -random.uniform(0, 5)
        if course.as_needed:
            late += random.uniform(0, 45)
        day += timedelta(days=max(1, course.supply + round(late)))
    return rows


def _repackaged(drug: SampleDrug, random: Random) -> str:
    place = tuple(drugs()).index(drug.drug_id)
    return f"{REPACKAGER}{place:04d}{random.randrange(100):02d}"


def on_the_label(ndc: str) -> SampleDrug | None:
    """What the label of a repackaged product says; only somebody who holds the bottle can tell."""
    if not ndc.startswith(REPACKAGER):
        return None
    place = int(ndc[len(REPACKAGER) : -2])
    return list(drugs().values())[place] if place < len(drugs()) else None


def _fill(
    course: Course, ndc: str, day: date, price: Decimal, npi: str, pharmacy: str, residence: str, random: Random
) -> dict[str, Any]:
    months = Decimal(course.supply) / 30
    cost = (price * months).quantize(CENT, rounding=ROUND_HALF_UP)
    status = "O" if course.drug.drug_id in OVER_THE_COUNTER else "E" if random.random() < 0.004 else "C"
    quantity = (course.drug.units_per_day * course.supply).quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)
    return {
        "claim_id": "",
        "ndc": ndc,
        "fill_date": day.isoformat(),
        "days_supply": course.supply,
        "quantity": f"{quantity}",
        "ingredient_cost": f"{cost}",
        "dispensing_fee": random.choice(("0.50", "0.75", "1.25", "2.00")),
        "sales_tax": "0.00",
        "vaccine_fee": "0.00",
        "coverage_status": status,
        "adjustment": "",
        "prescriber_npi": npi,
        "pharmacy_npi": pharmacy,
        "patient_residence": residence,
    }


def _corrected(rows: list[dict[str, Any]], random: Random) -> list[dict[str, Any]]:
    """Some events are reversed (never picked up) and some priced again; the correction follows its original."""
    corrected = []
    for row in rows:
        corrected.append(row)
        chance = random.random()
        if chance < 0.010:
            corrected.append(row | {"adjustment": "D"})
        elif chance < 0.018:
            cost = (Decimal(row["ingredient_cost"]) * Decimal("0.9")).quantize(CENT, rounding=ROUND_HALF_UP)
            corrected.append(row | {"adjustment": "A", "ingredient_cost": f"{cost}"})
    return corrected


def diagnoses_of(
    member_id: str, found: tuple[SampleCondition, ...], start: date, end: date, random: Random
) -> list[dict[str, Any]]:
    """Visits for each condition; a few members see nobody in the window for one of theirs."""
    rows = []
    days = (end - start).days
    for condition in found:
        for _ in range(random.choice((0, 1, 2, 2, 2, 3))):
            setting = "inpatient" if random.random() < condition.hospital else random.choice(("carrier", "outpatient"))
            day = start + timedelta(days=random.randrange(days))
            rows.append((day.isoformat(), random.choice(condition.icd10), setting))
    return [
        {"icd10": code, "service_date": day, "setting": setting, "claim_id": f"{member_id}-V{number:03d}"}
        for number, (day, code, setting) in enumerate(sorted(rows), 1)
    ]
