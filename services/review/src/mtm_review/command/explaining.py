"""`mtm-review knowledge explain`: each step of a rule for a member in a file, and where it stopped."""

import json
from pathlib import Path
from typing import Annotated

import typer
from mtm_shared.contracts.screening import ScreeningRequest
from mtm_shared.vocabulary.command.opening import Json, VocabularyPath
from mtm_shared.vocabulary.command.page import Page, write, write_json
from pydantic import ValidationError

from mtm_review.api.shapes import medications_of, patient_of
from mtm_review.command.opening import KnowledgePath, knowledge_at, stop, vocabulary_at
from mtm_review.command.showing import suggestion
from mtm_review.domain.explaining import CannotExplain, Explanation, RuleNotFound
from mtm_review.domain.explaining import explain as explain_rule
from mtm_review.domain.situation import situation_of

_SIGNS = {"passed": "yes", "stopped": "no", "cannot_tell": "?"}


def explain(
    rule: Annotated[str, typer.Argument(help="The rule's id, such as drug_disease.nsaids_heart_failure.")],
    member: Annotated[
        Path,
        typer.Option("--member", exists=True, dir_okay=False, help="JSON: the body of POST /v1/screenings."),
    ],
    knowledge: KnowledgePath = None,
    vocabulary: VocabularyPath = None,
    as_json: Json = False,
) -> None:
    """Say why a rule fires for a member, or at which step it does not."""
    request = _request(member)
    book = vocabulary_at(vocabulary)
    known = knowledge_at(knowledge, book)
    medications = medications_of(request.medications, book)
    situation = situation_of(patient_of(request, book), medications, request.as_of, known)
    try:
        told = explain_rule(rule, situation)
    except RuleNotFound:
        stop(f"there is no rule {rule!r}{suggestion(rule, known)}", 1)
    except CannotExplain:
        stop(f"the screen of {rule} cannot tell its steps", 1)
    if as_json:
        write_json(_as_data(told))
    else:
        write(_in_words(told))


def _request(path: Path) -> ScreeningRequest:
    try:
        return ScreeningRequest.model_validate(json.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        places = (f"{'/'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        stop(f"{path.name} is no screening request: {'; '.join(places)}")
    except ValueError as error:
        stop(f"{path.name} is not JSON: {error}")


def _in_words(told: Explanation) -> str:
    page = Page()
    page.heading(f"{told.rule_id} {'fires' if told.fires else 'does not fire'}.")
    for step in told.steps:
        page.row(f"{_SIGNS[step.outcome]:<4}{step.step}", f"{step.asks} {step.because}")
    page.items(f"finding ({finding.severity}): {finding.because}" for finding in told.findings)
    page.items(f"suppressed ({item.reason}): {item.because}" for item in told.suppressed)
    return str(page)


def _as_data(told: Explanation) -> dict[str, object]:
    return {
        "rule_id": told.rule_id,
        "fires": told.fires,
        "steps": [step._asdict() for step in told.steps],
        "findings": [finding.because for finding in told.findings],
        "suppressed": [{"reason": item.reason.value, "because": item.because} for item in told.suppressed],
    }
