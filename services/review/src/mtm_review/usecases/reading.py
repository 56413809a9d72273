"""From a member's profile, as eligibility tells it, to the person and the list that a review works on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from mtm_shared.contracts.member import Coverage, Diagnosis, Profile

from mtm_review.domain.finding import NotChecked
from mtm_review.domain.patient import Condition, Patient, Sex, Stay
from mtm_review.domain.review import ListedMedication
from mtm_review.usecases.listing import lines_of_fills, with_status
from mtm_review.usecases.ports import Understands
from mtm_review.usecases.understanding import condition_by_icd10


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a review is about, and with what."""

    patient: Patient
    medications: tuple[ListedMedication, ...]
    language: str
    enrollment_id: str | None
    program_id: str | None
    not_checked: tuple[NotChecked, ...]
    contract_id: str | None = None
    enrolled_on: date | None = None
    plan_year: int | None = None


def read_profile(profile: Profile, vocabulary: Understands, as_of: date) -> Subject:
    """The person, the medications with the status their supply shows, and what eligibility could not use."""
    member = profile.member
    patient = Patient(
        birth_date=member.birth_date,
        sex=Sex(member.sex),
        conditions=_conditions(profile.diagnoses, vocabulary),
        stays=tuple(Stay(stay.kind, stay.from_, stay.to) for stay in profile.stays),
        ends=_ends(member.death_date, profile.coverage),
    )
    names = {prescriber.npi: prescriber.name for prescriber in member.prescribers}
    lines = lines_of_fills(profile.fills, vocabulary, names)
    return Subject(
        patient=patient,
        medications=with_status(lines, patient, as_of),
        language=member.language,
        enrollment_id=profile.enrollment.enrollment_id if profile.enrollment else None,
        program_id=profile.enrollment.program_id if profile.enrollment else None,
        not_checked=(
            *_after_the_end(patient.ends, as_of),
            *(NotChecked(gap.what, gap.value, gap.code, gap.detail) for gap in profile.not_checked),
        ),
        contract_id=_contract(profile.coverage, as_of),
        enrolled_on=profile.enrollment.enrolled_on if profile.enrollment else None,
        plan_year=(profile.enrollment.plan_year if profile.enrollment else None) or as_of.year,
    )


def _contract(coverage: Iterable[Coverage], as_of: date) -> str | None:
    """The contract whose coverage holds on the day, else that of the last coverage before it."""
    begun = [span for span in coverage if span.effective_from <= as_of]
    holding = [span for span in begun if span.effective_to is None or span.effective_to >= as_of]
    latest = max(holding or begun, key=lambda span: span.effective_from, default=None)
    return latest.contract_id if latest is not None else None


def _conditions(diagnoses: Iterable[Diagnosis], vocabulary: Understands) -> tuple[Condition, ...]:
    """Each code once, since its first claim; a diagnosis on a claim has no end."""
    first: dict[str, Diagnosis] = {}
    for diagnosis in diagnoses:
        code = diagnosis.icd10.replace(".", "").strip().upper()
        if code not in first or diagnosis.service_date < first[code].service_date:
            first[code] = diagnosis
    return tuple(
        condition_by_icd10(vocabulary, diagnosis.icd10, diagnosis.service_date, None, "claim")
        for _, diagnosis in sorted(first.items())
    )


def _after_the_end(ends: date | None, as_of: date) -> tuple[NotChecked, ...]:
    """Says why nothing is active on a day after the member died or left: an empty review must not look clean."""
    if ends is None or ends >= as_of:
        return ()
    detail = f"Coverage or life ended on {ends}; no medication counts as taken after it."
    return (NotChecked("member", ends.isoformat(), "ended_before_as_of", detail),)


def _ends(death: date | None, coverage: Iterable[Coverage]) -> date | None:
    """Death, or the last day of a coverage that has ended for good: claims tell nothing after it."""
    spans = list(coverage)
    left = None
    if spans and all(span.effective_to is not None for span in spans):
        left = max(span.effective_to for span in spans if span.effective_to is not None)
    days = [day for day in (death, left) if day is not None]
    return min(days) if days else None
