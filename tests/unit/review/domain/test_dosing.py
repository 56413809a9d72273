"""Daily doses: from what was dispensed, from what was said, and where neither tells."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtm_review.domain.dosing import (
    DailyDose,
    Strength,
    Unknown,
    daily_dose,
    strengths_of,
    taken_now,
    times_a_day,
    total_dose,
    units_of,
)
from mtm_review.domain.medication import Medication, Source, Supply
from mtm_review.domain.regimen import Course, build_regimen
from mtm_review.usecases.understanding import understand
from mtm_shared.vocabulary import load_vocabulary
from regimens import AS_OF

DAY = AS_OF.toordinal()


def claimed(name: str, quantity: str, days: int = 30, *ago: int, by: str = "") -> Medication:
    drug, _, _ = understand(load_vocabulary(), None, None, name)
    fills = tuple(
        Supply(AS_OF - timedelta(days=each), days, by, quantity=Decimal(quantity)) for each in ago or (40, 10)
    )
    return Medication(f"{name}-{by}", drug, name, fills=fills, source=Source.CLAIM)


def said(name: str, dose: str, frequency: str) -> Medication:
    drug, _, _ = understand(load_vocabulary(), None, None, name)
    return Medication(name, drug, name, dose=dose, frequency=frequency)


def courses(*medications: Medication) -> tuple[Course, ...]:
    return build_regimen(medications, AS_OF).courses


def amount(medication: Medication, place: int = 0) -> str:
    (course,) = courses(medication)
    dose = daily_dose(course, course.drug.ingredients[place].rxcui)
    return str(dose.amount) if isinstance(dose, DailyDose) else "unknown"


@pytest.mark.parametrize(
    ("name", "quantity", "days", "expected"),
    [
        ("citalopram 40 MG Oral Tablet", "45", 30, "60 mg"),
        ("alendronic acid 70 MG Oral Tablet", "4", 28, "10 mg"),
        ("morphine sulfate 20 MG/ML Oral Solution", "90", 30, "60 mg"),
        ("72 HR fentanyl 0.025 MG/HR Transdermal System", "10", 30, "0.6 mg"),
        ("168 HR buprenorphine 0.01 MG/HR Transdermal System", "4", 28, "0.24 mg"),
        ("levothyroxine sodium 0.1 MG Oral Tablet", "30", 30, "0.1 mg"),
        ("fentanyl 0.4 MG/ACTUAT nasal spray", "1", 30, "unknown"),
        ("albuterol 0.09 MG/ACTUAT Metered Dose Inhaler", "1", 30, "unknown"),
        ("citalopram", "30", 30, "unknown"),
        ("citalopram 40 MG Oral Tablet", "0", 30, "unknown"),
    ],
)
def test_from_what_was_dispensed(name: str, quantity: str, days: int, expected: str) -> None:
    assert amount(claimed(name, quantity, days)) == expected


def test_each_strength_of_a_combination_is_its_own_ingredients() -> None:
    combination = claimed("hydrochlorothiazide 12.5 MG / lisinopril 20 MG Oral Tablet", "60")
    (course,) = courses(combination)
    told = {i.name: amount(combination, place) for place, i in enumerate(course.drug.ingredients)}
    assert told == {"hydrochlorothiazide": "25 mg", "lisinopril": "40 mg"}


def test_two_strengths_refilled_side_by_side_are_added() -> None:
    both = courses(claimed("citalopram 20 MG Oral Tablet", "30"), claimed("citalopram 40 MG Oral Tablet", "30"))
    dose = total_dose(taken_now(both, DAY), ["2556"])
    assert isinstance(dose, DailyDose)
    assert str(dose.amount) == "60 mg"


def test_a_new_strength_takes_the_place_of_the_old() -> None:
    both = courses(
        claimed("citalopram 20 MG Oral Tablet", "30", 30, 20), claimed("citalopram 40 MG Oral Tablet", "30", 30, 5)
    )
    assert [course.drug.strength for course in taken_now(both, DAY)] == ["40 MG"]


def test_another_prescribers_supply_takes_no_place_while_the_first_lasts() -> None:
    both = courses(
        claimed("citalopram 20 MG Oral Tablet", "30", 30, 20, by="1234567893"),
        claimed("citalopram 40 MG Oral Tablet", "30", 30, 5, by="1245319599"),
    )
    assert len(taken_now(both, DAY)) == 2


def test_one_unknown_part_makes_the_total_unknown() -> None:
    both = courses(claimed("citalopram 20 MG Oral Tablet", "30"), claimed("citalopram 40 MG Oral Tablet", "0"))
    assert isinstance(total_dose(both, ["2556"]), Unknown)


@pytest.mark.parametrize(
    ("dose", "frequency", "expected"),
    [
        ("2 tablets", "twice daily", "80 mg"),
        ("20 mg", "at bedtime", "20 mg"),
        ("one tablet", "every morning and at bedtime", "40 mg"),
        ("1 tablet", "every 6 hours", "80 mg"),
        ("half tablet", "daily", "10 mg"),
        ("1 tablet", "every other day", "10 mg"),
        ("3 tablets", "every 3 days", "20 mg"),
        ("2", "daily", "unknown"),
        ("1-2 tablets", "daily", "unknown"),
        ("1 tablet", "as needed", "unknown"),
        ("1 tablet", "once a month", "unknown"),
        ("1 tablet", "once every other week", "unknown"),
        ("1 tablet", "", "unknown"),
        ("0 mg", "daily", "unknown"),
        ("9" * 30 + " mg", "daily", "unknown"),
        ("1 tablet", "every 0 hours", "unknown"),
    ],
)
def test_from_what_was_said(dose: str, frequency: str, expected: str) -> None:
    assert amount(said("citalopram 20 MG Oral Tablet", dose, frequency)) == expected


def test_a_patch_that_was_said_is_worn_all_day() -> None:
    assert amount(said("72 HR fentanyl 0.025 MG/HR Transdermal System", "1 patch", "every 72 hours")) == "0.6 mg"


@pytest.mark.parametrize(
    ("frequency", "times"),
    [
        ("QID", "4"), ("three times a day", "3"), ("b.i.d.", "2"), ("q12h", "2"), ("every 8 hrs", "3"),
        ("with breakfast and dinner", "2"), ("nightly", "1"), ("twice a week", None), ("yearly", None),
        ("every 4-6 hours", None), ("3 times a week", None), ("3x weekly", None), ("three days a week", None),
        ("5 times a day", "5"), ("4 x daily", "4"), ("five times daily", "5"), ("every other morning", "0.5"),
        ("every 1.5 days", None), ("0 times a day", None), ("every 999999999 hours", None),
    ],
)  # fmt: skip
def test_how_often(frequency: str, times: str | None) -> None:
    assert times_a_day(frequency) == (None if times is None else Decimal(times))


def test_weekly_is_a_seventh_a_day() -> None:
    for frequency in ("once weekly", "once a week", "every week", "every 7 days"):
        assert times_a_day(frequency) == Decimal(1) / 7


def test_units_of_a_dose() -> None:
    tablet = Strength(Decimal(10), "mg", "")
    assert units_of("500 mcg", tablet) == Decimal("0.05")
    assert units_of("5 mL", Strength(Decimal(2), "mg", "ML")) == 5
    assert units_of("20 units", Strength(Decimal(100), "unt", "ML")) == Decimal("0.2")
    assert units_of("2 puffs", Strength(Decimal("0.09"), "mg", "ACTUAT")) == 2
    assert units_of("2 patches", Strength(Decimal("0.025"), "mg", "HR")) == 2
    assert units_of("20 units", tablet) is None


@given(value=st.decimals("0.001", "9999", places=3), unit=st.sampled_from(["MG", "MCG", "G", "UNT", "MEQ"]))
def test_a_written_strength_is_read_back(value: Decimal, unit: str) -> None:
    (strength,) = strengths_of(f"{value} {unit}")
    factor = {"MCG": Decimal("0.001"), "G": Decimal(1000)}.get(unit, Decimal(1))
    assert strength.value == value * factor


@given(quantity=st.integers(1, 999), days=st.integers(1, 120))
def test_the_dose_is_the_strength_times_the_quotient(quantity: int, days: int) -> None:
    medication = claimed("citalopram 40 MG Oral Tablet", str(quantity), days, 0)
    (course,) = courses(medication)
    dose = daily_dose(course, "2556")
    assert isinstance(dose, DailyDose)
    assert abs(dose.amount.value * days - 40 * quantity) < Decimal("0.000001")


@given(ago=st.lists(st.integers(0, 200), min_size=1, max_size=6, unique=True), other=st.integers(0, 200))
def test_what_is_taken_now_is_active_and_never_nothing(ago: list[int], other: int) -> None:
    found = courses(
        claimed("citalopram 20 MG Oral Tablet", "30", 30, *ago),
        claimed("citalopram 40 MG Oral Tablet", "30", 30, other),
    )
    now = taken_now(found, DAY)
    assert all(course.active for course in now)
    assert bool(now) == any(course.active for course in found)


def test_the_last_fill_decides() -> None:
    medication = claimed("citalopram 20 MG Oral Tablet", "30", 30, 40)
    more = Supply(date(2026, 6, 20), 30, quantity=Decimal(60))
    assert amount(replace_fills(medication, more)) == "40 mg"


def replace_fills(medication: Medication, more: Supply) -> Medication:
    return medication._replace(fills=(*medication.fills, more))


def test_a_strength_that_is_not_rxnorms_is_none() -> None:
    assert strengths_of("20 %") == ()
    assert strengths_of("") == ()
