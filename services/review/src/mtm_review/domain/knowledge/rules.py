"""Rules about drugs: what they speak of, the circumstances in which they speak, and what they say.

Most screens ask the same questions of a drug: is a condition on record, is another drug taken with it, how old is the
member, how much is taken and for how long, what does the laboratory say, and does something except the member. One
shape holds all of them, so that one engine decides them, explains them and prints them (`mtm_review.domain.ruled`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from enum import StrEnum

from mtm_shared.values.citation import Citation

from mtm_review.domain.finding import Screen, Severity


@dataclass(frozen=True, slots=True)
class DrugSet:
    """Ingredients that a rule names together, by RxCUI."""

    set_id: str
    names: Mapping[str, str]


class AsNeeded(StrEnum):
    """What a drug that is taken only as needed means to a rule."""

    COUNTS = ""
    EXCUSED = "excused"


class Release(StrEnum):
    """Which products a rule speaks of, by how they release the drug."""

    ANY = ""
    LONG_ACTING = "long_acting"
    SHORT_ACTING = "short_acting"


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount of a drug a day, in the unit of its strength in lower case: mg, unt (units), meq."""

    value: Decimal
    unit: str

    def __str__(self) -> str:
        return f"{self.value.normalize():f} {self.unit}"


@dataclass(frozen=True, slots=True)
class LabBound:
    """A bound on the latest result of a laboratory test; `below` excludes the value itself, and so does above.

    A range is below its end and not below its start, `least`. `instead` is the test that is read where the first is
    not known (an estimated GFR for a creatinine clearance).
    """

    lab: str
    below: bool
    value: Decimal
    least: Decimal | None = None
    instead: str = ""

    def __str__(self) -> str:
        name = f"{self.lab} or {self.instead}" if self.instead else self.lab
        if self.least is not None:
            return f"{name} {self.least.normalize():f}-{self.value.normalize():f}"
        return f"{name} {'below' if self.below else 'above'} {self.value.normalize():f}"


@dataclass(frozen=True, slots=True)
class Sources:
    """From how many prescribers and, at the same time, pharmacies a set of drugs came in so many last days."""

    prescribers: int
    pharmacies: int
    days: int


_ASKED_WITH_ANOTHER = ("asked", "days_within", "with_routes", "mme_below")


@dataclass(frozen=True, slots=True)
class Circumstances:
    """When a rule speaks, in the order in which it is asked. What is empty is not asked; `asked` names the rest.

    Any of `conditions` must be on record, and another drug of any of `with_drugs` must be taken too (by any of
    `with_routes`), and a third of any of `also_drugs`; with a drug of `without_drugs` a graver rule speaks instead.
    Daily doses are of the rule's own ingredients (`dose_over` excludes the value itself); `days_over`
    counts days on hand without a break, or within the last `days_within` days; `new_within` speaks of drugs that were
    started so many days ago or less.

    `unless_on_file` asks for a product of these drugs alone that was ever dispensed or reported. Of opioids: `mme_from`
    includes its value and `mme_below` does not, in morphine milligram equivalents a day; `naive_days` asks that no drug
    of the set was on hand for so many days before the present course, `first_supply_over` for how long it was first
    dispensed.
    """

    min_age: int = 0
    max_age: int = 0
    sex: str = ""
    not_in_hospice: bool = False
    with_drugs: tuple[str, ...] = ()
    also_drugs: tuple[str, ...] = ()
    without_drugs: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    routes: frozenset[str] = frozenset()
    release: Release = Release.ANY
    as_needed: AsNeeded = AsNeeded.COUNTS
    mme_from: int = 0
    dose_over: Amount | None = None
    dose_under: Amount | None = None
    days_over: int = 0
    new_within: int = 0
    naive_days: int = 0
    first_supply_over: int = 0
    sources: Sources | None = None
    lab: LabBound | None = None
    unless_drugs: tuple[str, ...] = ()
    unless_on_file: tuple[str, ...] = ()
    unless_conditions: tuple[str, ...] = ()
    days_within: int = 0
    with_routes: frozenset[str] = frozenset()
    mme_below: int = 0
    asked: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Note once what is asked, so that a screening need not look at every field of every rule."""
        named = [each.name for each in fields(self) if each.name not in _ASKED_WITH_ANOTHER]
        object.__setattr__(self, "asked", tuple(name for name in named if getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Rule:
    """A drug set, the circumstances in which it is a problem, and what to say of it.

    `together` judges all drugs of the set as one (a total dose); otherwise each drug is judged alone. Conditions are
    named by their ids in the vocabulary.
    """

    rule_id: str
    screen: Screen
    dur_code: str
    drug_set: str
    when: Circumstances
    severity: Severity
    together: bool
    consequence: str
    recommendation: str
    citation: Citation

    @property
    def conditions(self) -> tuple[str, ...]:
        """Every condition that the rule names, those that silence it too."""
        return (*self.when.conditions, *self.when.unless_conditions)

    @property
    def sets(self) -> tuple[str, ...]:
        """Every drug set that the rule names."""
        when = self.when
        others = (*when.with_drugs, *when.also_drugs, *when.without_drugs, *when.unless_drugs, *when.unless_on_file)
        return (self.drug_set, *others)
