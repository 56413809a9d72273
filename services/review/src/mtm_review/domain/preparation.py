"""What a pharmacist asks in the consultation, read from the review as it stands.

The engine prepares behind the scenes what the talk is then about: what the claims do not carry (directions, reasons),
what they leave open (a supply that ran out, a condition that only drugs show), and the findings without a decision.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from mtm_review.domain.finding import Screen
from mtm_review.domain.medication import MedicationStatus, Source
from mtm_review.domain.review import KeptFinding, ListedMedication, Review

ACTIVE = MedicationStatus.ACTIVE.value
_SAID = frozenset({Source.OTC.value, Source.HERBAL.value, Source.SUPPLEMENT.value})


@dataclass(frozen=True, slots=True)
class MedicationQuestion:
    """One thing to ask about a medication, and why."""

    about: str
    medication_id: str
    name: str
    because: str


@dataclass(frozen=True, slots=True)
class ConditionQuestion:
    """A condition to confirm, and why."""

    condition: str
    name: str
    state: str
    because: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """The sheet."""

    medication_questions: tuple[MedicationQuestion, ...]
    condition_questions: tuple[ConditionQuestion, ...]
    findings: tuple[KeptFinding, ...]
    not_asked_yet: tuple[str, ...]


def prepared(review: Review) -> Prepared:
    """What is left to ask and to decide."""
    undecided = [finding for finding in review.findings if finding.decided is None]
    return Prepared(
        medication_questions=tuple(one for line in review.medications for one in _of_line(line, undecided)),
        condition_questions=tuple(_of_conditions(review)),
        findings=tuple(sorted(undecided, key=lambda finding: finding.rank)),
        not_asked_yet=tuple(_not_asked(review)),
    )


def _of_line(line: ListedMedication, undecided: list[KeptFinding]) -> Iterator[MedicationQuestion]:
    def ask(about: str, because: str) -> MedicationQuestion:
        return MedicationQuestion(about, line.medication_id, line.name, because)

    if line.drug is None:
        yield ask("unreadable", "Nobody could tell which drug this is; ask for the label.")
    if line.stated is None and line.status != ACTIVE:
        ran_out = f" on {line.end}" if line.end is not None else ""
        yield ask("still_taking", f"The supply on claims ended{ran_out}; it may be paid for otherwise.")
    if line.status != ACTIVE:
        return
    if line.directions is None:
        yield ask("directions", "Claims do not say how it is taken.")
    if line.reason is None:
        yield ask("reason", "Claims do not say what it is for.")
    for finding in undecided:
        if finding.screen == Screen.ADHERENCE.value and _names(finding, line):
            yield ask("adherence", finding.because)


def _names(finding: KeptFinding, line: ListedMedication) -> bool:
    return any(named.medication_id == line.medication_id for named in finding.medications)


def _of_conditions(review: Review) -> Iterator[ConditionQuestion]:
    told = {condition.code or condition.given for condition in review.patient.conditions}
    for inferred in review.inferred:
        if inferred.condition not in told:
            yield ConditionQuestion(inferred.condition, inferred.name, "inferred", inferred.because)
    for condition in review.patient.conditions:
        if condition.denied:
            code = condition.code or condition.given
            because = "It is on record and was denied; its findings are silenced."
            yield ConditionQuestion(code, condition.given, "denied", because)


def _not_asked(review: Review) -> Iterator[str]:
    if all(line.source not in _SAID for line in review.medications):
        yield "otc_herbal_supplements"
    if not review.patient.allergies:
        yield "allergies"
    if not review.patient.labs:
        yield "labs"
