"""Decisions of the domain as the wire says them, built without validation: the domain leaves nothing to check."""

from collections.abc import Iterable, Mapping
from typing import Any

from mtm_shared.contracts import common as wire
from mtm_shared.contracts import eligibility as contract
from mtm_shared.values.citation import Citation

from mtm_eligibility.domain import determination as domain
from mtm_eligibility.domain.program import Program


def citation(value: Citation) -> wire.Citation:
    """A citation."""
    return wire.Citation.model_construct(source=value.source, status=value.status.value, note=value.note)


def _criterion(value: domain.Criterion) -> contract.Criterion:
    return contract.Criterion.model_construct(
        criterion=value.criterion.value,
        outcome=value.outcome.value,
        observed=value.observed,
        required=value.required,
        comparison=value.comparison,
        unit=value.unit,
        because=value.because,
        evidence=list(value.evidence),
        citation=citation(value.citation),
    )


def _left_out(values: Iterable[domain.NotCounted | domain.NotChecked]) -> list[wire.NotChecked]:
    return [
        wire.NotChecked.model_construct(what=value.what, value=value.value, code=value.code, detail=value.detail)
        for value in values
    ]


def made_by(program: Program, fingerprint: str, versions: Mapping[str, str], as_of: Any) -> wire.MadeBy:
    """What made a determination."""
    return wire.MadeBy.model_construct(
        program_id=program.program_id,
        rules_fingerprint=fingerprint,
        vocabulary_version=versions["vocabulary"],
        knowledge_version=None,
        service_version=versions["service"],
        as_of=as_of,
    )


def determination(value: domain.Determination, made: wire.MadeBy, **ids: str | None) -> contract.Determination:
    """A determination; `ids` are those of the determination and the enrolment, where it is kept."""
    return contract.Determination.model_construct(
        determination_id=ids.get("determination_id"),
        member_id=value.member_id,
        program_id=value.program_id,
        as_of=value.as_of,
        outcome=value.outcome.value,
        pathway=None if value.pathway is None else value.pathway.value,
        score=value.score,
        priority=value.priority,
        priority_reasons=[
            contract.PriorityReason.model_construct(reason=reason.reason, points=reason.points)
            for reason in value.priority_reasons
        ],
        criteria=[_criterion(criterion) for criterion in value.criteria],
        not_counted=_left_out(value.not_counted),
        not_checked=_left_out(value.not_checked),
        notices=[contract.Notice.model_construct(code=notice.code, detail=notice.detail) for notice in value.notices],
        made_by=made,
        enrollment_id=ids.get("enrollment_id"),
    )
