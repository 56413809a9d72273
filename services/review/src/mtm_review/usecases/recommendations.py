"""Recommendations: made from findings, answered, and counted as CMS counts them. They follow a review after its end."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from mtm_shared.contracts.recommendations import (
    FollowUpDone,
    FollowUpKind,
    FollowUpRequest,
    OutcomeRequest,
    ProblemCounts,
    ProblemDashboard,
    Recommendation,
    RecommendationRequest,
)
from sqlalchemy import RowMapping
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.lifecycle import finding_of
from mtm_review.domain.resolution import is_resolved
from mtm_review.domain.review import KeptFinding, Review
from mtm_review.reference.recommending import Recommending, load_recommending
from mtm_review.storage import recommendations as store
from mtm_review.storage.reviews import ReviewRepository
from mtm_review.usecases.opening import new_id

_LOW_DOSE = "LD"
_ACCEPTED = ("accepted", "accepted_with_change")
_DECLINED = ("declined", "patient_declined", "not_applicable")


class RecommendationNotFound(Exception):
    """No such recommendation."""


class FollowUpNotFound(Exception):
    """No such follow-up."""


class FollowUpOver(Exception):
    """The follow-up is done."""


class NoPrescriber(Exception):
    """Nobody is named who could take the recommendation."""


class BeforeSent(Exception):
    """An outcome cannot be older than its recommendation."""


class NotYetUnanswered(Exception):
    """It is too early to call a recommendation unanswered."""


async def recommend(
    session: AsyncSession, review_id: str, asked: RecommendationRequest, now: datetime
) -> Recommendation:
    """Keep a recommendation, and a follow-up of it unless told otherwise."""
    review = await ReviewRepository(session).get(review_id)
    defaults = load_recommending()
    finding = None if asked.finding_id is None else finding_of(review, asked.finding_id)
    told = _of_finding(review, finding, defaults) if finding is not None else {}
    given = asked.model_dump(include={"text", "problem_category", "expects", "prescriber_npi"}, exclude_none=True)
    row = {**told, **given}
    if asked.to == "prescriber" and not row.get("prescriber_npi"):
        raise NoPrescriber
    recommendation_id = new_id("rec", now)
    row |= asked.model_dump(include={"to", "finding_id", "channel", "sent_on", "author"})
    row |= {name: getattr(review, name) for name in ("review_id", "member_id", "enrollment_id", "program_id")}
    row |= {
        "recommendation_id": recommendation_id,
        "expects": row.get("expects") or {"changes": ["none"], "ingredients": [], "to_ingredients": []},
        "outcome": "pending",
        "outcomes": [],
        "resolution_state": "none",
        "resolution": {"state": "none"},
        "resolved": False,
        "reply_token": secrets.token_urlsafe(24) if asked.to == "prescriber" else None,
        "created_at": now,
    }
    row["prescriber_npi"] = row.get("prescriber_npi") if asked.to == "prescriber" else None
    await store.add(session, row)
    if asked.follow_up:
        due = asked.sent_on + timedelta(days=defaults.follow_up_days)
        kind: FollowUpKind = "call_prescriber" if asked.to == "prescriber" else "call_member"
        follow_up = FollowUpRequest(kind=kind, due_on=due, recommendation_id=recommendation_id, author=asked.author)
        await add_follow_up(session, review, follow_up, now)
    return shown(row)


def _of_finding(review: Review, finding: KeptFinding, defaults: Recommending) -> dict[str, Any]:
    """What a finding says of its recommendation."""
    screen = defaults.by_screen[finding.screen]
    lines = {line.medication_id: line for line in review.medications}
    involved = [lines[one.medication_id] for one in finding.medications if one.medication_id in lines]
    ingredients = sorted({part.rxcui for line in involved if line.drug is not None for part in line.drug.ingredients})
    prescribers = [line.prescriber_npi for line in involved if line.prescriber_npi]
    return {
        "text": finding.recommendation,
        "problem_category": screen.category,
        "expects": {
            "changes": list(screen.changes),
            "ingredients": ingredients,
            "to_ingredients": [],
            "direction": "higher" if finding.dur_code == _LOW_DOSE else "lower",
        },
        "prescriber_npi": prescribers[0] if prescribers else None,
    }


async def read(session: AsyncSession, recommendation_id: str) -> Recommendation:
    """The recommendation, or `RecommendationNotFound`."""
    row = await store.get(session, recommendation_id)
    if row is None:
        raise RecommendationNotFound
    return shown(row)


def shown(row: RowMapping | Mapping[str, Any]) -> Recommendation:
    """A row as the wire shows it."""
    return Recommendation.model_validate(dict(row))


async def record_outcome(
    session: AsyncSession, review_id: str, recommendation_id: str, told: OutcomeRequest, now: datetime
) -> Recommendation:
    """Keep what came of a recommendation."""
    row = await store.get(session, recommendation_id, to_change=True)
    if row is None or row["review_id"] != review_id:
        raise RecommendationNotFound
    return await _answered(session, row, told, now)


async def take_reply(session: AsyncSession, token: str, told: OutcomeRequest, now: datetime) -> Recommendation:
    """Keep a prescriber's answer by the token of the report."""
    row = await store.by_token(session, token)
    if row is None:
        raise RecommendationNotFound
    return await _answered(session, row, told, now)


async def _answered(session: AsyncSession, row: RowMapping, told: OutcomeRequest, now: datetime) -> Recommendation:
    if told.on < row["sent_on"]:
        raise BeforeSent
    if told.outcome == "no_response" and (told.on - row["sent_on"]).days < load_recommending().no_response_days:
        raise NotYetUnanswered
    kept = {**told.model_dump(mode="json"), "at": now.isoformat()}
    values = {
        "outcome": told.outcome,
        "outcomes": [*row["outcomes"], kept],
        "resolved": is_resolved(told.outcome, row["resolution_state"], told.changed_on),
    }
    await store.change(session, row["recommendation_id"], values)
    return shown({**row, **values})


def changed_on_of(outcomes: Sequence[Mapping[str, Any]]) -> date | None:
    """The day of the change that the last outcome tells, if it does."""
    told = outcomes[-1].get("changed_on") if outcomes else None
    return None if told is None else date.fromisoformat(told)


async def add_follow_up(session: AsyncSession, review: Review, asked: FollowUpRequest, now: datetime) -> dict[str, Any]:
    """Keep something to do by a day."""
    if asked.finding_id is not None:
        finding_of(review, asked.finding_id)
    row = asked.model_dump() | {
        "follow_up_id": new_id("fup", now),
        "review_id": review.review_id,
        "member_id": review.member_id,
        "program_id": review.program_id,
        "state": "open",
        "done_on": None,
        "result": None,
    }
    await store.add_follow_up(session, row)
    return row


async def finish_follow_up(
    session: AsyncSession, review_id: str, follow_up_id: str, told: FollowUpDone
) -> dict[str, Any]:
    """The follow-up was done."""
    row = await store.follow_up(session, follow_up_id)
    if row is None or row["review_id"] != review_id:
        raise FollowUpNotFound
    if row["state"] == "done":
        raise FollowUpOver
    await store.end_follow_up(session, follow_up_id, told.on, told.result)
    return {**row, "state": "done", "done_on": told.on, "result": told.result}


async def dashboard(session: AsyncSession, plan_year: int, program_id: str | None) -> ProblemDashboard:
    """Recommendations to prescribers in the plan year, by category."""
    rows = await store.by_category(session, plan_year, program_id)
    names = sorted({row["problem_category"] for row in rows})
    categories = [_counts(name, [row for row in rows if row["problem_category"] == name]) for name in names]
    return ProblemDashboard(
        plan_year=plan_year, program_id=program_id, categories=categories, together=_counts("all", rows)
    )


def _counts(name: str, rows: Sequence[RowMapping]) -> ProblemCounts:
    def of(*outcomes: str) -> int:
        return sum(row["number"] for row in rows if row["outcome"] in outcomes)

    return ProblemCounts(
        problem_category=name,
        recommendations=sum(row["number"] for row in rows),
        accepted=of(*_ACCEPTED),
        declined=of(*_DECLINED),
        no_response=of("no_response"),
        pending=of("pending"),
        resolved=sum(row["number"] for row in rows if row["resolved"]),
        verified=sum(row["number"] for row in rows if row["resolution_state"] == "verified"),
    )
