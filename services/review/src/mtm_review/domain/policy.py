"""A sponsor's policy: which findings its pharmacists do not want to see, why, who answers for it and until when.

A plan may find that an alert does not change care in its population: its cardiology clinics combine two drugs on
purpose, its pharmacists can act on eight findings and not on twelve. Hidden alerts can also harm, so that a policy is
a value that names two people, a reason and a last day for each of its entries, ends by itself, and can never hide a
contraindicated finding (`mtm_review.domain.policed` decides). What it hides stays readable as suppressed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from mtm_review.domain.finding import Finding, PolicyState, Screen, Severity
from mtm_review.domain.knowledge import DuplicateKnowledge

GRAVEST_FIRST = tuple(Severity)
_PLACE = {severity: place for place, severity in enumerate(GRAVEST_FIRST)}


@dataclass(frozen=True, slots=True)
class Terms:
    """Why an entry is there, who answers for it, and the last day on which it acts."""

    reason: str
    author: str
    second_approver: str
    expires_on: date


@dataclass(frozen=True, slots=True)
class Target:
    """The findings of a whole screen or of one rule."""

    screen: Screen | None = None
    rule_id: str = ""

    def holds(self, finding: Finding) -> bool:
        """True when the finding is one of them."""
        return finding.rule_id == self.rule_id if self.rule_id else finding.screen is self.screen


@dataclass(frozen=True, slots=True)
class Off:
    """Hides every finding of a screen or a rule."""

    target: Target
    terms: Terms

    def hides(self, finding: Finding) -> bool:
        """True when the finding is to be hidden."""
        return self.target.holds(finding)


@dataclass(frozen=True, slots=True)
class Exempt:
    """Hides findings of a screen or a rule that speak of just these drugs, each given by its ingredients' RxCUIs.

    Each must be in the finding once (of a drug set: one drug of it), and every medication of the finding must hold one
    of them: a third drug makes it another problem. One drug alone does not reach its combination products, whose other
    ingredient may be the problem.
    """

    drugs: tuple[frozenset[str], ...]
    target: Target
    terms: Terms

    def hides(self, finding: Finding) -> bool:
        """True when the finding is to be hidden."""
        if not self.target.holds(finding):
            return False
        held = [
            frozenset(ingredient.rxcui for ingredient in medication.drug.ingredients)
            for medication in finding.medications
            if medication.drug is not None
        ]
        whole = frozenset[str]().union(*held)
        if any(len(whole & drug) != 1 for drug in self.drugs):
            return False
        if len(self.drugs) == 1:
            return whole <= self.drugs[0]
        return all(any(ingredients & drug for drug in self.drugs) for ingredients in held)


@dataclass(frozen=True, slots=True)
class Minimum:
    """Hides findings of a screen that are milder than `severity` or of a less certain tier than `tier`."""

    screen: Screen
    severity: Severity
    tier: int
    terms: Terms

    def hides(self, finding: Finding) -> bool:
        """True when the finding is to be hidden; one that is contraindicated is never too mild."""
        if finding.screen is not self.screen or finding.severity is Severity.CONTRAINDICATED:
            return False
        return _PLACE[finding.severity] > _PLACE[self.severity] or finding.tier > self.tier


@dataclass(frozen=True, slots=True)
class Lowered:
    """Shows findings of a rule one step milder, never milder than `to`; contraindicated ones stay as they are."""

    rule_id: str
    to: Severity
    terms: Terms

    def lowered(self, finding: Finding) -> Finding:
        """The finding as the policy shows it."""
        place = _PLACE[finding.severity]
        if finding.severity is Severity.CONTRAINDICATED or place >= _PLACE[self.to]:
            return finding
        return finding._replace(severity=GRAVEST_FIRST[place + 1])


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many drugs of a class of duplicate therapy the sponsor allows at a time."""

    class_id: str
    rule_id: str
    allowance: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Limit:
    """How many findings are shown where the caller does not say."""

    max_findings: int
    terms: Terms


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy as loaded; `terms` are the file's own and the default of its entries, their reason its note.

    `version` is the author's with the start of the document's fingerprint, so that no change goes unnoticed.
    `duplicates` is the knowledge of duplicates with the allowances in force, by the last day on which they all are.
    """

    policy_id: str
    sponsor: str
    title: str
    version: str
    terms: Terms
    effective_from: date
    programs: frozenset[str] = frozenset()
    contracts: frozenset[str] = frozenset()
    hiders: tuple[Off | Exempt | Minimum, ...] = ()
    lowered: Mapping[str, Lowered] = field(default_factory=dict)
    allowances: tuple[Allowance, ...] = ()
    limit: Limit | None = None
    duplicates: tuple[tuple[date, DuplicateKnowledge], ...] = ()

    @property
    def name(self) -> str:
        """Which policy, in which version: what answers keep."""
        return f"{self.policy_id}@{self.version}"

    @property
    def entries(self) -> tuple[Terms, ...]:
        """The terms of every entry."""
        listed = (*self.hiders, *self.lowered.values(), *self.allowances)
        limit = () if self.limit is None else (self.limit.terms,)
        return (*(entry.terms for entry in listed), *limit)

    def state_on(self, day: date) -> PolicyState:
        """Whether it acts on the day."""
        if day < self.effective_from:
            return PolicyState.NOT_YET
        return PolicyState.ACTIVE if day <= self.terms.expires_on else PolicyState.EXPIRED

    def duplicates_on(self, day: date) -> DuplicateKnowledge | None:
        """The knowledge of duplicates with the allowances that are in force; None where none is."""
        return next((knowledge for last, knowledge in self.duplicates if day <= last), None)

    def scopes(self) -> frozenset[tuple[str, str]]:
        """The pairs of contract and programme that it is for; an empty one means any."""
        return frozenset(
            (contract, program) for contract in self.contracts or {""} for program in self.programs or {""}
        )


def with_allowances(
    knowledge: DuplicateKnowledge, allowances: tuple[Allowance, ...]
) -> tuple[tuple[date, DuplicateKnowledge], ...]:
    """What `Policy.duplicates` holds: one knowledge for each day on which an allowance ends."""
    return tuple(
        (last, knowledge.allowing({a.class_id: a.allowance for a in allowances if a.terms.expires_on >= last}))
        for last in sorted({allowance.terms.expires_on for allowance in allowances})
    )
