"""A programme of one plan year as data: its tests, its services, whom to call, and the source of every value.

Plans differ within bounds that CMS sets each year (42 CFR 423.153(d)(2)): the bounds are checked where a programme
file is loaded, the tests read nothing but what stands here. Each value is `Cited`, so that an answer can say where a
requirement comes from and how sure of it we are (ARCHITECTURE.md, law 4).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from mtm_shared.values.citation import Citation, Status

from mtm_eligibility.domain.cited import Cited as Cited
from mtm_eligibility.domain.facts import PlanType
from mtm_eligibility.domain.outreach_plan import OutreachPlan


class CountBy(StrEnum):
    """Whether asthma and COPD are one respiratory disease or two conditions."""

    CORE_CATEGORY = "core_category"
    CONDITION = "condition"


class EvidenceRule(StrEnum):
    """How much evidence makes a condition: one claim, or the Chronic Conditions Warehouse rule."""

    SINGLE_CLAIM = "single_claim"
    CCW = "ccw"


class DrugUniverse(StrEnum):
    """Which covered drugs count."""

    PART_D = "part_d"
    PART_D_MAINTENANCE = "part_d_maintenance"


class WindowKind(StrEnum):
    """Whether drugs are counted over the last so many days or over the plan year to date."""

    TRAILING_DAYS = "trailing_days"
    PLAN_YEAR = "plan_year"


class Comparison(StrEnum):
    """Whether a figure that equals the requirement meets it."""

    AT_LEAST = "at_least"
    MORE_THAN = "more_than"


class CostMethod(StrEnum):
    """How costs so far become the likely cost of a year."""

    ANNUALISED_TO_DATE = "annualised_to_date"
    QUARTER_RUN_RATE = "quarter_run_rate"
    TRAILING_TWELVE_MONTHS = "trailing_twelve_months"
    SUPPLY_RUN_RATE = "supply_run_rate"


class WhenNotTold(StrEnum):
    """How a member of whom no drug management status was given is read."""

    NOT_MET = "not_met"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class CountedCondition:
    """A condition of the programme's list; `core_category` is None for one that is not a CMS core disease."""

    condition_id: str
    name: str
    core_category: str | None
    plan_types: frozenset[PlanType]
    citation: Citation


@dataclass(frozen=True, slots=True)
class EvidencePolicy:
    """What diagnoses must show. The counts and the days apart matter to the `ccw` rule only."""

    rule: Cited[EvidenceRule]
    institutional_claims: Cited[int]
    other_claims: Cited[int]
    days_apart: Cited[int]
    look_back_days: Cited[int]


@dataclass(frozen=True, slots=True)
class ChronicConditions:
    """The disease test. `units` says, for a plan type, what each condition counts as."""

    minimum: Cited[int]
    count_by: Cited[CountBy]
    evidence: EvidencePolicy
    conditions: tuple[CountedCondition, ...]
    units: Mapping[PlanType, Mapping[str, str]] = field(init=False, repr=False, compare=False)
    names: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_core = self.count_by.value is CountBy.CORE_CATEGORY
        units = {
            plan_type: MappingProxyType(
                {
                    condition.condition_id: (condition.core_category if by_core else None) or condition.condition_id
                    for condition in self.conditions
                    if plan_type in condition.plan_types
                }
            )
            for plan_type in PlanType
        }
        names = {condition.condition_id: condition.name for condition in self.conditions}
        object.__setattr__(self, "units", MappingProxyType(units))
        object.__setattr__(self, "names", MappingProxyType(names))


@dataclass(frozen=True, slots=True)
class PartDDrugs:
    """The drug test. `window_days` matters to a window of trailing days only."""

    minimum: Cited[int]
    universe: Cited[DrugUniverse]
    window: Cited[WindowKind]
    window_days: Cited[int]


@dataclass(frozen=True, slots=True)
class AnnualCost:
    """The cost test. `minimum_days` is the shortest coverage that is projected; dollars are exact to the cent."""

    threshold: Cited[Decimal]
    comparison: Cited[Comparison]
    universe: Cited[DrugUniverse]
    method: Cited[CostMethod]
    minimum_days: Cited[int]
    running_grace_days: Cited[int]


@dataclass(frozen=True, slots=True)
class DrugManagementPathway:
    """Whether at-risk members are targeted beside the three tests (42 CFR 423.153(d)(2)(ii))."""

    targets_at_risk: Cited[bool]
    when_not_told: Cited[WhenNotTold]


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """How the three tests share the 100 points of the score, and what at-risk without a limitation is worth."""

    chronic_conditions: int
    part_d_drugs: int
    annual_cost: int
    at_risk_without_limitation: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class PriorityComponent:
    """Points for each instance of something, up to a most."""

    each: int
    at_most: int


@dataclass(frozen=True, slots=True)
class PriorityWeights:
    """In what order eligible members are reached; the parts together give at most 100."""

    at_risk: PriorityComponent
    extra_drug: PriorityComponent
    extra_condition: PriorityComponent
    tenth_over_threshold: PriorityComponent
    recent_stay: PriorityComponent
    high_alert_drug: PriorityComponent
    extra_prescriber: PriorityComponent
    recent_stay_days: int
    expected_prescribers: int
    citation: Citation


@dataclass(frozen=True, slots=True)
class ContactChannel:
    """One way to reach the programme; `purpose` is `opt_out`, `questions` or `scheduling`."""

    kind: str
    value: str
    purpose: str
    hours: str
    hours_es: str
    tty: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom a member calls, and the numbers that a member may be called from."""

    organization: str
    administrator: str
    channels: tuple[ContactChannel, ...]
    caller_ids: tuple[str, ...]
    website: str | None
    citation: Citation

    def for_purpose(self, purpose: str) -> tuple[ContactChannel, ...]:
        """The channels that serve a purpose, in the order of the file."""
        return tuple(channel for channel in self.channels if channel.purpose == purpose)


@dataclass(frozen=True, slots=True)
class OptOut:
    """How a member leaves: which of the contact channels take it, and whether a permanent wish is kept."""

    channels: Cited[tuple[str, ...]]
    permanent_is_honoured: Cited[bool]


@dataclass(frozen=True, slots=True)
class CallBackIdentity:
    """What a member who calls back is asked for; `pin_digits` is 0 where the programme leaves no PIN."""

    uses_pin: Cited[bool]
    pin_digits: Cited[int]
    also_asks: Cited[tuple[str, ...]]


class ReviewMeeting(StrEnum):
    """How the programme holds a comprehensive review; `pharmacy`: in person at the member's local pharmacy."""

    PHONE = "phone"
    IN_PERSON = "in_person"
    TELEHEALTH = "telehealth"
    PHARMACY = "pharmacy"


@dataclass(frozen=True, slots=True)
class Services:
    """What a targeted member is owed, and by when."""

    targeting_every_days: Cited[int]
    cmr_offer_within_days: Cited[int]
    cmr_every_days: Cited[int]
    cmr_minutes: Cited[int]
    cmr_held_by: Cited[tuple[ReviewMeeting, ...]]
    summary_within_days: Cited[int]
    summary_edition: Cited[str]
    tmr_every_days: Cited[int]
    safe_disposal_required: Cited[bool]
    warn_days: Cited[int]


@dataclass(frozen=True, slots=True)
class Wording:
    """Names and facts that a letter prints."""

    plan_name: Cited[str]
    program_name: Cited[str]
    cost_to_member: Cited[str]
    is_a_benefit: Cited[bool]
    health_facts_for_program_only: Cited[bool]


@dataclass(frozen=True, slots=True)
class Program:
    """One programme of one plan year."""

    program_id: str
    name: str
    plan_year: int
    status: Status
    citation: Citation
    plan_types: Cited[frozenset[PlanType]]
    chronic_conditions: ChronicConditions
    part_d_drugs: PartDDrugs
    annual_cost: AnnualCost
    drug_management: DrugManagementPathway
    score: ScoreWeights
    priority: PriorityWeights
    services: Services
    contact: Contact
    opt_out: OptOut
    identity: CallBackIdentity
    outreach: OutreachPlan
    wording: Wording
