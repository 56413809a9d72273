"""Likely annual cost: are the member's covered Part D drugs likely to cost what the programme asks for?

42 CFR 423.153(d)(2)(i)(C). Cost is ingredient cost, dispensing fee, sales tax and vaccine administration fee, the
plan's and the member's share together, of events with drug coverage status `C`. Such an event is a cost whether or
not its drug is understood. An unknown drug can still decide the test where maintenance drugs alone count, or where
they are projected to go on; then the test cannot tell. Costs already over the threshold meet it whatever the
projection says.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from mtm_shared.values.money import CENT, in_words
from mtm_shared.values.outcome import Outcome

from mtm_eligibility.domain.criteria.cost_methods import METHODS, Projection, Spending
from mtm_eligibility.domain.criteria.counting import counted, listed
from mtm_eligibility.domain.determination import Criterion, CriterionName
from mtm_eligibility.domain.facts import Coverage
from mtm_eligibility.domain.periods import Periods, covered_days
from mtm_eligibility.domain.program import AnnualCost, Comparison, DrugUniverse
from mtm_eligibility.domain.taking import NOTHING, Taken, Takings, counts_in

_WORDS = {Comparison.AT_LEAST: "at least", Comparison.MORE_THAN: "more than"}


def annual_cost(takings: Takings, coverage: Sequence[Coverage], test: AnnualCost, periods: Periods) -> Criterion:
    """Project the covered cost of the year and compare it with the threshold, to the cent."""
    everything = test.universe.value is DrugUniverse.PART_D
    drugs = [taken for taken in takings.understood if everything or counts_in(test.universe.value, taken)]
    with_unknown = [*drugs, *takings.unknown]
    certain = _spending(with_unknown if everything else drugs, takings, coverage, test, periods)
    project = METHODS[test.method.value]
    projection = project(certain)
    outcome = _outcome(certain, projection, test)
    unknown: Sequence[Taken] = ()
    if takings.unknown and outcome is Outcome.NOT_MET:
        possible = replace(_spending(with_unknown, takings, coverage, test, periods), unknown_may_run=True)
        if _outcome(possible, project(possible), test) is Outcome.MET:
            outcome, unknown = Outcome.CANNOT_TELL, takings.unknown
    figure = _figure(certain, projection, test)
    return Criterion(
        criterion=CriterionName.ANNUAL_COST,
        outcome=outcome,
        observed=f"{figure.quantize(CENT)}",
        required=f"{test.threshold.value.quantize(CENT)}",
        comparison=test.comparison.value.value,
        unit=test.threshold.unit,
        because=_because(certain, projection, test, outcome, unknown),
        evidence=_evidence(certain, projection, takings if everything else None),
        citation=test.threshold.citation,
        nearness=_nearness(figure, test),
    )


def _spending(
    drugs: Sequence[Taken], takings: Takings, coverage: Sequence[Coverage], test: AnnualCost, periods: Periods
) -> Spending:
    since = min(periods.twelve_months_from, periods.year_start)
    return Spending(
        drugs=drugs,
        year_to_date=sum((taken.cost_to_date for taken in drugs), NOTHING),
        fills_to_date=sum(taken.fills_to_date for taken in drugs),
        days_of_year=covered_days(coverage, takings.first_fill_of_year, periods.year_start, periods.as_of),
        days_of_twelve_months=covered_days(coverage, takings.first_fill, since, periods.as_of),
        grace_days=test.running_grace_days.value,
        periods=periods,
    )


def _reaches(amount: Decimal, test: AnnualCost) -> bool:
    if test.comparison.value is Comparison.MORE_THAN:
        return amount > test.threshold.value
    return amount >= test.threshold.value


def _outcome(spending: Spending, projection: Projection, test: AnnualCost) -> Outcome:
    if _reaches(spending.year_to_date, test):
        return Outcome.MET
    if projection.days_seen < test.minimum_days.value:
        return Outcome.CANNOT_TELL
    return Outcome.MET if _reaches(projection.amount, test) else Outcome.NOT_MET


def _figure(spending: Spending, projection: Projection, test: AnnualCost) -> Decimal:
    """What is compared: the projection, unless it rests on too little or less than what is spent already."""
    if projection.days_seen < test.minimum_days.value or _reaches(spending.year_to_date, test):
        return spending.year_to_date
    return projection.amount


def _because(
    spending: Spending, projection: Projection, test: AnnualCost, outcome: Outcome, unknown: Sequence[Taken]
) -> str:
    required = f"{_WORDS[test.comparison.value]} {in_words(test.threshold.value)} is required"
    if _reaches(spending.year_to_date, test):
        return f"Covered costs of the year are {in_words(spending.year_to_date)} already; {required}."
    if unknown:
        return (
            f"Covered costs come to {in_words(projection.amount)} for the year, and {_given(unknown)} could not be "
            f"understood and may bring them over what is required; {required}."
        )
    if outcome is Outcome.CANNOT_TELL:
        return (
            f"{counted(projection.days_seen, 'covered day')} {'is' if projection.days_seen == 1 else 'are'} too few to "
            f"project a year from (at least {test.minimum_days.value} are needed), and covered costs so far are "
            f"{in_words(spending.year_to_date)}."
        )
    return f"Covered costs come to {in_words(projection.amount)} for the year; {required}."


def _evidence(spending: Spending, projection: Projection, unknown_of: Takings | None) -> tuple[str, ...]:
    evidence = [
        f"{counted(spending.fills_to_date, 'covered fill')} since {spending.periods.year_start}: "
        f"{in_words(spending.year_to_date)}",
        f"seen: {projection.saw}",
        f"assumed: {projection.assumed}",
    ]
    if unknown_of is not None and unknown_of.unknown:
        cost = sum((taken.cost_to_date for taken in unknown_of.unknown), NOTHING)
        evidence.append(
            f"{in_words(cost)} of the year is for {_given(unknown_of.unknown)}, not understood as a drug; an event "
            "with coverage status C is a covered cost all the same"
        )
    return tuple(evidence)


def _nearness(figure: Decimal, test: AnnualCost) -> float:
    return max(0.0, min(1.0, float(figure / test.threshold.value)))


def _given(unknown: Sequence[Taken]) -> str:
    return listed(taken.given for taken in unknown)
