"""Drug events of a member, as a plan's systems would hold them: late and early refills, the turn of the year, seasons,
other coverage statuses, reversals and replacements, and the same drug under another NDC.

This is the inner loop: whole numbers and tuples only, no dates, no decimals, no objects for rows.
"""

from functools import cache
from typing import NamedTuple

from deploy.local.sample.calendars import NEW_YEAR, months
from deploy.local.sample.chance import WAITING, Draw, Weighted, between
from deploy.local.sample.knowledge import SampleDrug, conditions, rates, rows
from deploy.local.sample.treatment import Compiled, Course, Event, Setting, compiled

REPACKAGER = "99086"
_EARLY = 0.2  # share of refills that come early
_FEES = (50, 75, 125, 200)
_FACILITY_FEE = 400
_VACCINE_FEES = (1850, 2000, 2241, 2500)
_BRAND_RISE = 104  # list prices of brands in the new year, percent
_WINTER = NEW_YEAR - 11, NEW_YEAR - 8, NEW_YEAR + 21  # 21 December, 24 December, 22 January


# A record before its corrections: day, NDC, product, days, quantity, cost, fee, vaccine fee, status, who and where.
Raw = tuple[int, str, int, int, int, int, int, int, str, int, int]


class Fill(NamedTuple):
    """One record of a drug event: day an ordinal, quantity in tenths, money in cents, people by their places."""

    day: int
    ndc: str
    product: int
    days_supply: int
    quantity: int
    cost: int
    fee: int
    vaccine_fee: int
    status: str
    adjustment: str
    prescriber: int
    pharmacy: int
    claim: int


@cache
def seasonal() -> tuple[tuple[str, float, int, float, Weighted[tuple[int, int]]], ...]:
    """(drug, chance, condition or -1, factor, days of the months of the window)."""
    places = {one.condition_id: place for place, one in enumerate(conditions())}
    return tuple(
        (
            row["drug"],
            float(row["chance"]),
            places.get(row["condition"], -1),
            float(row["factor"] or 1),
            Weighted(
                ((first, days), float(row["months"].split(";")[month - 1]) + 1e-9) for month, first, days in months()
            ),
        )
        for row in rows("seasonal")
    )


def seasonal_courses(found: list[int], taken: int, setting: Setting, draw: Draw) -> list[Course]:
    """Short courses that come with the season: antibiotics and antivirals in winter, allergy in spring, vaccines."""
    courses: list[Course] = []
    for drug_id, chance, condition, factor, season in seasonal():
        if draw() >= (chance * factor if condition >= 0 and condition in found else chance):
            continue
        drug = compiled().drugs[drug_id]
        first, days = season.pick(draw)
        day = first + int(draw() * days)
        if drug.mask & taken or not drug.suits(setting) or not setting.start <= day <= setting.end:
            continue
        taken |= drug.mask
        who = 0 if drug.use == "vaccine" else 1
        supply = drug.days_supply if drug.use != "maintenance" else 30
        courses.append(
            Course(drug_id, drug.products.pick(draw), drug.use, day, day, supply, who, setting.pharmacies[0], 1)
        )
    return courses


def fills_of(
    courses: list[Course], setting: Setting, npis: tuple[int, int, int], draw: Draw, events: list[Event]
) -> list[Fill]:
    """Every drug event, in order of day, with what became of some of them."""
    known, tables = rates(), compiled()
    habit = WAITING[int(draw() * 256)] * known["late_habit_days"]
    raw: list[Raw] = []
    for course in courses:
        raw += _course_fills(course, setting, npis[course.prescriber], habit, draw, known, tables, events)
    raw.sort()
    return _corrected(raw, draw, known, events)


def _course_fills(
    course: Course,
    setting: Setting,
    prescriber: int,
    habit: float,
    draw: Draw,
    known: dict[str, float],
    tables: Compiled,
    events: list[Event],
) -> list[Raw]:
    product = tables.products[course.product]
    place, supply, day, end, pharmacy = course.product, course.supply, course.start, course.end, course.pharmacy
    ndc = _ndc(product, place, day, draw, known["repackaged"], events)
    once = course.use in ("short", "vaccine") or course.fills == 1
    price = product.price_cents * (880 + int(draw() * 260)) // 1000
    cost = price if once and course.use != "maintenance" else price * supply // 30
    risen = cost * _BRAND_RISE // 100 if product.brand else cost
    quantity = product.quantity(supply)
    fee = _FACILITY_FEE if setting.in_facility else _FEES[int(draw() * 4)]
    vaccine_fee = _VACCINE_FEES[int(draw() * 4)] if course.use == "vaccine" else 0
    left = course.fills or 999
    punctual = setting.in_facility or course.regular
    shares = known["missed_refill"], known["december_stocking"], known["january_delay"]
    found: list[Raw] = []
    while day <= end and left:
        left -= 1
        shown = risen if day >= NEW_YEAR else cost
        found.append((day, ndc, place, supply, quantity, shown, fee, vaccine_fee, product.status, prescriber, pharmacy))
        day = _next_day(day, supply, course.use, punctual, habit, shares, draw)
    return found


def _ndc(product: SampleDrug, place: int, day: int, draw: Draw, repackaged: float, events: list[Event]) -> str:
    """One of the product's codes, or a repackager's that no directory lists."""
    ndc = product.other_ndc if product.other_ndc and draw() < 0.3 else product.ndc
    if draw() < repackaged:
        ndc = f"{REPACKAGER}{place:04d}{int(draw() * 100):02d}"
        events.append(Event("not_understood", "unknown_ndc", product.drug_id, day, detail=ndc))
    return ndc


def _next_day(
    day: int, supply: int, use: str, punctual: bool, habit: float, shares: tuple[float, float, float], draw: Draw
) -> int:
    """The day of the next refill: early, late by habit, missed, drawn into December or put off to the new plan year."""
    missed, stocking, delay = shares
    chance = draw()
    late = -int(chance * 25) if chance < _EARLY else int(WAITING[int(draw() * 256)] * habit + 0.5)
    if _EARLY <= chance < _EARLY + missed:
        late += between(15, 60, draw)
    if punctual:
        late = 0
    elif use == "as_needed":
        late += int(draw() * 45)
    due = day + supply + late
    early, delayed, stocked = _WINTER
    if early <= due < stocked and due - day > 12:
        if due >= NEW_YEAR and chance < stocking:
            due = early + int(draw() * 11)
        elif delayed <= due < NEW_YEAR and chance > 1 - delay:
            due = NEW_YEAR + 1 + int(draw() * 7)
    return due if due > day else day + 1


def _corrected(
    raw: list[Raw],
    draw: Draw,
    known: dict[str, float],
    events: list[Event],
) -> list[Fill]:
    """Some events are reversed (never picked up), some priced again; the correction follows its original."""
    reversal = known["reversal"]
    replacement = reversal + known["replacement"]
    resubmission = replacement + known["resubmission"]
    corrected: list[Fill] = []
    for claim, (day, ndc, product, supply, quantity, cost, fee, vaccine, status, who, where) in enumerate(raw, 1):
        row = Fill(day, ndc, product, supply, quantity, cost, fee, vaccine, status, "", who, where, claim)
        corrected.append(row)
        chance = draw()
        if chance >= resubmission:
            continue
        if chance < reversal or chance >= replacement:
            corrected.append(row._replace(adjustment="D"))
            if chance >= replacement:
                corrected.append(row._replace(adjustment="R"))
        else:
            corrected.append(row._replace(adjustment="A", cost=row.cost * 9 // 10))
        kind = "reversal" if chance < reversal else "replacement" if chance < replacement else "resubmission"
        events.append(Event(kind, kind, str(claim), row.day))
    return corrected
