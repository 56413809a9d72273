"""The steps of a rule of duplicate therapy in words, for a pharmacist who asks why it did or did not fire."""

from collections.abc import Sequence

from mtm_review.domain.knowledge import DuplicateClass, DuplicateKnowledge
from mtm_review.domain.regimen import Exposure
from mtm_review.domain.ruled import Step
from mtm_review.domain.screens.duplicate_wording import SAME_INGREDIENT, Rule, because_of, name_of
from mtm_review.domain.screens.overlap import CONTINUAL_DAYS, RECENT_DAYS, Use, Verdict, recent
from mtm_review.domain.situation import Situation
from mtm_review.domain.wording import distinct, in_series, sentence

_APART = "Two of them are taken together, and nothing explains it."


def rule_of(knowledge: DuplicateKnowledge, rule_id: str) -> Rule:
    """The general rule or the class of this id; a KeyError where there is none."""
    general = knowledge.general.get(rule_id)
    return general if general is not None else knowledge.classes[rule_id.removeprefix("duplicate_therapy.")]


def pair_step(rule: Rule, left: Use, right: Use, verdict: Verdict) -> Step:
    """What became of two drugs under the rule."""
    names = in_series(distinct((name_of(left), name_of(right))))
    if verdict.silent:
        return Step("pair", _APART, "stopped", f"{names}: {verdict.why}")
    if verdict.reason is not None:
        return Step(verdict.reason.value, _APART, "stopped", because_of(left, right, verdict))
    days = f"{verdict.days} days together, tier {verdict.tier} ({CONTINUAL_DAYS} make tier 1)"
    return Step("pair", _APART, "passed", f"{names}: {days}. {verdict.why}".rstrip())


def settled_step(left: Use, right: Use, rule: Rule) -> Step:
    """Two drugs that a more specific rule has spoken of."""
    names = in_series(distinct((name_of(left), name_of(right))))
    return Step("narrower", "No more specific rule speaks of them.", "stopped", f"{names}: settled by {rule.name}.")


def ordered(rule: Rule, steps: Sequence[Step], situation: Situation) -> list[Step]:
    """The steps with what fired last, after the question that they all passed."""
    rest = sorted(steps, key=lambda step: step.step == "finding")
    there = "There are."
    if isinstance(rule, DuplicateClass):
        known = [e for e in situation.regimen.exposures if _speaks_of(rule, e, situation) and _recent(e, situation)]
        there = sentence(f"{in_series(distinct(exposure.ingredient.name for exposure in known))}.")
    return [Step("drug", _asks(rule), "passed", there), *rest]


def never_compared(rule: Rule, situation: Situation) -> list[Step]:
    """Why no two drugs of the rule came to be compared."""
    known = [exposure for exposure in situation.regimen.exposures if _speaks_of(rule, exposure, situation)]
    late = [exposure for exposure in known if not _recent(exposure, situation)]
    taken = distinct(e.ingredient.name for e in known if e not in late)
    ended = distinct(e.ingredient.name for e in late)
    because = f"Only {in_series(taken)} is on the list." if taken else "None of them is on the list."
    if not isinstance(rule, DuplicateClass):
        because = "No drug on the list shares it with another."
    if ended and isinstance(rule, DuplicateClass):
        because += f" {sentence(in_series(ended))} ended more than {RECENT_DAYS} days ago."
    return [Step("drug", _asks(rule), "stopped", because)]


def _recent(exposure: Exposure, situation: Situation) -> bool:
    return any(recent(course, situation.day) for course in exposure.courses)


def _speaks_of(rule: Rule, exposure: Exposure, situation: Situation) -> bool:
    classes = situation.knowledge.duplicates.classes_by_ingredient.get(exposure.ingredient.rxcui, ())
    return not isinstance(rule, DuplicateClass) or rule in classes


def _asks(rule: Rule) -> str:
    if isinstance(rule, DuplicateClass):
        return f"Two or more {rule.name} are on the list."
    shared = "ingredient by one route" if rule.rule_id == SAME_INGREDIENT else "drug in another form"
    return f"Two or more products hold the same {shared}."
