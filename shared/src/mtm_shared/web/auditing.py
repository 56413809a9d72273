"""Puts requests into the audit trail: who did and saw what (45 CFR 164.312(b); tables in `storage.audit`).

A request that changes something is entered in its own transaction, so that neither is kept without the other. One
that reads what is stored, or is refused, is entered before its answer leaves; if the entry cannot be kept, the answer
is 503 and not the data. Requests that store and read nothing (screenings, evaluations, health) are not entered.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any, Final

from fastapi import Request, Response
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.types import Scope

from mtm_shared.logs import request_id
from mtm_shared.storage.audit import AuditTrail, Entry
from mtm_shared.storage.engine import Database

_AT_ONCE: Final = 500
_WITHIN: Final = ("member", "enrollment")
"""Parts of an answer that name the member for the whole of it."""


@dataclass(slots=True)
class Notes:
    """What is known of a request so far; one for each, made by the outermost layer."""

    action: str = ""
    status: int = 0
    touched: bool = False
    entered: bool = False
    member_ids: set[str] = field(default_factory=set)


_notes: ContextVar[Notes | None] = ContextVar("mtm_audit_notes", default=None)


def begin_notes() -> Notes:
    """Fresh notes for the request that begins in this task."""
    notes = Notes()
    _notes.set(notes)
    return notes


def note(answer: Any) -> None:
    """Note the members whose data is in an answer."""
    notes = _notes.get()
    if notes is not None:
        notes.member_ids.update(_members(answer))


def _members(answer: Any) -> Iterator[str]:
    if isinstance(answer, list):
        for item in answer:
            yield from _members(item)
    elif isinstance(answer, BaseModel):
        named = getattr(answer, "member_id", None)
        if isinstance(named, str):
            yield named
        for part in _WITHIN:
            inner = getattr(getattr(answer, part, None), "member_id", None)
            if isinstance(inner, str):
                yield inner
        yield from _members(getattr(answer, "items", None))


def noted(endpoint: Callable[..., Any], status: int | None) -> Callable[..., Any]:
    """The endpoint, noting what it is called, what it answers and about whom."""
    if not iscoroutinefunction(endpoint):
        return endpoint

    @wraps(endpoint)
    async def noting(*args: Any, **kwargs: Any) -> Any:
        notes = _notes.get()
        if notes is not None:
            notes.action, notes.status = endpoint.__name__, status or 200
        answer = await endpoint(*args, **kwargs)
        if isinstance(answer, Response):
            if notes is not None:
                notes.status = answer.status_code
        else:
            note(answer)
        return answer

    return noting


class Auditor:
    """Writes entries: within a request's transaction, or gathered with those of others (one commit for many)."""

    def __init__(self, trail: AuditTrail, database: Database, clock: Callable[[], datetime]) -> None:
        self.trail = trail
        self._database = database
        self._clock = clock
        self._waiting: list[tuple[Entry, asyncio.Future[None]]] = []
        self._writing: asyncio.Task[None] | None = None

    def touched(self) -> None:
        """What is stored is being read or changed by this request."""
        notes = _notes.get()
        if notes is not None:
            notes.touched = True

    async def within(self, request: Request, session: AsyncSession) -> None:
        """Enter a request that changed something, in its transaction."""
        notes = _notes.get()
        if notes is not None:
            await self.trail.record(session, self._entry(request.scope, notes, notes.status))
            notes.entered = True

    async def before_answer(self, scope: Scope, notes: Notes, status: int, route: str) -> None:
        """Enter a request that has not been entered yet, if it belongs into the trail."""
        refused = status in (401, 403, 429)
        if notes.entered or not (notes.touched or refused):
            return
        done = asyncio.get_running_loop().create_future()
        notes.action = notes.action or route
        self._waiting.append((self._entry(scope, notes, status), done))
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_waiting())
        await done
        notes.entered = True

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            try:
                async with self._database.writing() as session, session.begin():
                    await self.trail.record(session, *(entry for entry, _ in batch))
            except Exception as error:  # noqa: BLE001 - every request that waits is told, and answers 503
                for _, done in batch:
                    if not done.done():
                        done.set_exception(error)
            else:
                for _, done in batch:
                    if not done.done():
                        done.set_result(None)

    def _entry(self, scope: Scope, notes: Notes, status: int) -> Entry:
        things = {name: _plain(str(value))[:64] for name, value in scope.get("path_params", {}).items()}
        members = notes.member_ids | ({things["member_id"]} if "member_id" in things else set())
        return Entry(
            at=self._clock(),
            actor=_plain(scope.get("mtm.subject") or "anonymous"),
            action=notes.action,
            outcome="done" if status < 400 else "refused" if status < 500 else "failed",
            status=status,
            things=things,
            member_ids=sorted(members),
            request_id=request_id.get(),
        )


def _plain(text: str) -> str:
    """A text that every database can hold: a caller can put anything into a path."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
