"""Two drugs that do each other harm: one raises the other's level, or both do the same damage (reason code DD).

A rule names the drugs of either side, and by what route, dose or condition the pair becomes a problem. One finding for
each rule over all drugs of either side: a member on three drugs that prolong the QT interval has one problem, not
three. Which side a drug stands on changes neither the finding nor its id. Duplicates of one class belong to the screen
of duplicate therapy, an opioid with another sedative to that of opioid safety.
"""

from collections.abc import Iterable, Sequence

from mtm_review.domain.courses import Course
from mtm_review.domain.finding import Finding, Screen
from mtm_review.domain.gates import Use, others, thirds
from mtm_review.domain.knowledge import Rule
from mtm_review.domain.screens.drug_rules import finding_on, sorted_out
from mtm_review.domain.situation import Seen, Situation
from mtm_review.domain.wording import distinct, in_series, short_name


def screen_drug_drug(situation: Situation) -> Seen:
    """Findings and suppressions for the drugs that are active on the day."""
    fired, seen = sorted_out(situation, Screen.DRUG_DRUG)
    by_rule: dict[str, list[tuple[Rule, Use]]] = {}
    for rule, use in fired:
        by_rule.setdefault(rule.rule_id, []).append((rule, use))
    seen.findings.extend(_finding(found[0][0], [use for _, use in found], situation) for found in by_rule.values())
    return seen


def _finding(rule: Rule, uses: Sequence[Use], situation: Situation) -> Finding:
    """One finding over every drug of the rule's own side, the drugs taken with them, and a third where one is asked."""
    own = _in_order(course for use in uses for course in use.courses if _counts(rule, course))
    second = _in_order(course for use in uses for course in others(rule, use, situation))
    third = thirds(rule, situation)
    left = {id(course) for course in own}
    partners = [course for course in _in_order([*second, *third]) if id(course) not in left]
    condition = _condition(rule, situation)
    return finding_on(
        rule,
        Use(tuple(own), frozenset().union(*(use.rxcuis for use in uses))),
        situation,
        _because(own, partners, second, situation.knowledge.conditions.get(condition[0], "")),
        others=partners,
        condition=condition[1],
        subject=condition[0],
    )


def _counts(rule: Rule, course: Course) -> bool:
    return not rule.when.routes or course.route in rule.when.routes


def _in_order(courses: Iterable[Course]) -> list[Course]:
    each = {id(course): course for course in courses}
    if len(each) == 1:
        return list(each.values())
    return sorted(each.values(), key=lambda course: (short_name(course.drug), course.medications[0].medication_id))


def _because(own: Sequence[Course], partners: Sequence[Course], second: Sequence[Course], condition: str) -> str:
    """`X together with Y`; drugs that stand on both sides are told as one list, in whatever order they came."""
    left, right = _names(own), _names(partners)
    both = {id(course) for course in own} & {id(course) for course in second}
    together = (
        f"{in_series(distinct([*left, *right]))} together"
        if both
        else (f"{in_series(left)} together with {in_series(right)}" if right else in_series(left))
    )
    return f"The member takes {together}{f' and has {condition}' if condition else ''}."


def _names(courses: Sequence[Course]) -> list[str]:
    return distinct(short_name(course.drug) for course in courses)


def _condition(rule: Rule, situation: Situation) -> tuple[str, str | None]:
    """The first condition of the rule that the member has, with the code that showed it."""
    for name in rule.when.conditions:
        if given := sorted(c.given for c in situation.held.by_id.get(name, ()) if not c.denied):
            return name, given[0]
    return "", None
