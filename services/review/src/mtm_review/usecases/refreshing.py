"""Reads the profile of an open review again: a comprehensive review is opened weeks before the talk.

What people said stays: medications that were reported, directions and reasons, a stated status, answers about
conditions, allergies, results and decisions. What claims tell is told anew. A line keeps its id while it is the same
product, so that a decision and a to-do item still name it.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime

from mtm_review.domain.lifecycle import refuse_if_completed, told_what_changed
from mtm_review.domain.medication import Source
from mtm_review.domain.patient import ANSWERED, CONFIRMED, Condition, Patient
from mtm_review.domain.review import Change, ListedMedication, Review
from mtm_review.domain.routes import route_of
from mtm_review.usecases.listing import understood_again
from mtm_review.usecases.opening import check_as_of
from mtm_review.usecases.ports import Expertise, Precondition, Profiles, Reviews
from mtm_review.usecases.reading import Subject, read_profile
from mtm_review.usecases.working import next_id, screened_anew

SAID = ("directions", "reason", "notes")
_Key = tuple[str, ...]


async def refresh(
    review_id: str,
    as_of: date,
    author: str,
    profiles: Profiles,
    reviews: Reviews,
    expertise: Expertise,
    unchanged: Precondition,
    now: datetime,
) -> Review:
    """The review by today's profile and as of the day; raises what `Profiles` raises, `ReviewCompleted` and others."""
    check_as_of(as_of, now)
    before = await reviews.get(review_id)
    unchanged(before)
    refuse_if_completed(before)
    profile = await profiles.profile(before.member_id, as_of)
    subject = read_profile(profile, expertise.vocabulary, as_of)
    review = await reviews.for_change(review_id)
    unchanged(review)
    read = _read_again(review, subject, as_of)
    lines = [understood_again(line, expertise.vocabulary) for line in review.medications]
    change = Change(f"profile read again as of {as_of}", author, now)
    after = told_what_changed(review, screened_anew(read, merged(lines, subject.medications), expertise, change))
    await reviews.save(after)
    return after


def _read_again(review: Review, subject: Subject, as_of: date) -> Review:
    return replace(
        review,
        as_of=as_of,
        language=subject.language,
        patient=_patient(review.patient, subject.patient),
        profile_not_checked=subject.not_checked,
        enrollment_id=subject.enrollment_id or review.enrollment_id,
        program_id=subject.program_id or review.program_id,
        contract_id=subject.contract_id or review.contract_id,
        enrolled_on=subject.enrolled_on or review.enrolled_on,
        plan_year=subject.plan_year if subject.enrollment_id else review.plan_year,
    )


def _patient(before: Patient, now: Patient) -> Patient:
    """The person as told now, with what was answered and reported."""
    denied = {condition.given for condition in before.conditions if condition.denied}
    told = tuple(replace(one, denied=one.given in denied) for one in now.conditions)
    known = {one.given for one in told}
    kept = tuple(one for one in before.conditions if _answered(one) and one.given not in known)
    return replace(now, conditions=(*told, *kept), allergies=before.allergies, labs=before.labs)


def _answered(condition: Condition) -> bool:
    return condition.source in (ANSWERED, CONFIRMED)


def _product(line: ListedMedication) -> _Key:
    drug = line.drug
    if drug is None:
        return ("", line.ndc or "", line.rxcui or "", (line.given or "").lower())
    return (drug.key, drug.strength or "", drug.dose_form or "", drug.brand or "", route_of(drug))


def merged(before: Sequence[ListedMedication], now: Sequence[ListedMedication]) -> list[ListedMedication]:
    """The list by today's claims, with what people said of each line; new products come last."""
    told = {_product(line): line for line in now}
    lines: list[ListedMedication] = []
    for line in before:
        claim = told.pop(_product(line), None) if line.last_fill is not None else None
        lines.extend(_kept(line) if claim is None else [_both(line, claim)])
    for claim in told.values():
        lines.append(replace(claim, medication_id=next_id(lines)))
    return lines


def _kept(line: ListedMedication) -> list[ListedMedication]:
    """A line that no claim tells of: dropped where claims alone told of it, else as reported."""
    if line.source != Source.CLAIM.value:
        return [line]
    said = line.stated is not None or any(getattr(line, name) is not None for name in SAID)
    return [replace(line, source=Source.REPORTED.value, fills=(), last_fill=None)] if said else []


def _both(line: ListedMedication, claim: ListedMedication) -> ListedMedication:
    """Claims tell of it again; what was stated holds until a later fill says otherwise."""
    if line.source != Source.CLAIM.value and claim.last_fill == line.last_fill:
        return line
    filled_since = claim.last_fill is not None and line.last_fill is not None and claim.last_fill > line.last_fill
    said = {name: getattr(line, name) for name in (*SAID, "as_needed")}
    said["prescriber"] = claim.prescriber or line.prescriber
    stated = None if filled_since else line.stated
    end = None if stated is None else line.end
    return replace(
        claim, medication_id=line.medication_id, stated=stated, status=stated or claim.status, end=end, **said
    )
