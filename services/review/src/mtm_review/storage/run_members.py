"""The members of a run over a whole programme: taken in page by page, counted, and listed with their reviews."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from mtm_shared.storage.upsert import insert_all
from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_review.domain.review import KeptFinding, ReviewKind
from mtm_review.storage.runs import SKIPPED, WAITING, MemberLine, Run, Taken
from mtm_review.storage.tables import reviews, run_findings, run_members, runs


@dataclass(frozen=True, slots=True)
class Counted:
    """How many members of a run stand where, and why."""

    by_state: Mapping[str, int]
    by_code: Mapping[tuple[str, str], int]
    completed: int
    findings: Sequence[tuple[str, str, int]]


class RunMembers:
    """Members of runs in the session's transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def take(self, run: Run, taken: Sequence[Taken], next_cursor: str | None) -> bool:
        """Take a page in and move the run's cursor behind it; False when somebody else has done so.

        Who is in the programme twice, once as a former member, is taken once, as who may be reviewed.
        """
        here = runs.c.cursor.is_(None) if run.cursor is None else runs.c.cursor == run.cursor
        moved = await self._session.execute(
            update(runs)
            .where(runs.c.review_run_id == run.review_run_id, runs.c.enumerated.is_(False), here)
            .values(cursor=next_cursor, enumerated=next_cursor is None)
            .returning(runs.c.review_run_id)
        )
        if moved.first() is None:
            return False
        known = await self._known(run.review_run_id, [one.member_id for one in taken])
        new = _once(taken)
        again = [one.member_id for one in new if one.code is None and known.get(one.member_id) == SKIPPED]
        await self._wait(run.review_run_id, again)
        await self._add(run.review_run_id, [one for one in new if one.member_id not in known])
        return True

    async def _known(self, review_run_id: str, member_ids: Sequence[str]) -> dict[str, str]:
        found = await self._session.execute(
            select(run_members.c.member_id, run_members.c.state).where(
                run_members.c.review_run_id == review_run_id, run_members.c.member_id.in_(member_ids)
            )
        )
        return {str(member_id): str(state) for member_id, state in found}

    async def _wait(self, review_run_id: str, member_ids: Sequence[str]) -> None:
        if member_ids:
            await self._session.execute(
                update(run_members)
                .where(run_members.c.review_run_id == review_run_id, run_members.c.member_id.in_(member_ids))
                .values(state=WAITING, code=None, detail=None)
            )

    async def _add(self, review_run_id: str, taken: Sequence[Taken]) -> None:
        mine = run_members.c.review_run_id == review_run_id
        first = await self._session.scalar(select(func.count()).select_from(run_members).where(mine)) or 0
        rows = [
            {
                "review_run_id": review_run_id,
                "position": position,
                "member_id": one.member_id,
                "state": WAITING if one.code is None else SKIPPED,
                "code": one.code,
                "detail": one.detail,
                "completed": False,
            }
            for position, one in enumerate(taken, first)
        ]
        await insert_all(self._session, run_members, rows)

    async def reviewed_between(self, member_id: str, first: date, last: date) -> bool:
        """True when the member has a targeted review that looks at a day of the span."""
        found = await self._session.scalar(
            select(reviews.c.review_id)
            .where(
                reviews.c.member_id == member_id,
                reviews.c.kind == ReviewKind.TMR.value,
                reviews.c.as_of.between(first, last),
            )
            .limit(1)
        )
        return found is not None

    async def add_findings(self, review_run_id: str, findings: Sequence[KeptFinding]) -> None:
        """Count what a review was opened with."""
        for (screen, severity), count in sorted(Counter((one.screen, one.severity) for one in findings).items()):
            key = {"review_run_id": review_run_id, "screen": screen, "severity": severity}
            added = await self._session.execute(
                update(run_findings)
                .where(*(run_findings.c[name] == value for name, value in key.items()))
                .values(findings=run_findings.c.findings + count)
                .returning(run_findings.c.findings)
            )
            if added.first() is None:
                await self._session.execute(insert(run_findings).values(**key, findings=count))

    async def counted(self, review_run_id: str) -> Counted:
        """The run's counts as they stand."""
        mine = run_members.c.review_run_id == review_run_id
        grouped = await self._session.execute(
            select(run_members.c.state, run_members.c.code, run_members.c.completed, func.count())
            .where(mine)
            .group_by(run_members.c.state, run_members.c.code, run_members.c.completed)
        )
        by_state, by_code, completed = Counter[str](), Counter[tuple[str, str]](), 0
        for state, code, by_engine, count in grouped:
            by_state[state] += count
            completed += count if by_engine else 0
            if code is not None:
                by_code[state, code] += count
        found = await self._session.execute(
            select(run_findings.c.screen, run_findings.c.severity, run_findings.c.findings)
            .where(run_findings.c.review_run_id == review_run_id)
            .order_by(run_findings.c.screen, run_findings.c.severity)
        )
        told = [(str(screen), str(severity), int(count)) for screen, severity, count in found]
        return Counted(by_state, by_code, completed, told)

    async def page(self, review_run_id: str, state: str | None, after: int | None, limit: int) -> list[MemberLine]:
        """Up to `limit` members after the position, with what their reviews are today."""
        query = (
            select(
                *(run_members.c.position, run_members.c.member_id, run_members.c.state, run_members.c.review_id),
                *(run_members.c.completed, run_members.c.code, run_members.c.detail, reviews.c.status),
            )
            .outerjoin(reviews, reviews.c.review_id == run_members.c.review_id)
            .where(run_members.c.review_run_id == review_run_id)
            .order_by(run_members.c.position)
            .limit(limit)
        )
        if state is not None:
            query = query.where(run_members.c.state == state)
        if after is not None:
            query = query.where(run_members.c.position > after)
        return [
            MemberLine(
                position=row["position"],
                member_id=row["member_id"],
                state=row["state"],
                review_id=row["review_id"],
                review_status=row["status"],
                completed_by_engine=bool(row["completed"]),
                code=row["code"],
                detail=row["detail"],
            )
            for row in (await self._session.execute(query)).mappings()
        ]


def _once(taken: Sequence[Taken]) -> list[Taken]:
    """Each member once; who may be reviewed goes before who left."""
    told: dict[str, Taken] = {}
    for one in taken:
        if one.member_id not in told or one.code is None:
            told[one.member_id] = one
    return list(told.values())
