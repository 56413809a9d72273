"""What a caller is told when the database says no: the class of the SQLSTATE decides, its text is never repeated."""

from typing import Any, Final

import structlog
from fastapi import Request
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.responses import Response

from mtm_shared.logs import describe_error
from mtm_shared.web.problems import ApiProblem, problem_response

_log = structlog.get_logger("mtm.database")

# SQLSTATE classes: 08 connection, 40 rolled back (serialization, deadlock), 53 resources, 55 lock, 57 shutting down.
_AWAY: Final = frozenset({"08", "40", "53", "55", "57"})
_AWAY_WORDS: Final = ("database is locked", "unable to open database", "disk i/o error", "database or disk is full")


async def handle_database_error(_request: Request, error: Exception) -> Response:
    """409 for a broken constraint, 422 for a value that does not fit, 503 when it is away, else 500."""
    status = status_of(error)
    if status >= 500:
        _log.error("database_error", sqlstate=_sqlstate(error), **describe_error(error))
    codes = {409: "conflict", 422: "value_out_of_range", 503: "database_unavailable"}
    return problem_response(ApiProblem(status, codes.get(status, "")))


def status_of(error: Exception) -> int:
    """The status that answers a database error."""
    if isinstance(error, OverflowError):
        # SQLite's driver refuses integers beyond 64 bits itself; elsewhere an overflow is a mistake of ours.
        return 422 if describe_error(error)["places"][-1].startswith("aiosqlite") else 500
    if isinstance(error, IntegrityError):
        return 409
    if isinstance(error, ConnectionError | PoolTimeoutError):
        return 503
    state = _sqlstate(error)
    if state[:2] == "23":
        return 409
    if state[:2] == "22":
        return 422
    if state[:2] in _AWAY or _is_away(error):
        return 503
    return 500


def _sqlstate(error: Exception) -> str:
    original: Any = getattr(error, "orig", None)
    return str(getattr(original, "sqlstate", None) or getattr(original, "pgcode", None) or "")


def _is_away(error: Exception) -> bool:
    if not isinstance(error, DBAPIError):
        return False
    text = str(error.orig).lower()
    return error.connection_invalidated or any(words in text for words in _AWAY_WORDS)
