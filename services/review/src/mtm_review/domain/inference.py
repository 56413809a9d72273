"""Conditions that the drugs taken show, where none is on record: by a whitelist, never from age or sex.

Claims carry no indication, and a member whose diagnosis is missing would otherwise pass every check on it. What is
inferred is a question to the member: it is told with its reason, counts less than what was reported, and is silent as
soon as somebody reported or denied the condition.
"""

from collections.abc import Iterator, Mapping, Sequence

from mtm_review.domain.courses import Course
from mtm_review.domain.finding import Confidence
from mtm_review.domain.held import Held, Inferred
from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.knowledge.inference import Inference
from mtm_review.domain.regimen import Exposure
from mtm_review.domain.wording import distinct, in_series, short_name

Active = Mapping[str, tuple[Exposure, ...]]

_SUREST = (Confidence.INFERRED_HIGH, Confidence.INFERRED_LOW)


def inferred_from(active: Active, held: Held, knowledge: Knowledge) -> tuple[Inferred, ...]:
    """Each condition that the active drugs show and that nobody reported or denied, the surest first."""
    index = knowledge.inference.by_ingredient
    asked = {each.inference_id: each for rxcui in index.keys() & active.keys() for each in index[rxcui]}
    shown: dict[str, list[tuple[Inference, list[Course]]]] = {}
    for _, each in sorted(asked.items()):
        courses = list(_courses(each, active, held))
        if courses:
            shown.setdefault(each.condition, []).append((each, courses))
    found = [_inferred(evidence, knowledge) for evidence in shown.values()]
    return tuple(sorted(found, key=lambda one: (_SUREST.index(one.confidence), one.condition)))


def _courses(each: Inference, active: Active, held: Held) -> Iterator[Course]:
    """The active courses that show the condition; none where it was answered or something else explains them."""
    taken = active.keys()
    if held.answered(each.condition) or any(held.denied(name) for name in each.shows):
        return
    if each.with_drugs and taken.isdisjoint(each.with_drugs):
        return
    if not taken.isdisjoint(each.unless_drugs) or any(held.has(name) for name in each.unless_conditions):
        return
    for rxcui in sorted((each.drugs | each.with_drugs) & taken):
        for exposure in active[rxcui]:
            for course in exposure.courses:
                if course.active and (not each.routes or course.route in each.routes):
                    yield course


def _inferred(evidence: Sequence[tuple[Inference, list[Course]]], knowledge: Knowledge) -> Inferred:
    condition = evidence[0][0].condition
    confidence = min((each.confidence for each, _ in evidence), key=_SUREST.index)
    courses = {id(course): course for _, courses in evidence for course in courses}
    drugs = distinct(short_name(course.drug) for course in courses.values())
    name = knowledge.conditions[condition]
    because = f"The member seems to have {name}, because {in_series(drugs)} {'is' if len(drugs) == 1 else 'are'} taken."
    shows = frozenset(name for each, _ in evidence for name in each.shows)
    return Inferred(condition, name, confidence, because, tuple(courses.values()), shows)
