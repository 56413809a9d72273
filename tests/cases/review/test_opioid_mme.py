"""Morphine equivalents against the published examples and factors of CDC's own tools.

The examples follow the factors of 2016 with methadone in tiers. One of them differs on purpose: it counts fentanyl
sprayed into the mouth like the nasal spray (0.16), where CDC's own file has 0.18.
"""

import json
import re
import zipfile
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from mtm_review.domain.knowledge.opioids import OpioidForm
from mtm_review.domain.medication import Medication, Supply
from mtm_review.domain.opioids import OpioidTotal
from mtm_review.domain.patient import Patient
from mtm_review.domain.situation import situation_of
from mtm_review.reference import load_knowledge
from mtm_review.usecases.understanding import understand
from mtm_shared.vocabulary import load_vocabulary
from support import cases, refdata

AS_OF = date(2026, 6, 30)
DIFFERS = {"fentanyl 0.1 MG/ACTUAT Mucosal Spray": Decimal(54)}
UNITS = {"{patch}": "patch", "{tab}": "tablet", "{actuat}": "spray", "{film}": "film", "{injection}": "injection"}


def total(medication: Medication, factors: str = "cdc_2016") -> OpioidTotal | None:
    return situation_of(Patient(date(1950, 1, 1)), [medication], AS_OF, load_knowledge(), factors).opioid


def said(display: str, dose: str, frequency: str) -> Medication:
    drug, problem, _ = understand(load_vocabulary(), None, None, display)
    return Medication("m1", drug, display, dose=dose, frequency=frequency, problem=problem)


@pytest.mark.realcases
def test_the_published_examples() -> None:
    examples = json.loads((cases() / "opioid-mme" / "cases.json").read_text(encoding="utf-8"))["cases"]
    assert len(examples) == 9
    for example in examples:
        assert counted(example) == wanted(example), example["display"]


def counted(example: dict[str, Any]) -> Decimal | None:
    hours = round(24 / example["doses_per_day"])
    dose = f"{example['dose_quantity']} {UNITS[example['dose_unit']]}"
    found = total(said(example["display"], dose, f"every {hours} hours"))
    return None if found is None else found.mme_per_day


def wanted(example: dict[str, Any]) -> Decimal | None:
    expected = DIFFERS.get(example["display"], example["expected_mme_per_day"])
    return None if expected is None else Decimal(expected)


@pytest.mark.realcases
@pytest.mark.parametrize(
    ("patient", "dose", "frequency", "expected"),
    [
        ("mmecalc", "20 mg", "daily", 20),
        ("patient-mme-greater-than-fifty", "1 patch", "every 3 days", 180),
        ("patient-mme-less-than-fifty", "", "", 30),
        ("patient-mme-with-timeofday", "10 mg", "every 12 hours", 30),
    ],
)
def test_the_published_patients(patient: str, dose: str, frequency: str, expected: int) -> None:
    folder = cases() / "opioid-mme" / "input" / "tests" / "MMECalculatorTests" / patient
    orders = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    (order,) = (each for each in orders if each["resourceType"] == "MedicationRequest")
    coding = order["medicationCodeableConcept"]
    name = next((c["display"] for c in coding["coding"] if "display" in c), "morphine sulfate 20 MG Oral Capsule")
    if not dose:
        dose, frequency = spoken(order)
    found = total(said(name, dose, frequency))
    assert found is not None
    assert found.mme_per_day == expected


def spoken(order: dict[str, Any]) -> tuple[str, str]:
    (instruction,) = order["dosageInstruction"]
    quantity = instruction["doseAndRate"][0]["doseQuantity"]
    repeat = instruction["timing"]["repeat"]
    hours = {"d": 24, "h": 1}[repeat["periodUnit"]] * repeat["period"] / repeat["frequency"]
    unit = {"patch": "patch"}.get(quantity["unit"], quantity["unit"])
    return f"{plainly(quantity['value'])} {unit}", f"every {round(hours)} hours"


def plainly(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)


def test_factor_sets_differ_where_cdc_changed_them() -> None:
    sets = load_knowledge().opioids.sets
    changed = {"hydromorphone": "3423", "methadone": "6813", "tramadol": "10689"}
    for rxcui in sets["cdc_2022"]:
        same = sets["cdc_2022"][rxcui] == sets["cdc_2018"][rxcui]
        assert same == (rxcui not in changed.values())


def test_methadone_climbs_its_tiers_by_2016_and_not_by_2022() -> None:
    def mme(tablets: int, factors: str) -> Decimal | None:
        found = total(said("methadone hydrochloride 10 MG Oral Tablet", f"{tablets} tablets", "daily"), factors)
        return None if found is None else found.mme_per_day

    assert [mme(n, "cdc_2016") for n in (2, 3, 4, 5, 6, 7)] == [80, 240, 320, 500, 600, 840]
    assert mme(6, "cdc_2022") == 282


def test_an_unknown_part_leaves_what_is_at_least_known() -> None:
    drug, _, _ = understand(load_vocabulary(), None, None, "oxycodone hydrochloride 10 MG Oral Tablet")
    fills = (Supply(AS_OF - timedelta(days=40), 30), Supply(AS_OF - timedelta(days=10), 30))
    patient = Patient(date(1950, 1, 1))
    known = said("morphine sulfate 15 MG Oral Tablet", "1 tablet", "every 6 hours")
    unknown = Medication("m2", drug, "oxycodone", fills=fills)
    found = situation_of(patient, [known, unknown], AS_OF, load_knowledge()).opioid
    assert found is not None
    assert found.mme_per_day is None
    assert found.at_least == 60


@pytest.mark.refdata
def test_factors_of_2022_are_cdcs() -> None:
    path = refdata() / "opioid_mme" / "codesystem-CDCMMEClinicalConversionFactors.json"
    ours = load_knowledge().opioids.sets["cdc_2022"]
    for concept in json.loads(path.read_text(encoding="utf-8"))["concept"]:
        factor = Decimal(str(concept["property"][-1]["valueDecimal"]))
        if concept["display"] == "Fentanyl":  # of milligrams a day: 2.4 for a microgram an hour, over 24 hours
            assert factor == Decimal("2.4") * 24 / 1000
        else:
            assert {each.factor for each in ours[concept["code"]]} == {factor}


@pytest.mark.refdata
def test_factors_of_2018_are_those_of_cdcs_file() -> None:
    ours = load_knowledge().opioids.sets["cdc_2018"]
    names = {name: rxcui for rxcui in ours if (name := named(rxcui))}
    for drug, form, factor in set(rows_of_2018()):
        name = drug.removesuffix(" LA").removesuffix(" SA").lower()
        if name in ("propoxyphene", "levomethadyl", "buprenorphine"):  # withdrawn, or without a factor on purpose
            continue
        known = {each.factor for each in ours[names[name]]}
        assert Decimal(factor) in known or (form.startswith("Patch") and Decimal(factor) == Decimal("2.4") * 3), drug
    assert {form for each in ours[names["fentanyl"]] for form in each.forms} >= {OpioidForm.PATCH, OpioidForm.FILM}


def named(rxcui: str) -> str:
    ingredient = load_vocabulary().ingredient(rxcui)
    return ingredient.name if ingredient else ""


def rows_of_2018() -> list[tuple[str, str, str]]:
    """Drug, form and factor of each row of the workbook's sheet of opioids, read without a library."""
    with zipfile.ZipFile(refdata() / "opioid_mme" / "CDC_Oral_Morphine_Milligram_Equivalents_Sept_2018.xlsx") as book:
        shared = [
            re.sub(r"<[^>]+>", "", text)
            for text in re.findall(r"<si>(.*?)</si>", book.read("xl/sharedStrings.xml").decode(), re.DOTALL)
        ]
        sheet = book.read("xl/worksheets/sheet2.xml").decode()
    found = []
    for row in re.findall(r"<row [^>]*>(.*?)</row>", sheet, re.DOTALL)[1:]:
        cells = dict(re.findall(r'<c r="([A-Z]+)\d+"[^>]*?t="s"[^>]*?><v>(\d+)</v>', row))
        factor = re.search(r'<c r="L\d+"[^>]*><v>([\d.]+)</v>', row)
        if factor and "G" in cells and "E" in cells:
            value = shared[int(factor[1])] if 't="s"' in factor[0] else factor[1]
            found.append((shared[int(cells["G"])], shared[int(cells["E"])], value))
    assert len(found) > 10_000
    return found
