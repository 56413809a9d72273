"""Medications and members for tests of the review kernel, written in few words."""

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import strategies as st
from mtm_review.domain.medication import Medication, MedicationStatus, Source, Supply
from mtm_review.domain.patient import Condition, Patient, Sex
from mtm_review.reference import load_knowledge
from mtm_shared.values.drug import Drug, Ingredient, ResolvedBy
from mtm_shared.vocabulary import load_vocabulary

AS_OF = date(2026, 6, 30)
KNOWLEDGE = load_knowledge()
NAMES = {
    name: rxcui
    for names in (
        *(duplicate.members for duplicate in KNOWLEDGE.duplicates.classes.values()),
        *(drug_set.names for drug_set in KNOWLEDGE.drug_sets.values()),
    )
    for rxcui, name in names.items()
}


def an_ingredient(name: str, *, supplement: bool = False) -> Ingredient:
    rxcui = NAMES.get(name, str(90_000_000 + sum(map(ord, name))))
    return Ingredient(rxcui, name, family=name, routes=frozenset({"oral"}), supplement=supplement)


def a_drug(name: str, strength: str | None = None, *, route: str = "oral", brand: str | None = None) -> Drug:
    """`lisinopril` or `hydrochlorothiazide/lisinopril`."""
    ingredients = sorted((an_ingredient(part) for part in name.split("/")), key=lambda i: i.rxcui)
    whole = f"{name} {strength}" if strength else name
    return Drug("1", whole, tuple(ingredients), ResolvedBy.NAME, None, route, strength, brand)


def filled(
    name: str,
    *days: int,
    supply: int = 30,
    by: str = "",
    strength: str | None = None,
    medication_id: str = "",
    route: str = "oral",
) -> Medication:
    """A prescription filled so many days before the day of the review."""
    drug = a_drug(name, strength, route=route)
    return Medication(
        medication_id=medication_id or f"{name}-{strength}-{by}",
        drug=drug,
        given=drug.name,
        fills=tuple(Supply(AS_OF - timedelta(days=ago), supply, by) for ago in days),
        source=Source.CLAIM,
    )


def steadily(name: str, **words: str) -> Medication:
    """Filled every 30 days for half a year, the last time 20 days ago."""
    return filled(name, 170, 140, 110, 80, 50, 20, **words)  # type: ignore[arg-type]


def reported(name: str, *, status: str = "active", source: Source = Source.REPORTED) -> Medication:
    drug = a_drug(name)
    return Medication(f"{name}-{source}", drug, name, status=MedicationStatus(status), source=source)


def a_condition(code: str) -> Condition:
    shown = load_vocabulary().conditions_of(code)
    return Condition(code, icd10=code.replace(".", ""), conditions=shown)


def a_patient(*codes: str, sex: Sex = Sex.FEMALE, born: date = date(1950, 3, 15)) -> Patient:
    return Patient(born, sex, tuple(a_condition(code) for code in codes))


@st.composite
def regimens(draw: st.DrawFn, names: Iterable[str]) -> list[Medication]:
    """Up to eight prescriptions of the named drugs with fills over the last year."""
    chosen = draw(st.lists(st.sampled_from(sorted(names)), min_size=1, max_size=8, unique=True))
    return [
        filled(
            name,
            *draw(st.lists(st.integers(0, 365), min_size=1, max_size=6)),
            supply=draw(st.sampled_from([7, 14, 30, 90])),
            by=draw(st.sampled_from(["", "1234567893", "1245319599"])),
            medication_id=f"m{place}",
        )
        for place, name in enumerate(chosen)
    ]
