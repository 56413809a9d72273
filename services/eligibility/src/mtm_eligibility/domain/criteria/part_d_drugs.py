"""Multiple Part D drugs: does the member take as many covered drugs as the programme asks for?

42 CFR 423.153(d)(2)(i)(B): a sponsor may require at most eight; from 2025 every Part D maintenance drug counts, and
a sponsor may count all Part D drugs. Drugs are counted, not claims and not NDCs. A covered event whose drug could not
be understood may be one drug more, or one that is already counted: where that decides, the test cannot tell.
"""

from collections.abc import Sequence

from mtm_shared.values.outcome import Outcome

from mtm_eligibility.domain.criteria.counting import between, count_outcome, listed, share
from mtm_eligibility.domain.determination import Criterion, CriterionName
from mtm_eligibility.domain.periods import Periods
from mtm_eligibility.domain.program import Comparison, DrugUniverse, PartDDrugs
from mtm_eligibility.domain.taking import Taken, Takings, counts_in

_KIND = {DrugUniverse.PART_D: "Part D drug", DrugUniverse.PART_D_MAINTENANCE: "Part D maintenance drug"}


def part_d_drugs(takings: Takings, test: PartDDrugs, periods: Periods) -> Criterion:
    """Count the distinct drugs of the programme's universe that were filled in its window."""
    universe = test.universe.value
    counted = [taken for taken in takings.understood if taken.in_window and counts_in(universe, taken)]
    unknown = [taken for taken in takings.unknown if taken.in_window]
    minimum = test.minimum.value
    outcome = count_outcome(len(counted), len(unknown), minimum)
    return Criterion(
        criterion=CriterionName.PART_D_DRUGS,
        outcome=outcome,
        observed=str(len(counted)),
        required=str(minimum),
        comparison=Comparison.AT_LEAST.value,
        unit=test.minimum.unit,
        because=_because(len(counted), unknown, test, periods, outcome),
        evidence=tuple(sorted(_evidence(taken) for taken in counted)),
        citation=test.minimum.citation,
        nearness=share(len(counted), minimum),
    )


def _because(count: int, unknown: list[Taken], test: PartDDrugs, periods: Periods, outcome: Outcome) -> str:
    kind = _KIND[test.universe.value]
    minimum = test.minimum.value
    seen = f"{count} {kind}{'' if count == 1 else 's'} filled {between(periods.drugs_from, periods.as_of)}"
    if outcome is Outcome.CANNOT_TELL:
        return f"{seen}, and {_given(unknown)} could not be understood and may bring them to the {minimum} required."
    return f"{seen}; at least {minimum} are required."


def _evidence(taken: Taken) -> str:
    last = taken.last
    claim = f" (claim {last.claim_id})" if last.claim_id else ""
    return f"{taken.name}: last filled {last.fill_date.isoformat()}{claim}"


def _given(unknown: Sequence[Taken]) -> str:
    return listed(taken.given for taken in unknown)
