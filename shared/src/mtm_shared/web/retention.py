"""Forgets kept first answers after a week: they hold member data, and nobody sends a request again so late."""

import asyncio
from datetime import timedelta
from typing import Final

import structlog
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError

from mtm_shared.logs import describe_error
from mtm_shared.storage.idempotency import forget_keys

_KEPT: Final = timedelta(days=7)
_PAUSE_SECONDS: Final = 3600.0
_log = structlog.get_logger("mtm.retention")


async def keep_forgetting(app: FastAPI, pause: float = _PAUSE_SECONDS) -> None:
    """Every hour, until cancelled; an hour in which the database is away is skipped."""
    while app.state.idempotency is not None:
        await asyncio.sleep(pause)
        try:
            await forget_old_answers(app)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("answers_not_forgotten", **describe_error(error))


async def forget_old_answers(app: FastAPI) -> None:
    """Drop what is older than a week."""
    async with app.state.database.writing() as session, session.begin():
        await forget_keys(session, app.state.idempotency, app.state.clock() - _KEPT)
