"""Keeps reviews: added once, changed one state at a time, read whole or as lines of a list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Select, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.review import Change, KeptFinding, Review, ReviewKind, ReviewStatus
from mtm_review.storage import codec
from mtm_review.storage.errors import ReviewChangedMeanwhile, ReviewNotFound
from mtm_review.storage.tables import changes, findings, reviews


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """A review in a list."""

    review_id: str
    member_id: str
    kind: str
    status: str
    as_of: date
    findings: int
    completed_on: date | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list asks for; `due` means in progress and planned for that day or earlier."""

    member_id: str | None = None
    kind: str | None = None
    status: str | None = None
    due: date | None = None


class ReviewRepository:
    """Reviews in the session's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, review: Review) -> None:
        """Keep a new review with its findings and changes."""
        await self._session.execute(insert(reviews).values({**_columns(review), "created_at": review.changes[0].at}))
        await self._write_findings(review)
        await self._write_changes(review, kept=0)

    async def get(self, review_id: str) -> Review:
        """The review; raises `ReviewNotFound`."""
        return await self._read(select(reviews).where(reviews.c.review_id == review_id))

    async def for_change(self, review_id: str) -> Review:
        """The review, its row locked until the transaction ends (SQLite: the whole database is)."""
        return await self._read(select(reviews).where(reviews.c.review_id == review_id).with_for_update())

    async def save(self, review: Review) -> None:
        """Keep the next state; raises `ReviewChangedMeanwhile` when it does not follow the stored one."""
        updated = await self._session.execute(
            update(reviews)
            .where(reviews.c.review_id == review.review_id, reviews.c.version == review.version - 1)
            .values(_columns(review))
            .returning(reviews.c.review_id)
        )
        if updated.first() is None:
            raise ReviewChangedMeanwhile
        await self._session.execute(delete(findings).where(findings.c.review_id == review.review_id))
        await self._write_findings(review)
        kept = await self._session.scalar(
            select(func.count()).select_from(changes).where(changes.c.review_id == review.review_id)
        )
        await self._write_changes(review, kept=kept or 0)

    async def page(self, wanted: Wanted, after: str | None, limit: int) -> Sequence[ReviewLine]:
        """Up to `limit` lines, newest first, after the review with the id `after`."""
        found = await self._session.execute(_listing(wanted, after).limit(limit))
        return [_line(row) for row in found.mappings()]

    async def _read(self, query: Select[Any]) -> Review:
        row = (await self._session.execute(query)).mappings().first()
        if row is None:
            raise ReviewNotFound
        review_id = row["review_id"]
        found = await self._session.execute(
            select(findings.c.finding).where(findings.c.review_id == review_id).order_by(findings.c.position)
        )
        made = await self._session.execute(
            select(changes.c.change, changes.c.author, changes.c.at)
            .where(changes.c.review_id == review_id)
            .order_by(changes.c.position)
        )
        return _review(
            row,
            tuple(codec.FINDING.read(finding) for finding in found.scalars()),
            tuple(Change(change, author, at) for change, author, at in made),
        )

    async def _write_findings(self, review: Review) -> None:
        rows = [
            {"review_id": review.review_id, "position": position, **_finding_columns(finding)}
            for position, finding in enumerate(review.findings)
        ]
        if rows:
            await self._session.execute(insert(findings), rows)

    async def _write_changes(self, review: Review, *, kept: int) -> None:
        rows = [
            {
                "review_id": review.review_id,
                "position": position,
                "change": change.change,
                "author": change.author,
                "at": change.at,
            }
            for position, change in enumerate(review.changes)
            if position >= kept
        ]
        if rows:
            await self._session.execute(insert(changes), rows)


def _listing(wanted: Wanted, after: str | None) -> Select[Any]:
    counted = (
        select(func.count()).where(findings.c.review_id == reviews.c.review_id).correlate(reviews).scalar_subquery()
    )
    query = select(
        reviews.c.review_id,
        reviews.c.member_id,
        reviews.c.kind,
        reviews.c.status,
        reviews.c.as_of,
        reviews.c.completed_at,
        counted.label("findings"),
    ).order_by(reviews.c.review_id.desc())
    if wanted.member_id is not None:
        query = query.where(reviews.c.member_id == wanted.member_id)
    if wanted.kind is not None:
        query = query.where(reviews.c.kind == wanted.kind)
    if wanted.status is not None:
        query = query.where(reviews.c.status == wanted.status)
    if wanted.due is not None:
        query = query.where(reviews.c.status == ReviewStatus.IN_PROGRESS.value, reviews.c.scheduled_for <= wanted.due)
    return query if after is None else query.where(reviews.c.review_id < after)


def _line(row: RowMapping) -> ReviewLine:
    completed_at: datetime | None = row["completed_at"]
    return ReviewLine(
        review_id=row["review_id"],
        member_id=row["member_id"],
        kind=row["kind"],
        status=row["status"],
        as_of=row["as_of"],
        findings=row["findings"],
        completed_on=completed_at.date() if completed_at is not None else None,
    )


def _columns(review: Review) -> dict[str, Any]:
    return {
        "review_id": review.review_id,
        "member_id": review.member_id,
        "kind": review.kind.value,
        "status": review.status.value,
        "as_of": review.as_of,
        "language": review.language,
        "enrollment_id": review.enrollment_id,
        "program_id": review.program_id,
        "contract_id": review.contract_id,
        "version": review.version,
        "notes": review.notes,
        "scheduled_for": review.scheduled_for,
        "completed_at": review.completed_at,
        "patient": codec.PATIENT.write(review.patient),
        "medications": codec.MEDICATIONS.write(review.medications),
        "suppressed": codec.SUPPRESSED.write(review.suppressed),
        "not_checked": codec.NOT_CHECKED.write(review.not_checked),
        "profile_not_checked": codec.NOT_CHECKED.write(review.profile_not_checked),
        "coverage": codec.COVERAGE.write(review.coverage),
        "todo_items": codec.TODO_ITEMS.write(review.todo_items),
        "consultation": None if review.consultation is None else codec.CONSULTATION.write(review.consultation),
        "made_by": codec.MADE_BY.write(review.made_by),
        "inferred": codec.INFERRED.write(review.inferred),
        "enrolled_on": review.enrolled_on,
        "plan_year": review.plan_year,
        "held_on": None if review.consultation is None else review.consultation.held_on,
    }


def _finding_columns(finding: KeptFinding) -> dict[str, Any]:
    decided = finding.decided
    return {
        "finding_id": finding.finding_id,
        "screen": finding.screen,
        "rule_id": finding.rule_id,
        "severity": finding.severity,
        "decision": None if decided is None else decided.decision.value,
        "decided_by": None if decided is None else decided.author,
        "decided_at": None if decided is None else decided.at,
        "finding": codec.FINDING.write(finding),
    }


def _review(row: Mapping[Any, Any], found: tuple[KeptFinding, ...], made: tuple[Change, ...]) -> Review:
    consultation = row["consultation"]
    return Review(
        review_id=row["review_id"],
        member_id=row["member_id"],
        kind=ReviewKind(row["kind"]),
        status=ReviewStatus(row["status"]),
        as_of=row["as_of"],
        language=row["language"],
        patient=codec.PATIENT.read(row["patient"]),
        medications=codec.MEDICATIONS.read(row["medications"]),
        findings=found,
        suppressed=codec.SUPPRESSED.read(row["suppressed"]),
        not_checked=codec.NOT_CHECKED.read(row["not_checked"]),
        profile_not_checked=codec.NOT_CHECKED.read(row["profile_not_checked"]),
        coverage=codec.COVERAGE.read(row["coverage"]),
        made_by=codec.MADE_BY.read(row["made_by"]),
        changes=made,
        enrollment_id=row["enrollment_id"],
        program_id=row["program_id"],
        contract_id=row["contract_id"],
        todo_items=codec.TODO_ITEMS.read(row["todo_items"]),
        consultation=None if consultation is None else codec.CONSULTATION.read(consultation),
        notes=row["notes"],
        scheduled_for=row["scheduled_for"],
        completed_at=row["completed_at"],
        version=row["version"],
        inferred=codec.INFERRED.read(row["inferred"] or ()),
        enrolled_on=row["enrolled_on"],
        plan_year=row["plan_year"],
    )
