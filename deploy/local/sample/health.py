"""What a member has and takes: conditions that cluster, lines of treatment, changes, and planted problems."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import exp, log
from random import Random

from deploy.local.sample.knowledge import (
    SampleCondition,
    SampleDrug,
    changes,
    conditions,
    drugs,
    problems,
    regimens,
)

AS_NEEDED = frozenset(
    {"hydrocodone_apap", "tramadol_50", "oxycodone_5", "alprazolam_025", "lorazepam_05", "albuterol_hfa"}
)
SHORT_SUPPLY = frozenset({"hydrocodone_apap", "tramadol_50", "oxycodone_5", "cyclobenzaprine_10", "zolpidem_5"})
NEW_START = 0.10


@dataclass(frozen=True, slots=True)
class Course:
    """One drug from one prescriber, from a first fill to a last day."""

    drug: SampleDrug
    prescriber: int
    starts: date
    ends: date
    supply: int
    as_needed: bool = False


def conditions_of(sex: str, random: Random) -> tuple[SampleCondition, ...]:
    """Independent draws, all moved by one hidden burden, so that illnesses come together as they do in people."""
    burden = random.gauss(0, 1)
    found = []
    for condition in conditions():
        share = condition.female if sex == "female" else condition.male
        if share <= 0:
            continue
        moved = log(share / (1 - share)) + condition.burden * burden
        if random.random() < 1 / (1 + exp(-moved)):
            found.append(condition)
    return tuple(found)


def _course(drug_id: str, prescriber: int, start: date, end: date, random: Random) -> Course:
    drug = drugs()[drug_id]
    long_supply = not drug.brand and drug_id not in SHORT_SUPPLY and random.random() < 0.62
    if random.random() < NEW_START:
        start += timedelta(days=random.randint(120, 330))
    else:
        start += timedelta(days=random.randint(0, 80 if long_supply else 28))
    return Course(drug, prescriber, start, end, 90 if long_supply else 30, drug_id in AS_NEEDED)


def _changed(course: Course, random: Random) -> tuple[Course, ...]:
    """The course as it was, or cut by a change and followed by what came after."""
    for change in changes().get(course.drug.drug_id, ()):
        if random.random() >= change.chance:
            continue
        day = course.starts + timedelta(days=random.randint(90, 240))
        after = drugs()[change.to_drug]
        if day >= course.ends:
            return (course,)
        later = replace(course, drug=after, starts=day, supply=30 if after.brand else course.supply)
        return replace(course, ends=day - timedelta(days=1)), later
    return (course,)


def courses_of(
    found: tuple[SampleCondition, ...], start: date, end: date, prescribers: tuple[int, ...], random: Random
) -> tuple[Course, ...]:
    """Everything that is prescribed for these conditions between two days. The first prescriber writes most of it."""
    taken: set[str] = set()
    courses: list[Course] = []
    for condition in found:
        for line in regimens().get(condition.condition_id, ()):
            chosen = _choose(line_chances=tuple((choice.drug_id, choice.chance) for choice in line), random=random)
            if chosen is None or drugs()[chosen].ingredients in {drugs()[drug].ingredients for drug in taken}:
                continue
            if _same_kind(chosen) & {kind for drug in taken for kind in _same_kind(drug)}:
                continue
            taken.add(chosen)
            prescriber = prescribers[0] if random.random() < 0.7 else random.choice(prescribers)
            courses.extend(_changed(_course(chosen, prescriber, start, end, random), random))
    courses.extend(_planted(found, start, end, prescribers, taken, random))
    return tuple(courses)


def _choose(line_chances: tuple[tuple[str, float], ...], random: Random) -> str | None:
    draw = random.random()
    for drug_id, chance in line_chances:
        if draw < chance:
            return drug_id
        draw -= chance
    return None


def _same_kind(drug_id: str) -> set[str]:
    """Kinds of which a careful prescriber gives one; the planted problems are the exceptions."""
    kinds = {
        "statin": ("atorvastatin", "rosuvastatin", "simvastatin", "pravastatin"),
        "beta_blocker": ("metoprolol", "carvedilol"),
        "serotonin": ("sertraline", "escitalopram", "citalopram", "duloxetine"),
        "gabapentinoid": ("gabapentin", "pregabalin"),
        "acid": ("omeprazole", "pantoprazole"),
        "flozin": ("empagliflozin", "dapagliflozin"),
        "benzodiazepine": ("alprazolam", "lorazepam"),
        "muscarinic": ("tiotropium", "umeclidinium"),
        "raas": ("lisinopril", "losartan", "valsartan", "sacubitril"),
    }
    return {kind for kind, members in kinds.items() if drug_id.startswith(members)}


def _planted(
    found: tuple[SampleCondition, ...],
    start: date,
    end: date,
    prescribers: tuple[int, ...],
    taken: set[str],
    random: Random,
) -> list[Course]:
    has = {condition.condition_id for condition in found}
    courses = []
    for problem in problems():
        if problem.condition_id not in has or random.random() >= problem.chance or problem.drug_id in taken:
            continue
        course = _course(problem.drug_id, prescribers[-1], start, end, random)
        courses.append(course)
    return courses
