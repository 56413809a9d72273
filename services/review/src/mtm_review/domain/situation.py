"""Everything that a screen looks at, worked out once for all of them.

A screen is a pure function from a situation to what it saw (`Seen`): findings, what was suppressed and why, and what it
could not tell for want of a fact.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from operator import attrgetter

from mtm_review.domain.courses import Course
from mtm_review.domain.dosing import DailyDose, Unknown
from mtm_review.domain.finding import Adherence, Finding, NotChecked, Suppressed
from mtm_review.domain.held import Held, Inferred, held_conditions
from mtm_review.domain.inference import inferred_from
from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.knowledge.labs import LabTest
from mtm_review.domain.medication import Medication
from mtm_review.domain.opioids import DEFAULT_FACTORS, OpioidTotal, opioid_total
from mtm_review.domain.patient import Lab, Patient
from mtm_review.domain.regimen import Exposure, Regimen, build_regimen

_by_name = attrgetter("given", "reaction")
_latest = attrgetter("on", "value", "unit", "code")
HOSPICE = "hospice"
HOSPICE_CONDITION = "hospice_or_palliative_care"


@dataclass(slots=True)
class Seen:
    """What one screen saw; `adherence` are the days covered of each class that it measured."""

    findings: list[Finding] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    not_checked: list[NotChecked] = field(default_factory=list)
    adherence: list[Adherence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Situation:
    """A member on a day: who, what is taken, what is on record and what the laboratory said.

    `active` are the exposures that are active on the day, by ingredient; `labs` the latest usable result of each test;
    `opioid` the morphine equivalents of the opioids on hand, None where there is none; `inferred` what the drugs
    show that nobody reported. `in_use` are the active courses of each ingredient of `active`; `doses` are the daily
    doses that were asked for so far (`dose_now`).
    """

    as_of: date
    day: int
    age: int
    patient: Patient
    regimen: Regimen
    held: Held
    knowledge: Knowledge
    active: Mapping[str, tuple[Exposure, ...]]
    labs: Mapping[str, Lab]
    in_hospice: bool
    opioid: OpioidTotal | None = None
    inferred: tuple[Inferred, ...] = ()
    in_use: Mapping[str, tuple[Course, ...]] = field(default_factory=dict)
    doses: dict[tuple[object, ...], DailyDose | Unknown] = field(default_factory=dict, compare=False, repr=False)

    def taken(self, set_id: str) -> list[Exposure]:
        """The active exposures to ingredients of a drug set, in the order of the regimen."""
        names = self.knowledge.drug_sets[set_id].names
        return [exposure for rxcui, found in self.active.items() if rxcui in names for exposure in found]

    def takes(self, set_id: str) -> bool:
        """True when an ingredient of the set is taken."""
        return not self.active.keys().isdisjoint(self.knowledge.drug_sets[set_id].names)


def situation_of(
    patient: Patient,
    medications: Sequence[Medication],
    as_of: date,
    knowledge: Knowledge,
    mme_factors: str = DEFAULT_FACTORS,
) -> Situation:
    """The member's situation on the day by this knowledge, opioids counted by the named factors."""
    if len(patient.allergies) > 1:  # of several that fit a drug the first is told, in whatever order they came
        patient = replace(patient, allergies=tuple(sorted(patient.allergies, key=_by_name)))
    regimen = build_regimen(medications, as_of, patient.stays, patient.ends)
    active: dict[str, tuple[Exposure, ...]] = {}
    for exposure in regimen.exposures:
        if exposure.active:
            rxcui = exposure.ingredient.rxcui
            active[rxcui] = (*active.get(rxcui, ()), exposure)
    held = held_conditions(patient.conditions, as_of, knowledge.conditions)
    inferred = inferred_from(active, held, knowledge)
    if inferred:
        held = held.with_inferred(inferred)
    return Situation(
        as_of=as_of,
        day=as_of.toordinal(),
        age=patient.age_on(as_of),
        patient=patient,
        regimen=regimen,
        held=held,
        knowledge=knowledge,
        active=active,
        labs=latest_labs(patient.labs, as_of, knowledge.labs) if patient.labs else {},
        inferred=inferred,
        in_hospice=held.has(HOSPICE_CONDITION) or _staying(patient, HOSPICE, as_of),
        opioid=opioid_total(active, knowledge.opioids, mme_factors, as_of.toordinal()),
        in_use={rxcui: _in_use(exposures) for rxcui, exposures in active.items()},
    )


def _in_use(exposures: tuple[Exposure, ...]) -> tuple[Course, ...]:
    if len(exposures) == 1 and len(exposures[0].courses) == 1:
        return exposures[0].courses
    return tuple([course for exposure in exposures for course in exposure.courses if course.active])


def _staying(patient: Patient, kind: str, as_of: date) -> bool:
    return any(
        stay.kind == kind and stay.start <= as_of and (stay.end is None or stay.end >= as_of) for stay in patient.stays
    )


def latest_labs(labs: Iterable[Lab], as_of: date, tests: Mapping[str, LabTest]) -> dict[str, Lab]:
    """The latest result of each known test that is plausible and not too old to rely on."""
    found: dict[str, Lab] = {}
    for test in tests.values():
        usable = [lab for lab in labs if lab_problem(lab, as_of, test) == ""]
        if usable:
            found[test.lab_id] = max(usable, key=_latest)
    return found


def lab_problem(lab: Lab, as_of: date, test: LabTest) -> str:
    """Empty when the result is one of this test and can be used, else a code that says why not."""
    if lab.code != test.lab_id and lab.code not in test.codes:
        return "another_test"
    if lab.on > as_of:
        return "after_as_of"
    if lab.on < as_of - timedelta(days=test.valid_days):
        return "too_old"
    return "" if test.lowest <= lab.value <= test.highest else "implausible_value"
