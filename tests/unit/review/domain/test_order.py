"""The order in which facts come never changes what is told of them, on any screen."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random
from typing import TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from mtm_review.domain.finding import Finding, InferredCondition, Screening, Suppressed
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Allergy, Condition, Lab, Patient
from mtm_review.domain.screening import ScreeningOptions, screen
from regimens import AS_OF, KNOWLEDGE, NAMES, a_condition, a_patient, regimens, steadily

Each = TypeVar("Each")
ALL = ScreeningOptions(max_findings=500)
CODES = ("N18.4", "N18.5", "I12.0", "I50.9", "I50.22", "E11.22", "G30.1", "G30.9", "K25.4", "M10.9", "I48.91", "J44.9")
DRUGS = ("lisinopril", "enalapril", "ibuprofen", "naproxen", "warfarin", "amiodarone", "citalopram", "metformin",
         "glyburide", "digoxin", "gemfibrozil", "simvastatin", "oxycodone", "lorazepam", "gabapentin", "donepezil",
         "oxybutynin", "zolpidem", "hydrochlorothiazide/lisinopril", "methotrexate", "allopurinol")  # fmt: skip
REACTIONS = ("hives", "anaphylaxis", "nausea")
LABS = tuple(Lab(code, Decimal(value), unit, date(2026, 6, 1)) for code in ("egfr", "potassium")
             for value in ("4", "25", "45") for unit in ("mL/min", "mmol/L"))  # fmt: skip

conditions = st.lists(
    st.builds(
        lambda code, source, denied: replace(a_condition(code), source=source, denied=denied),
        st.sampled_from(CODES),
        st.sampled_from(["reported", "inferred", "inferred"]),
        st.sampled_from([False, False, False, True]),
    ),
    max_size=8,
)
allergies = st.lists(
    st.builds(
        lambda name, reaction: Allergy(name, frozenset({NAMES[name]}), reaction=reaction),
        st.sampled_from(["lisinopril", "enalapril", "naproxen", "ibuprofen"]),
        st.sampled_from(REACTIONS),
    ),
    max_size=4,
)


def told(screening: Screening) -> tuple[object, ...]:
    """The answer without the order of what is told one by one, and with medications by their ids."""
    each: list[Finding | Suppressed | InferredCondition]
    each = [*screening.findings, *screening.suppressed, *screening.inferred]
    rows = [_row(one) for one in each]
    gaps = sorted(map(repr, screening.not_checked))
    return rows, gaps, screening.adherence, screening.opioid, screening.coverage


def _row(each: Finding | Suppressed | InferredCondition) -> tuple[object, ...]:
    return (*each._replace(medications=()), [medication.medication_id for medication in each.medications])


def shuffled(patient: Patient, medications: list[Medication], random: Random) -> tuple[Patient, list[Medication]]:
    def mixed(given: tuple[Each, ...]) -> tuple[Each, ...]:
        return tuple(random.sample(given, len(given)))

    other = replace(
        patient,
        conditions=mixed(patient.conditions),
        allergies=mixed(patient.allergies),
        labs=mixed(patient.labs),
    )
    return other, [each._replace(fills=mixed(each.fills)) for each in mixed(tuple(medications))]


@given(regimens(DRUGS), conditions, allergies, st.lists(st.sampled_from(LABS), max_size=4), st.integers(0, 2**16))
@settings(max_examples=120, deadline=None)
def test_the_order_of_facts_does_not_matter(
    medications: list[Medication], held: list[Condition], reacted: list[Allergy], labs: list[Lab], seed: int
) -> None:
    patient = replace(a_patient(), conditions=tuple(held), allergies=tuple(reacted), labs=tuple(labs))
    one = screen(patient, medications, AS_OF, KNOWLEDGE, ALL)
    again = screen(*shuffled(patient, medications, Random(seed)), AS_OF, KNOWLEDGE, ALL)
    assert told(one) == told(again)


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_allergies_to_one_drug_the_first_by_name_is_told(turned: bool) -> None:
    both = tuple(Allergy("lisinopril", frozenset({NAMES["lisinopril"]}), reaction=each) for each in REACTIONS[:2])
    patient = replace(a_patient(), allergies=both[::-1] if turned else both)
    findings = screen(patient, [steadily("lisinopril")], AS_OF, KNOWLEDGE, ALL).findings
    assert [f.because for f in findings if f.screen.value == "allergy"] == [
        "The member takes lisinopril and has an allergy to lisinopril (anaphylaxis) on record."
    ]
