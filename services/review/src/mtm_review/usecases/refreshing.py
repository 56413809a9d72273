"""Reads the member's profile again, so that a review that was opened weeks ago is held on today's list.

What people said stays: directions and reasons by product, reported medications, answers about conditions, allergies
and results, and every decision. The day of the review moves to the day of the reading.
"""

from dataclasses import replace
from datetime import date, datetime

from mtm_review.domain.lifecycle import refuse_if_completed, told_what_changed
from mtm_review.domain.patient import CONFIRMED, Condition, Patient
from mtm_review.domain.review import Change, ListedMedication, Review
from mtm_review.usecases.opening import check_as_of
from mtm_review.usecases.ports import Expertise, Precondition, Profiles, Reviews
from mtm_review.usecases.reading import read_profile
from mtm_review.usecases.working import screened_on

_SAID = ("medication_id", "stated", "directions", "reason", "as_needed", "notes")


async def refresh_review(
    review_id: str,
    as_of: date,
    author: str,
    profiles: Profiles,
    reviews: Reviews,
    expertise: Expertise,
    unchanged: Precondition,
    now: datetime,
) -> Review:
    """The review on what eligibility knows as of the day; raises what `Profiles` raises."""
    check_as_of(as_of, now)
    member_id = (await reviews.get(review_id)).member_id
    profile = await profiles.profile(member_id, as_of)
    review = await reviews.for_change(review_id)
    unchanged(review)
    refuse_if_completed(review)
    subject = read_profile(profile, expertise.vocabulary, as_of)
    moved = replace(
        review,
        as_of=as_of,
        patient=_patient(review.patient, subject.patient),
        profile_not_checked=subject.not_checked,
        enrollment_id=subject.enrollment_id or review.enrollment_id,
        program_id=subject.program_id or review.program_id,
        contract_id=subject.contract_id or review.contract_id,
    )
    lines = _lines(review.medications, subject.medications)
    change = Change(f"read again as of {as_of}", author, now)
    after = told_what_changed(review, screened_on(moved, lines, expertise, change))
    await reviews.save(after)
    return after


def _patient(before: Patient, now: Patient) -> Patient:
    """Today's record with what was answered, and what was recorded by hand."""
    answered = {one.given: one for one in before.conditions if one.denied or one.source == CONFIRMED}
    known = {one.given for one in now.conditions}
    said = [replace(one, denied=answered[one.given].denied) if one.given in answered else one for one in now.conditions]
    added: list[Condition] = [
        one for one in before.conditions if one.given not in known and (one.source != "claim" or one.denied)
    ]
    return replace(now, conditions=(*said, *added), allergies=before.allergies, labs=before.labs)


def _lines(before: tuple[ListedMedication, ...], now: tuple[ListedMedication, ...]) -> list[ListedMedication]:
    """Today's products, each with what was said of it, and what the member reported besides."""
    old = {_product(line): line for line in before if line.source == "claim"}
    reported = [line for line in before if line.source != "claim"]
    taken = {line.medication_id for line in before}
    lines = []
    number = len(before)
    for line in now:
        known = old.get(_product(line))
        if known is not None:
            said = {name: getattr(known, name) for name in _SAID}
            lines.append(replace(line, **said, prescriber=known.prescriber or line.prescriber))
            continue
        number += 1
        while f"m{number}" in taken:
            number += 1
        lines.append(replace(line, medication_id=f"m{number}"))
    return [*lines, *reported]


def _product(line: ListedMedication) -> tuple[str, str]:
    return (line.name, line.drug.key if line.drug is not None else line.ndc or line.rxcui or line.given or "")
