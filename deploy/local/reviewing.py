"""Reviews of the enrolled: a targeted one for each, and a comprehensive one with its consultation for some.

The pharmacist here is played by this module: directions and reasons come from the sample's tables, decisions follow a
simple rule, and the words of the to-do list are those that the review service drafts in the member's language.
"""

from datetime import date
from pathlib import Path
from typing import Any

from mtm_shared.contracts.eligibility import Determination
from mtm_shared.contracts.review import Review, ReviewFinding, ReviewMedication

from deploy.local.calls import Service, each
from deploy.local.deciding import WRITERS, make_document
from deploy.local.outcomes import Decisions, Document
from deploy.local.sample.knowledge import SampleDrug, drugs, words
from deploy.local.sample.labels import on_the_label
from deploy.local.steps import Steps

PHARMACIST = "Robin Fielding, PharmD"
COMPREHENSIVE = 14
IN_SPANISH = 5
NON_PRESCRIPTION: tuple[dict[str, dict[str, str]], ...] = (
    {
        "en": {
            "name": "acetaminophen 500 MG Oral Tablet",
            "source": "otc",
            "directions": "Take 1 or 2 tablets by mouth if you need it for pain, no more than 6 in a day",
            "reason": "Aches and pains",
        },
        "es": {
            "name": "acetaminophen 500 MG Oral Tablet",
            "source": "otc",
            "directions": "Tome 1 o 2 tabletas por la boca si las necesita para el dolor, no más de 6 al día",
            "reason": "Dolores",
        },
    },
    {
        "en": {
            "name": "cholecalciferol",
            "source": "supplement",
            "directions": "Take 1 capsule by mouth once a day with food",
            "reason": "Strong bones",
        },
        "es": {
            "name": "cholecalciferol",
            "source": "supplement",
            "directions": "Tome 1 cápsula por la boca una vez al día con comida",
            "reason": "Huesos fuertes",
        },
    },
)


def chosen(decisions: Decisions, languages: dict[str, str]) -> list[Determination]:
    """Whom to call first: by priority, some of them in Spanish."""
    enrolled = [one for one in decisions.determinations if one.enrollment_id is not None]
    ranked = sorted(enrolled, key=lambda one: (-one.priority, one.member_id))
    spanish = [one for one in ranked if languages.get(one.member_id) == "es"][:IN_SPANISH]
    english = [one for one in ranked if languages.get(one.member_id, "en") == "en"][: COMPREHENSIVE - len(spanish)]
    return [one for one in ranked if one in spanish or one in english]


async def targeted_reviews(review: Service, members: list[str], as_of: date, steps: Steps) -> list[Review]:
    """A targeted medication review for each (42 CFR 423.153(d)(1)(vii)(C): at least quarterly)."""

    async def one(member_id: str) -> Review:
        return await _open(review, member_id, "tmr", as_of)

    with steps.step("targeted medication reviews", len(members)) as step:
        return await each(members, one, at_once=WRITERS, done=step.advance)


async def comprehensive_reviews(
    services: tuple[Service, Service],
    members: list[str],
    languages: dict[str, str],
    as_of: date,
    folder: Path,
    steps: Steps,
) -> tuple[list[Review], list[Document]]:
    """Each from opening to the written summary, which is made at once (it is due 14 days after the consultation)."""
    review, documents = services

    async def one(member_id: str) -> tuple[Review, Document]:
        language = languages.get(member_id, "en")
        done = await _comprehensive(review, member_id, language, as_of)
        subject: dict[str, str | None] = {"review_id": done.review_id, "dated": as_of.isoformat()}
        return done, await make_document(documents, "cmr_summary", member_id, language, subject, folder)

    with steps.step("comprehensive reviews with summaries", len(members)) as step:
        made = await each(members, one, at_once=WRITERS, done=step.advance)
    return [done for done, _ in made], [document for _, document in made]


async def _open(review: Service, member_id: str, kind: str, as_of: date) -> Review:
    body = {"member_id": member_id, "kind": kind, "as_of": as_of.isoformat()}
    return Review.model_validate(await review.post("/v1/reviews", body))


async def _comprehensive(review: Service, member_id: str, language: str, as_of: date) -> Review:
    opened = await _open(review, member_id, "cmr", as_of)
    path = f"/v1/reviews/{opened.review_id}"
    told = [said for line in opened.medications for said in _said(line, language)]
    told.append(NON_PRESCRIPTION[sum(member_id.encode()) % len(NON_PRESCRIPTION)][language])
    await review.post(f"{path}/medications", {"author": PHARMACIST, "medications": told})
    reconciled = Review.model_validate(await review.get(path))
    for number, finding in enumerate(reconciled.findings):
        await review.post(f"{path}/findings/{finding.finding_id}/decision", _decision(finding, number))
    await review.post(f"{path}/consultation", _consultation(as_of, language))
    await review.post(f"{path}/complete", {"author": PHARMACIST})
    return Review.model_validate(await review.get(path))


def _said(line: ReviewMedication, language: str) -> list[dict[str, Any]]:
    """What the member says of a listed medication; of one that the sample does not know, nothing is made up."""
    known = _known(line)
    if known is not None:
        return [{"medication_id": line.medication_id} | _taken(known, language)]
    labelled = on_the_label(line.name)
    if labelled is None:
        return [{"medication_id": line.medication_id}]
    # No directory lists the code: the member reads the label out, and the product is entered by its name.
    replaced = {"medication_id": line.medication_id, "status": "stopped", "notes": "Entered by the name on its label."}
    told = {"name": labelled.name, "source": "reported", "prescriber": line.prescriber}
    return [replaced, told | _taken(labelled, language)]


def _taken(drug: SampleDrug, language: str) -> dict[str, str]:
    return {"directions": words()[drug.directions][language], "reason": words()[drug.reason][language]}


def _known(line: ReviewMedication) -> SampleDrug | None:
    if line.drug is None:
        return None
    ingredients = tuple(sorted(ingredient.name for ingredient in line.drug.ingredients))
    same = [drug for drug in drugs().values() if drug.ingredients == ingredients]
    exact = [drug for drug in same if drug.name == line.drug.name]
    return next(iter(exact or same), None)


def _decision(finding: ReviewFinding, number: int) -> dict[str, Any]:
    """Serious findings are taken up; of the others, some wait and some are known and intended."""
    if finding.severity in ("contraindicated", "major") or number == 0:
        decision, reason = "accepted", "Talked about with the member; the prescriber will be asked."
    elif number % 3 == 2:
        decision, reason = "dismissed", "Known to the prescriber and intended."
    elif number % 3 == 1:
        decision, reason = "accepted", "The member wants to take it up with the prescriber."
    else:
        decision, reason = "deferred", "Waits for the laboratory results of the next visit."
    return {"decision": decision, "reason": reason, "author": PHARMACIST}


def _consultation(as_of: date, language: str) -> dict[str, Any]:
    english = language == "en"
    return {
        "held_on": as_of.isoformat(),
        "method": "telephone",
        "recipient": "beneficiary",
        "provider_name": PHARMACIST,
        "provider_title": "Clinical pharmacist" if english else "Farmacéutica clínica",
        "provider_type": "02",
        "minutes": 30,
        "cognitively_impaired": "N",
        "allergies": "None known" if english else "Ninguna conocida",
        "side_effects": "None told" if english else "Ninguno mencionado",
        "author": PHARMACIST,
    }
