"""Reviews a second in the kernel on one core, and how the time grows with the regimen.

Every screen runs over members with twelve medications of six fills and eight conditions; the peer is validating the
same request (pydantic), which any service does before it decides. Growth is measured with 5, 20 and 80 medications and
told beside the number of pairs that share a duplicate class or a rule: no worse than linear in those is the aim.
"""

import random
import timeit
from datetime import date, timedelta
from itertools import combinations
from typing import Any, Final

from mtm_review.api.shapes import medications_of, patient_of
from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.medication import Medication
from mtm_review.domain.patient import Patient
from mtm_review.domain.regimen import build_regimen
from mtm_review.domain.screening import screen
from mtm_review.reference import load_knowledge
from mtm_shared.contracts.screening import ScreeningRequest
from mtm_shared.vocabulary import load_vocabulary

from benchmarks.rounds import interleaved, row
from benchmarks.screenings import CONDITIONS

AS_OF: Final = date(2026, 6, 30)
MEMBERS: Final = 40
_USUAL: Final = (
    "atorvastatin", "levothyroxine", "lisinopril", "metformin", "amlodipine", "metoprolol", "omeprazole", "losartan",
    "gabapentin", "hydrochlorothiazide", "sertraline", "simvastatin", "montelukast", "escitalopram", "furosemide",
    "bupropion", "trazodone", "pantoprazole", "tamsulosin", "prednisone", "clopidogrel", "duloxetine", "rosuvastatin",
    "carvedilol", "potassium chloride", "meloxicam", "citalopram", "insulin glargine", "apixaban", "warfarin",
    "glipizide", "allopurinol", "spironolactone", "alendronate", "donepezil", "tiotropium", "fluticasone", "tramadol",
    "cyclobenzaprine", "lorazepam", "quetiapine", "zolpidem", "famotidine", "naproxen", "latanoprost", "finasteride",
    "pravastatin", "venlafaxine", "oxybutynin", "memantine", "sitagliptin", "empagliflozin", "semaglutide", "digoxin",
    "amiodarone", "diltiazem", "verapamil", "isosorbide mononitrate", "hydralazine", "clonidine", "ropinirole",
    "levetiracetam", "lamotrigine", "topiramate", "mirtazapine", "buspirone", "methotrexate", "hydroxychloroquine",
    "colchicine", "ranolazine", "ticagrelor", "rivaroxaban", "enalapril", "valsartan", "irbesartan", "bumetanide",
    "torsemide", "metolazone", "chlorthalidone", "nifedipine", "felodipine", "propranolol", "atenolol", "bisoprolol",
    "nebivolol", "labetalol", "ezetimibe", "fenofibrate", "pioglitazone", "glimepiride",
)  # fmt: skip


def body(number: int, medications: int) -> dict[str, Any]:
    """A request of one made-up member: usual drugs with six monthly fills each, eight conditions."""
    chance = random.Random(number)
    listed = [
        {"name": name, "source": "claim", "fills": _fills(chance.randrange(1, 29))}
        for name in chance.sample(_USUAL, medications)
    ]
    conditions = [{"icd10": code, "since": "2025-01-01", "source": "claim"} for code in CONDITIONS]
    member = {"birth_date": "1948-02-03", "sex": chance.choice(("female", "male"))}
    return {"as_of": str(AS_OF), "member": member, "medications": listed, "conditions": conditions}


def _fills(ago: int) -> list[dict[str, Any]]:
    return [
        {"fill_date": str(AS_OF - timedelta(days=ago + 30 * month)), "days_supply": 30, "quantity": "30",
         "prescriber_npi": "1234567893", "pharmacy_npi": "1003000126"}
        for month in range(6)
    ]  # fmt: skip


def members_of(medications: int, how_many: int) -> list[tuple[Patient, list[Medication]]]:
    """So many made-up members as the kernel reads them."""
    vocabulary = load_vocabulary()
    requests = [ScreeningRequest.model_validate(body(number, medications)) for number in range(how_many)]
    return [(patient_of(each, vocabulary), medications_of(each.medications, vocabulary)) for each in requests]


def _related_pairs(medications: list[Medication], knowledge: Knowledge) -> int:
    """Pairs of ingredients that share a duplicate class or a rule."""
    ingredients = [exposure.ingredient.rxcui for exposure in build_regimen(medications, AS_OF).exposures]
    groups = [_groups(rxcui, knowledge) for rxcui in ingredients]
    return sum(not one.isdisjoint(other) for one, other in combinations(groups, 2))


def _groups(rxcui: str, knowledge: Knowledge) -> set[str]:
    classes = {each.class_id for each in knowledge.duplicates.classes_by_ingredient.get(rxcui, ())}
    rules = {rule.rule_id for rule in knowledge.rules.values() if rxcui in knowledge.names_of(rule.drug_set)}
    with_it = {rule_id for rule_id, others in knowledge.with_ingredients.items() if rxcui in others}
    return classes | rules | with_it


def main() -> None:
    """Prints the kernel's rate with its peer, then the growth."""
    knowledge = load_knowledge()
    bodies = [body(number, 12) for number in range(MEMBERS)]
    members = members_of(12, MEMBERS)

    def reviewed() -> float:
        took = min(timeit.repeat(lambda: [screen(p, m, AS_OF, knowledge) for p, m in members], number=1, repeat=5))
        return MEMBERS / took

    def validated() -> float:
        took = min(timeit.repeat(lambda: [ScreeningRequest.model_validate(b) for b in bodies], number=5, repeat=5))
        return 5 * MEMBERS / took

    peer, ours, ratio = interleaved(validated, reviewed)
    row("validate the request (pydantic)", peer, "requests/s", "(peer)")
    row("kernel: all screens, 12 drugs, 8 conditions", ours, "reviews/s", "(aim 10,000)")
    row("ratio", ratio, "of the peer")
    for medications in (5, 20, 80):
        some = members_of(medications, 10)
        took = min(timeit.repeat(lambda: [screen(p, m, AS_OF, knowledge) for p, m in some], number=1, repeat=5))  # noqa: B023
        pairs = sum(_related_pairs(m, knowledge) for _, m in some) / len(some)
        note = f"{pairs:.0f} related pairs"
        row(f"{medications} medications: one review", took / len(some) * 1e6, "microseconds", note)
