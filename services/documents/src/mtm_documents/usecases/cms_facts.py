"""Between what the other services tell, what a report keeps of it, and what the domain decides on."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from mtm_shared.contracts.member import Stay
from mtm_shared.contracts.reporting import EnrollmentActivity, EnrollmentFacts

from mtm_documents.domain.cmr_measure import MeasureFacts, Reason
from mtm_documents.domain.cms_file.building import Reject
from mtm_documents.domain.cms_file.elements import counted
from mtm_documents.domain.cms_file.facts import NOTHING_SENT, Cmr, Facts, Sent, Span, Work

_CONFLICTS = frozenset({Reject.CONFLICTING_ENROLLMENTS, Reject.SHARED_MBI})


def kept_facts(facts: EnrollmentFacts) -> dict[str, Any]:
    """What eligibility tells, without the enrolment's history."""
    return facts.model_dump(mode="json", by_alias=True, exclude={"enrollment": {"events"}})


def kept_work(activity: EnrollmentActivity) -> dict[str, Any]:
    """What review tells."""
    return activity.model_dump(mode="json")


def kept_sent(sent: Sent) -> dict[str, Any]:
    """What was sent."""
    on = sent.safe_disposal_on
    return {
        "safe_disposal_on": on.isoformat() if on else None,
        "summaries": {review_id: day.isoformat() for review_id, day in sent.summaries.items()},
    }


def facts_of(row: Mapping[Any, Any]) -> Facts:
    """The domain's facts of an enrolment as it was kept."""
    told = EnrollmentFacts.model_validate({**row["facts"], "enrollment": {**row["facts"]["enrollment"], "events": []}})
    enrollment = told.enrollment
    return Facts(
        enrollment_id=enrollment.enrollment_id,
        member_id=enrollment.member_id,
        program_id=enrollment.program_id,
        contract_id=enrollment.contract_id,
        mbi=told.mbi,
        first_name=told.first_name,
        middle_initial=told.middle_initial,
        last_name=told.last_name,
        birth_date=told.birth_date,
        death_date=told.death_date,
        pathway=enrollment.pathway,
        criteria_met_on=told.criteria_met_on,
        enrolled_on=enrollment.enrolled_on,
        has_left=enrollment.status != "enrolled",
        opted_out_on=enrollment.opted_out_on,
        opt_out_reason=enrollment.opt_out_reason,
        cmr_offered_on=enrollment.cmr_offered_on,
        covered=tuple(
            Span(each.effective_from, each.effective_to)
            for each in told.coverage
            if each.contract_id == enrollment.contract_id
        ),
        hospice=_spans(told.hospice),
        facility=_spans(told.facility),
        work=_work(row["work"]),
        sent=_sent(row["sent"]),
    )


def measure_facts(facts: Facts, reject: Reject | None, period: Span) -> dict[str, Any]:
    """What the measure looks at, as it is kept with the member's row."""
    it = counted(facts, "", period)
    no_row = None
    if reject is not None:
        no_row = Reason.CONFLICTING_FACTS if reject in _CONFLICTS else Reason.NOT_REPORTED
    return {
        "no_row": no_row,
        "birth_date": facts.birth_date.isoformat(),
        "criteria_met_on": _iso(facts.criteria_met_on),
        "at_risk_only": facts.pathway == "at_risk",
        "enrolled_on": facts.enrolled_on.isoformat(),
        "opted_out_on": _iso(facts.opted_out_on),
        "hospice": [[stay.first.isoformat(), _iso(stay.last)] for stay in facts.hospice],
        "cmr_days": [cmr.held_on.isoformat() for cmr in it.cmrs],
        "unsent": len(it.cmrs) < len(it.held),
    }


def measured(kept: Mapping[str, Any]) -> MeasureFacts:
    """What the measure looks at, read back."""
    return MeasureFacts(
        no_row=Reason(kept["no_row"]) if kept["no_row"] else None,
        birth_date=date.fromisoformat(kept["birth_date"]),
        criteria_met_on=_day(kept["criteria_met_on"]),
        at_risk_only=kept["at_risk_only"],
        enrolled_on=date.fromisoformat(kept["enrolled_on"]),
        opted_out_on=_day(kept["opted_out_on"]),
        hospice=tuple(Span(date.fromisoformat(first), _day(last)) for first, last in kept["hospice"]),
        cmr_days=tuple(date.fromisoformat(day) for day in kept["cmr_days"]),
        unsent=kept["unsent"],
    )


def _work(kept: Mapping[str, Any] | None) -> Work:
    if kept is None:
        return Work()
    told = EnrollmentActivity.model_validate(kept)
    cmrs = (
        Cmr(each.review_id, each.held_on, each.method, each.recipient, each.provider_type, each.cognitively_impaired)
        for each in told.cmrs
    )
    return Work(tuple(cmrs), tuple(each.done_on for each in told.tmrs), told.recommendations, told.resolutions)


def _sent(kept: Mapping[str, Any] | None) -> Sent:
    if kept is None:
        return NOTHING_SENT
    summaries = {review_id: date.fromisoformat(day) for review_id, day in kept["summaries"].items()}
    return Sent(_day(kept["safe_disposal_on"]), summaries)


def _spans(stays: Iterable[Stay]) -> tuple[Span, ...]:
    return tuple(Span(stay.from_, stay.to) for stay in stays)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
