"""What the service knows: version, counts and every rule with its citation."""

from collections import Counter
from collections.abc import Mapping
from typing import Annotated, cast

from fastapi import Path, Request
from mtm_shared.contracts.knowledge import Knowledge, Rule, RuleSummary, SeverityMeaning
from mtm_shared.web.problems import problem_responses
from mtm_shared.web.routing import Router

from mtm_review.api.dependencies import AllVersions, Known, Reader
from mtm_review.api.shapes import citation_answer
from mtm_review.domain.explaining import RuleNotFound
from mtm_review.domain.finding import Severity
from mtm_review.domain.readable import ReadableRule

router = Router(prefix="/v1", tags=["knowledge"])
RuleId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._:+-]{1,128}$")]


def _rules(request: Request) -> Mapping[str, ReadableRule]:
    return cast(Mapping[str, ReadableRule], request.app.state.rules)


@router.get("/knowledge", summary="What is known, and in which version")
async def read_knowledge(request: Request, known: Known, versions: AllVersions, _: Reader) -> Knowledge:
    """Every rule in short, with counts by screen and source, the severity scale, and the versions at hand."""
    rules = _rules(request).values()
    return Knowledge(
        knowledge_version=known.knowledge.version,
        fingerprint=known.knowledge.fingerprint,
        counts=dict(sorted(Counter(rule.screen.value for rule in rules).items())),
        statuses=dict(sorted(Counter(rule.citation.status.value for rule in rules).items())),
        severities=[SeverityMeaning(severity=each.value, meaning=each.meaning) for each in Severity],
        versions=list(versions.versions),
        rules=[
            RuleSummary(
                rule_id=rule.rule_id,
                screen=rule.screen.value,
                title=rule.title,
                severity=rule.severity.value,
                citation=citation_answer(rule.citation),
            )
            for rule in rules
        ],
    )


@router.get("/knowledge/rules/{rule_id}", responses=problem_responses(404), summary="Read a rule")
async def read_rule(rule_id: RuleId, request: Request, _: Reader) -> Rule:
    """The drugs, conditions and exceptions that the rule names, its consequence, next step and source."""
    rule = _rules(request).get(rule_id)
    if rule is None:
        raise RuleNotFound
    return Rule(
        rule_id=rule.rule_id,
        screen=rule.screen.value,
        title=rule.title,
        severity=rule.severity.value,
        citation=citation_answer(rule.citation),
        drugs=list(rule.drugs),
        conditions=list(rule.conditions),
        exceptions=list(rule.asks),
        consequence=rule.consequence,
        recommendation=rule.recommendation,
    )
