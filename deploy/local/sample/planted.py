"""Problems that are planted on purpose, and those of the same kinds that came about by themselves.

Each planted problem stands in the truth with the rule that should find it, so that the recall of a review can be
measured. Combinations that arise by chance are told apart, because nobody wrote them in.
"""

from functools import cache

from deploy.local.sample.chance import Draw
from deploy.local.sample.knowledge import PlantedProblem, conditions, problems, rates
from deploy.local.sample.treatment import Course, Event, Setting, compiled, start_course


@cache
def by_condition() -> dict[int, tuple[PlantedProblem, ...]]:
    """The problems of each condition, by its place."""
    places = {one.condition_id: place for place, one in enumerate(conditions())}
    found: dict[int, list[PlantedProblem]] = {}
    for problem in problems():
        found.setdefault(places[problem.condition], []).append(problem)
    return {place: tuple(ones) for place, ones in found.items()}


def plant(found: list[int], courses: list[Course], setting: Setting, draw: Draw, events: list[Event]) -> None:
    """Add courses that should not be there."""
    known = rates()
    taken = {course.drug for course in courses}
    natural = set(taken)
    for condition in found:
        for problem in by_condition().get(condition, ()):
            if problem.with_drug and problem.with_drug not in natural:
                continue
            if problem.adds_drug in natural and not problem.adds_brand:
                if _together(courses, problem):
                    events.append(_event(problem, "problem_by_chance", _first(courses, problem.adds_drug)))
            elif draw() < problem.chance and (problem.adds_drug not in taken or problem.adds_brand):
                course = _added(problem, courses, setting, draw, known)
                if course is not None:
                    taken.add(course.drug)
                    courses.append(course)
                    events.append(_event(problem, "planted_problem", course.start))


def _added(
    problem: PlantedProblem, courses: list[Course], setting: Setting, draw: Draw, known: dict[str, float]
) -> Course | None:
    """A course of the other prescriber at the other pharmacy; for a brand, beside the generic of the same strength."""
    tables = compiled()
    course = start_course(tables.drugs[problem.adds_drug], setting, draw, known, 2)
    if course is None or setting.end - course.start < 30:
        return None
    course.pharmacy = setting.pharmacies[1]
    if course.fills:
        course.fills = 3  # a short course is a problem only if it goes on
    beside = [one for one in courses if one.drug == problem.with_drug]
    if beside:
        # Both must be supplied at once for long enough to be seen: two fills, thirty days.
        last = beside[-1]
        if last.end - last.start < 90:
            return None
        course.start = max(last.start, min(course.start, last.end - 90))
        course.end = max(course.end, min(setting.end, course.start + 90))
    if problem.adds_brand:
        brand = next((tables.twin[one.product] for one in beside if not tables.products[one.product].brand), -1)
        if brand < 0:
            return None
        course.product = brand
    return course


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


def _first(courses: list[Course], drug: str) -> int:
    return min(course.start for course in courses if course.drug == drug)


def _event(problem: PlantedProblem, kind: str, day: int) -> Event:
    added = f"{problem.adds_drug} brand" if problem.adds_brand else problem.adds_drug
    what = f"{problem.with_drug} + {added}" if problem.with_drug else f"{added} in {problem.condition}"
    return kind, problem.problem_id, what, day, f"{problem.screen}:{problem.rule}" if problem.rule else problem.screen
