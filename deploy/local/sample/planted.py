"""Problems that are planted on purpose, and those of the same kinds that came about by themselves.

Each planted problem stands in the truth with the rule that should find it, so that the recall of a review can be
measured. Combinations that arise by chance are told apart, because nobody wrote them in.
"""

from functools import cache

from deploy.local.sample.chance import Draw
from deploy.local.sample.knowledge import PlantedProblem, conditions, problems, rates
from deploy.local.sample.treatment import Course, Event, Setting, compiled, start_course

LONG_ENOUGH = 75  # days that both drugs are taken at least: two or three fills


@cache
def by_condition() -> dict[int, tuple[PlantedProblem, ...]]:
    """The problems of each condition, by its place."""
    places = {one.condition_id: place for place, one in enumerate(conditions())}
    found: dict[int, list[PlantedProblem]] = {}
    for problem in problems():
        found.setdefault(places[problem.condition], []).append(problem)
    return {place: tuple(ones) for place, ones in found.items()}


def plant(
    found: list[int], courses: list[Course], setting: Setting, draw: Draw, events: list[Event], *, only_told: bool
) -> None:
    """Add courses that should not be there, and tell of those that came about; with `only_told`, add nothing."""
    concerned = [problem for condition in found for problem in by_condition().get(condition, ())]
    if not concerned:
        return
    planted: set[str] = set()
    if not only_told:
        known = rates()
        taken = {course.drug for course in courses}
        natural = set(taken)
        for problem in concerned:
            if draw() < problem.chance and _can_be(problem, natural, taken) and not _protected(problem, courses):
                course = _added(problem, courses, setting, draw, known)
                if course is not None:
                    taken.add(course.drug)
                    planted.add(problem.problem_id)
                    courses.append(course)
                    events.append(_event(problem, "planted_problem", course.start, course.end))
    _tell_of_others(concerned, planted, courses, events)


def _can_be(problem: PlantedProblem, natural: set[str], taken: set[str]) -> bool:
    if problem.with_drug and problem.with_drug not in natural:
        return False
    return problem.adds_brand or problem.adds_drug not in taken


def _tell_of_others(
    concerned: list[PlantedProblem], planted: set[str], courses: list[Course], events: list[Event]
) -> None:
    taken = {course.drug for course in courses}
    for problem in concerned:
        if problem.problem_id in planted or problem.adds_brand or problem.adds_drug not in taken:
            continue
        if not _protected(problem, courses) and _together(courses, problem):
            days = [(one.start, one.end) for one in courses if one.drug == problem.adds_drug]
            events.append(_event(problem, "problem_by_chance", min(days)[0], max(end for _, end in days)))


def evidence_of(events: list[Event]) -> dict[int, str]:
    """The conditions of planted problems, which claims must show, with the code that they must show ("": any)."""
    found: dict[int, str] = {}
    for event in events:
        if event.kind == "planted_problem":
            place, problem = _named()[event.name]
            found[place] = problem.icd10 or found.get(place, "")
    return found


@cache
def _named() -> dict[str, tuple[int, PlantedProblem]]:
    return {one.problem_id: (place, one) for place, ones in by_condition().items() for one in ones}


def _added(
    problem: PlantedProblem, courses: list[Course], setting: Setting, draw: Draw, known: dict[str, float]
) -> Course | None:
    """A course of the other prescriber at the other pharmacy; for a brand, beside the generic of the same strength.

    It goes on, regularly and to the end, and so does what it stands beside: otherwise nobody could say later whether a
    review that does not report it has missed it.
    """
    tables = compiled()
    added = tables.drugs[problem.adds_drug]
    course = start_course(added, setting, draw, known, 2)
    if course is None or not added.suits(setting):
        return None
    beside = [one for one in courses if one.drug == problem.with_drug and one.end == setting.end]
    if problem.with_drug and (not beside or beside[0].start > setting.end - LONG_ENOUGH):
        return None
    if problem.adds_brand:
        course.product = tables.twin[beside[0].product]
        if course.product < 0 or not tables.products[course.product].brand:
            return None
    first = max((one.start for one in beside), default=setting.start)
    course.start = max(first, min(course.start, setting.end - LONG_ENOUGH))
    course.end, course.fills, course.pharmacy = setting.end, 0, setting.pharmacies[1]
    if setting.end - course.start < LONG_ENOUGH:
        return None
    for one in (course, *beside):
        one.regular = True
        if one.use in ("as_needed", "short"):
            one.use, one.fills, one.supply = "controlled", 0, 30
    return course


def _protected(problem: PlantedProblem, courses: list[Course]) -> bool:
    """Whether another drug makes it no problem, as a proton-pump inhibitor does for an NSAID after an ulcer."""
    products = compiled().products
    return bool(problem.unless) and any(problem.unless in products[one.product].classes for one in courses)


def _together(courses: list[Course], problem: PlantedProblem) -> bool:
    """Whether both drugs are taken for thirty days at once; a switch is no problem."""
    if not problem.with_drug:
        return True
    spans = [(one.drug, one.start, one.end) for one in courses if one.drug in (problem.with_drug, problem.adds_drug)]
    return any(
        one != other and min(end, last) - max(start, first) >= 30
        for place, (one, start, end) in enumerate(spans)
        for other, first, last in spans[place + 1 :]
    )


def _event(problem: PlantedProblem, kind: str, day: int, until: int) -> Event:
    added = f"{problem.adds_drug} brand" if problem.adds_brand else problem.adds_drug
    what = f"{problem.with_drug} + {added}" if problem.with_drug else f"{added} in {problem.condition}"
    rule = f"{problem.screen}.{problem.rule}" if problem.rule else problem.screen
    return Event(kind, problem.problem_id, what, day, until, rule)
