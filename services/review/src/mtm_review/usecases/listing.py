"""Between the reconciled list of a review and the medications that a screening reads.

A profile's fills become one line per product (ingredients, strength, form, brand and route), because a brand beside
its generic and two strengths at once are exactly what a review must see; refills of one product are one line.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from mtm_shared.contracts.member import ProfileFill

from mtm_review.domain.directions import dose_and_frequency
from mtm_review.domain.medication import NOT_TOLD, Medication, MedicationStatus, Source, Supply
from mtm_review.domain.patient import Patient
from mtm_review.domain.regimen import Course, build_regimen
from mtm_review.domain.review import ListedMedication, Review
from mtm_review.domain.routes import route_of
from mtm_review.domain.taking import Taking, taking
from mtm_review.usecases.display import display_name
from mtm_review.usecases.ports import Expertise, Understands
from mtm_review.usecases.understanding import Understood, understand

ACTIVE, STOPPED = MedicationStatus.ACTIVE.value, MedicationStatus.STOPPED.value


def lines_of_fills(
    fills: Iterable[ProfileFill], vocabulary: Understands, prescribers: Mapping[str, str]
) -> tuple[ListedMedication, ...]:
    """One line per product, in order of name; `prescribers` are names by NPI, and nothing is invented."""
    grouped: defaultdict[tuple[str, ...], list[tuple[ProfileFill, Understood]]] = defaultdict(list)
    for fill in fills:
        understood = understand(vocabulary, fill.ndc, fill.rxcui, fill.drug_name)
        grouped[_product(fill, understood)].append((fill, understood))
    lines = [_line(group, prescribers) for group in grouped.values()]
    lines.sort(key=lambda line: (line.name.lower(), line.start or date.min, line.ndc or "", line.rxcui or ""))
    return tuple(replace(line, medication_id=f"m{number}") for number, line in enumerate(lines, 1))


def _product(fill: ProfileFill, understood: Understood) -> tuple[str, ...]:
    drug = understood.drug
    if drug is None:
        return ("", fill.ndc or "", fill.rxcui or "", (fill.drug_name or "").lower())
    return (drug.key, drug.strength or "", drug.dose_form or "", drug.brand or "", route_of(drug))


def _line(group: list[tuple[ProfileFill, Understood]], prescribers: Mapping[str, str]) -> ListedMedication:
    group.sort(key=lambda pair: (pair[0].fill_date, pair[0].claim_id))
    latest, understood = group[-1]
    given = latest.drug_name or latest.ndc or latest.rxcui or ""
    npi = latest.prescriber_npi or ""
    return ListedMedication(
        medication_id="",
        name=display_name(understood.drug, given),
        status=ACTIVE,
        source=Source.CLAIM.value,
        ndc=latest.ndc,
        rxcui=latest.rxcui,
        given=latest.drug_name,
        drug=understood.drug,
        problem=understood.problem,
        problem_detail=understood.detail,
        start=group[0][0].fill_date,
        last_fill=latest.fill_date,
        fills=tuple(_supply(fill) for fill, _ in group),
        prescriber=prescribers.get(npi),
        prescriber_npi=npi,
    )


def _supply(fill: ProfileFill) -> Supply:
    return Supply(
        fill_date=fill.fill_date,
        days_supply=fill.days_supply,
        prescriber_npi=fill.prescriber_npi or "",
        pharmacy_npi=fill.pharmacy_npi or "",
        claim_id=fill.claim_id,
        quantity=fill.quantity or NOT_TOLD,
        cost=fill.total_cost or NOT_TOLD,
    )


def understood_again(line: ListedMedication, vocabulary: Understands) -> ListedMedication:
    """The line by today's dictionary: a list that is screened again is read by one dictionary, not by two."""
    understood = understand(vocabulary, line.ndc, line.rxcui, line.given)
    given = line.given or line.ndc or line.rxcui or ""
    return replace(
        line,
        name=display_name(understood.drug, given),
        drug=understood.drug,
        problem=understood.problem,
        problem_detail=understood.detail,
    )


def as_screened(line: ListedMedication) -> Medication:
    """The medication that a screening reads from a line; what the member said of it goes before its supply."""
    dose, frequency = dose_and_frequency(line.directions or "")
    return Medication(
        medication_id=line.medication_id,
        drug=line.drug,
        given=line.given or line.ndc or line.rxcui or line.name,
        status=MedicationStatus(line.stated or ACTIVE),
        start=line.start,
        end=line.end if line.stated == STOPPED else None,
        fills=line.fills,
        dose=dose,
        frequency=frequency,
        as_needed=line.as_needed,
        indication=line.reason or "",
        prescriber_npi=line.prescriber_npi,
        source=Source(line.source),
        problem=line.problem,
        problem_detail=line.problem_detail,
    )


def taking_of(review: Review, expertise: Expertise) -> Taking:
    """The regimen of a kept review as it stands, read by today's dictionary."""
    lines = [understood_again(line, expertise.vocabulary) for line in review.medications]
    medications = [as_screened(line) for line in lines]
    return taking(review.patient, medications, review.as_of, expertise.knowledge)


def as_said(line: ListedMedication, status: str) -> ListedMedication:
    """The line with the status that the member or a prescriber stated.

    Claims that ran out are believed to have ended. When the member still takes the drug (a cash price, a sample), the
    line is read as reported from then on, because its fills no longer tell.
    """
    if status == ACTIVE and line.status == STOPPED and line.source == Source.CLAIM.value:
        return replace(line, stated=ACTIVE, status=ACTIVE, source=Source.REPORTED.value, fills=(), end=None)
    return replace(line, stated=status, status=status)


def with_status(lines: Sequence[ListedMedication], patient: Patient, as_of: date) -> tuple[ListedMedication, ...]:
    """The lines with the status that the supply shows on the day, and the last day on hand of those that ended."""
    claims = [as_screened(line) for line in lines if _told_by_supply(line)]
    regimen = build_regimen(claims, as_of, patient.stays, patient.ends)
    courses: defaultdict[str, list[Course]] = defaultdict(list)
    for course in regimen.courses:
        for medication in course.medications:
            courses[medication.medication_id].append(course)
    return tuple(_with_supply(line, courses.get(line.medication_id, [])) for line in lines)


def _told_by_supply(line: ListedMedication) -> bool:
    return line.source == Source.CLAIM.value and line.stated is None and bool(line.fills)


def _with_supply(line: ListedMedication, courses: list[Course]) -> ListedMedication:
    if line.stated is not None:
        return replace(line, status=line.stated)
    if not courses or any(course.active for course in courses):
        return replace(line, status=ACTIVE, end=None)
    return replace(line, status=STOPPED, end=max(date.fromordinal(course.last) for course in courses))
