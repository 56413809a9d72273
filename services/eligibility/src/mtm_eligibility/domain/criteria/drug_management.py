"""At-risk members: does the member have an active coverage limitation under a drug management programme?

42 CFR 423.153(d)(2)(ii) targets at-risk beneficiaries as 423.100 defines them, which CMS reads as those with an
active coverage limitation on the day. At-risk status is made by the sponsor's own determination and notice
(423.153(f)); how a member of whom nothing was told is read is therefore the programme's to say.
"""

from datetime import date

from mtm_shared.values.outcome import Outcome

from mtm_eligibility.domain.determination import Criterion, CriterionName, NotChecked
from mtm_eligibility.domain.facts import DrugManagement
from mtm_eligibility.domain.program import DrugManagementPathway, ScoreWeights, WhenNotTold

IS = "is"
NOT_TOLD = NotChecked("drug_management", "", "missing_fact", "No drug management status was given for the member.")


def drug_management(
    spans: tuple[DrugManagement, ...] | None, pathway: DrugManagementPathway, score: ScoreWeights, as_of: date
) -> Criterion:
    """Met with an at-risk span whose coverage limitation holds on the day."""
    active = [span for span in spans or () if span.at_risk and span.active_on(as_of)]
    limited = [span for span in active if span.coverage_limitation]
    outcome = Outcome.MET if limited else Outcome.NOT_MET
    if spans is None and pathway.when_not_told.value is WhenNotTold.CANNOT_TELL:
        outcome = Outcome.CANNOT_TELL
    return Criterion(
        criterion=CriterionName.DRUG_MANAGEMENT,
        outcome=outcome,
        observed=_observed(spans, active, limited),
        required="at_risk_with_active_limitation",
        comparison=IS,
        unit="status",
        because=_because(spans, active, limited, outcome, as_of),
        evidence=tuple(sorted(_evidence(span) for span in spans or ())),
        citation=pathway.targets_at_risk.citation,
        nearness=1.0 if limited else score.at_risk_without_limitation / 100 if active else 0.0,
    )


def _observed(
    spans: tuple[DrugManagement, ...] | None, active: list[DrugManagement], limited: list[DrugManagement]
) -> str:
    if spans is None:
        return "not_told"
    if limited:
        return "at_risk_with_active_limitation"
    return "at_risk_without_active_limitation" if active else "not_at_risk"


def _because(
    spans: tuple[DrugManagement, ...] | None,
    active: list[DrugManagement],
    limited: list[DrugManagement],
    outcome: Outcome,
    as_of: date,
) -> str:
    if spans is None:
        if outcome is Outcome.CANNOT_TELL:
            return "Nothing was told of the member's status under a drug management programme."
        return "No at-risk determination was given; the sponsor makes it itself, so none given is read as none made."
    if limited:
        return f"The member is at risk, with a coverage limitation active on {as_of}."
    if active:
        return f"The member is at risk, but no coverage limitation is active on {as_of}."
    if spans:
        return f"No at-risk status of the member is active on {as_of}."
    return "The member is not in a drug management programme."


def _evidence(span: DrugManagement) -> str:
    until = f" to {span.effective_to}" if span.effective_to else " on"
    status = "at risk" if span.at_risk else "not at risk"
    limitation = "with a coverage limitation" if span.coverage_limitation else "without a coverage limitation"
    return f"{status}, {limitation}, from {span.effective_from}{until}"
