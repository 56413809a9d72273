"""The rate of completed comprehensive medication reviews (PQA; display and Star measure of Part D), member by member.

A member is in the denominator who was 18 on the first day of the period, met CMS's own criteria within it, was enrolled
60 days or more (the day of enrolling counts, the day of leaving does not) and was not in hospice on any day. A member
of fewer days is in numerator and denominator only if the review was received. Whoever received a review while enrolled
is in the numerator, before or after the criteria were met. The numbers and switches are data by measure year.

`as_of` is the last day looked at. A later day than that of the facts tells what will be if nothing more is done.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from enum import StrEnum

from mtm_shared.values.citation import Citation

from mtm_documents.domain.cms_file.facts import Span


class State(StrEnum):
    """Where a member stands; `missing` is in the denominator without a review."""

    IN_NUMERATOR = "in_numerator"
    MISSING = "missing"
    EXCLUDED = "excluded"


class Reason(StrEnum):
    """Why: the exclusions in the order in which one is named, then the two ways to be in."""

    CONFLICTING_FACTS = "conflicting_facts"
    NOT_REPORTED = "not_reported"
    UNDER_AGE = "under_age"
    NOT_CMS_CRITERIA = "not_cms_criteria"
    AT_RISK_ONLY = "at_risk_only"
    HOSPICE = "hospice"
    TOO_FEW_DAYS = "too_few_days"
    CMR_RECEIVED = "cmr_received"
    NO_CMR = "no_cmr"


@dataclass(frozen=True, slots=True)
class MeasureRules:
    """The measure of one year. `standing` says where it counts: stars, display or none."""

    year: int
    minimum_age: int
    minimum_days: int
    minimum_denominator: int
    at_risk_in_denominator: bool
    exclude_hospice: bool
    opt_out_day_is_enrolled: bool
    standing: str
    citation: Citation
    fingerprint: str

    @property
    def period(self) -> Span:
        """The measurement period: the calendar year."""
        return Span(date(self.year, 1, 1), date(self.year, 12, 31))


@dataclass(frozen=True, slots=True)
class MeasureFacts:
    """What the measure looks at of one member in one contract.

    `no_row` says why the file has no row of the member: whom CMS is not told of, it does not count. `cmr_days` were
    held while enrolled and summarised; `unsent` tells of a consultation whose summary was not sent.
    """

    no_row: Reason | None
    birth_date: date
    criteria_met_on: date | None
    at_risk_only: bool
    enrolled_on: date
    opted_out_on: date | None
    hospice: tuple[Span, ...]
    cmr_days: tuple[date, ...]
    unsent: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a member stands, all reasons that hold, the review that counts, and the day that completes enough days.

    `enters_on` is set for a member of too few days who reaches enough of them within the period.
    `reachable` tells whether a review can still be held: the member is enrolled and the period goes on.
    """

    state: State
    reason: Reason
    also: tuple[Reason, ...]
    days: int
    cmr_on: date | None
    enters_on: date | None
    reachable: bool
    unsent: bool


def standing(facts: MeasureFacts, rules: MeasureRules, as_of: date) -> Standing:
    """Where the member stands at the end of the day."""
    first, last = _enrolled(facts, rules)
    days = max(0, (min(last, as_of) - first).days + 1)
    received = next((day for day in sorted(facts.cmr_days) if rules.period.holds(day) and day <= as_of), None)
    out = _exclusions(facts, rules, as_of)
    short = days < rules.minimum_days and received is None
    if short:
        out = (*out, Reason.TOO_FEW_DAYS)
    if out:
        state, reason = State.EXCLUDED, out[0]
    elif received is not None:
        state, reason = State.IN_NUMERATOR, Reason.CMR_RECEIVED
    else:
        state, reason = State.MISSING, Reason.NO_CMR
    enough = first + timedelta(days=rules.minimum_days - 1)
    enters = enough if out == (Reason.TOO_FEW_DAYS,) and enough <= last else None
    return Standing(state, reason, out[1:], days, received, enters, as_of < last, facts.unsent)


def cmrs_needed(cut_point: Decimal, numerator: int, denominator: int) -> int:
    """How many members of the denominator must still receive a review for the rate to reach the cut point."""
    wanted = (cut_point * denominator).to_integral_value(ROUND_CEILING)
    return max(0, int(wanted) - numerator)


def _enrolled(facts: MeasureFacts, rules: MeasureRules) -> tuple[date, date]:
    """The first and the last day of enrolment within the period."""
    begins, ends = rules.period.first, rules.period.last or rules.period.first
    last = ends
    if facts.opted_out_on is not None:
        left = facts.opted_out_on if rules.opt_out_day_is_enrolled else facts.opted_out_on - timedelta(days=1)
        last = min(ends, left)
    return max(begins, facts.enrolled_on), last


def _exclusions(facts: MeasureFacts, rules: MeasureRules, as_of: date) -> tuple[Reason, ...]:
    met = facts.criteria_met_on
    looked_at = Span(rules.period.first, min(as_of, rules.period.last or as_of))
    holds = {
        Reason.CONFLICTING_FACTS: facts.no_row is Reason.CONFLICTING_FACTS,
        Reason.NOT_REPORTED: facts.no_row is Reason.NOT_REPORTED,
        Reason.UNDER_AGE: _age(facts.birth_date, rules.period.first) < rules.minimum_age,
        Reason.NOT_CMS_CRITERIA: met is None or not looked_at.holds(met),
        Reason.AT_RISK_ONLY: facts.at_risk_only and not rules.at_risk_in_denominator,
        Reason.HOSPICE: rules.exclude_hospice and any(stay.touches(looked_at) for stay in facts.hospice),
    }
    return tuple(reason for reason, held in holds.items() if held)


def _age(birth_date: date, day: date) -> int:
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))
