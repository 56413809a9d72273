"""What a run over a regimen has seen, and how judged pairs become findings.

Pairs that share a drug are one finding, if they are more than the class allows. A run that is watched for one rule also
tells its steps, which is how a pharmacist's "why not?" is answered by the code that decides.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from mtm_review.domain.finding import Finding, Severity, Suppressed
from mtm_review.domain.knowledge import DuplicateClass, DuplicateKnowledge
from mtm_review.domain.regimen import Exposure
from mtm_review.domain.ruled import Step
from mtm_review.domain.screens.duplicate_steps import pair_step, settled_step
from mtm_review.domain.screens.duplicate_wording import (
    SAME_FAMILY,
    Judged,
    Rule,
    bounded,
    finding_of,
    severity_step,
    suppressed_of,
)
from mtm_review.domain.screens.overlap import Use, Verdict
from mtm_review.domain.situation import Situation
from mtm_review.domain.wording import distinct, in_series, short_name

WEIGHT = {Severity.CONTRAINDICATED: 4, Severity.MAJOR: 3, Severity.MODERATE: 2, Severity.MINOR: 1}


@dataclass(slots=True)
class Run:
    """What one run has seen: uses by place, courses by pharmacy, settled pairs, products already reported together.

    `watched` is the rule whose steps are told; empty when nobody asks.
    """

    situation: Situation
    exposures: list[Exposure]
    uses: list[Use]
    watched: str = ""
    split: dict[int, list[Use]] = field(default_factory=dict)
    settled: dict[tuple[int, int], Rule] = field(default_factory=dict)
    reported: dict[frozenset[int], tuple[int, Rule]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    suppressed: list[Suppressed] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    @property
    def knowledge(self) -> DuplicateKnowledge:
        """What the screen knows."""
        return self.situation.knowledge.duplicates

    def shared(self, rxcuis: Collection[str]) -> list[DuplicateClass]:
        """The classes that hold all of the ingredients; those of drugs that only share an indication do not count."""
        of = self.knowledge.classes_by_ingredient
        return [
            duplicate
            for duplicate in of.get(min(rxcuis), ())
            if not duplicate.by_indication and all(duplicate in of.get(rxcui, ()) for rxcui in rxcuis)
        ]

    def tell(self, rule: Rule, left: Use, right: Use, verdict: Verdict) -> None:
        """Note what became of a pair, if the rule is watched."""
        if rule.rule_id == self.watched:
            self.steps.append(pair_step(rule, left, right, verdict))

    def tell_settled(self, rule: Rule, one: int, other: int) -> None:
        """Note that a more specific rule has settled a pair, if the rule is watched."""
        if rule.rule_id == self.watched:
            self.steps.append(settled_step(self.uses[one], self.uses[other], self.settled[one, other]))

    def tell_end(self, rule: Rule, step: Step) -> None:
        """Note what became of drugs that duplicate each other, if the rule is watched."""
        if rule.rule_id == self.watched:
            self.steps.append(step)


def report(run: Run, rule: Rule, judged: list[Judged], exposure: Exposure | None = None) -> None:
    """Suppressions one by one; findings once for each group of drugs that duplicate one another."""
    for left, right, verdict in judged:
        if verdict.reason is not None:
            run.suppressed.append(suppressed_of(rule, left, right, verdict))
    hits = [item for item in judged if item[2].reason is None]
    for group in _groups(hits):
        uses = list({id(use): use for left, right, _ in group for use in (left, right)}.values())
        allowance = rule.allowance if isinstance(rule, DuplicateClass) else 1
        asks = f"More than {allowance} at a time."
        if len(uses) <= allowance:
            run.tell_end(rule, Step("allowance", asks, "stopped", f"{_names(uses)} are no more than the class allows."))
            continue
        finding = finding_of(rule, uses, group, exposure.ingredient.name if exposure else "")
        if exposure is not None or rule.rule_id == SAME_FAMILY:
            finding = finding._replace(severity=_same_drug_severity(run, exposure, group, finding))
        before = _told_before(run, uses, finding.severity)
        if before is not None:
            because = f"{_names(uses)} were already reported together under {before.name}."
            run.tell_end(rule, Step("told_before", "Not reported already as gravely.", "stopped", because))
            continue
        run.reported[_products(uses)] = (WEIGHT[finding.severity], rule)
        run.findings.append(finding)
        run.tell_end(rule, Step("finding", "Every step is met.", "passed", f"The rule fires on {_names(uses)}."))


def _same_drug_severity(run: Run, exposure: Exposure | None, group: Sequence[Judged], finding: Finding) -> Severity:
    """One step up in a high-risk class; one down where one prescriber makes up a dose from two strengths.

    No graver than the classes of the drug, because two supplies of an antihistamine do no more harm than two
    antihistamines; forms of one drug are as grave as two drugs of their class.
    """
    shared = run.shared(_rxcuis(run, exposure, group))
    severity = finding.severity
    if any(duplicate.high_risk for duplicate in shared):
        return severity_step(severity, -1)
    if exposure is None:
        return max((duplicate.severity for duplicate in shared), key=WEIGHT.__getitem__, default=severity)
    if _one_dose(group):
        severity = severity_step(severity, 1)
    return bounded([duplicate.severity for duplicate in shared], severity) if shared else severity


def _rxcuis(run: Run, exposure: Exposure | None, group: Sequence[Judged]) -> set[str]:
    if exposure is not None:
        return {exposure.ingredient.rxcui}
    ends = {id(use) for left, right, _ in group for use in (left, right)}
    return {each.ingredient.rxcui for each, use in zip(run.exposures, run.uses, strict=True) if id(use) in ends}


def _one_dose(group: Sequence[Judged]) -> bool:
    """True for one drug from one prescriber."""
    one_drug = len({course.key for left, right, _ in group for u in (left, right) for course in u.courses}) == 1
    return one_drug and all(left.prescribers & right.prescribers for left, right, _ in group)


def _told_before(run: Run, uses: Sequence[Use], severity: Severity) -> Rule | None:
    """The rule that these products were already reported under for as grave a reason, if any."""
    products, weight = _products(uses), WEIGHT[severity]
    for known, (known_weight, rule) in run.reported.items():
        if products <= known and weight <= known_weight:
            return rule
    return None


def _products(uses: Sequence[Use]) -> frozenset[int]:
    return frozenset(id(course) for use in uses for course in use.courses)


def _names(uses: Sequence[Use]) -> str:
    return in_series(distinct(short_name(course.drug) for use in uses for course in use.courses))


def _groups(hits: list[Judged]) -> list[list[Judged]]:
    """Judged pairs joined where they share a use, in the order in which they came."""
    groups: list[tuple[set[int], list[Judged]]] = []
    for item in hits:
        ends = {id(item[0].courses[0]), id(item[1].courses[0])}
        touching = [group for group in groups if group[0] & ends]
        joined = (ends.union(*(g[0] for g in touching)), [i for g in touching for i in g[1]] + [item])
        groups = [group for group in groups if group not in touching] + [joined]
    return [items for _, items in groups]
