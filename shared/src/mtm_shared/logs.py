"""Log lines: one JSON object a line on standard error, and never a word of member data.

Paths, queries, bodies and exception messages can hold member data, so none of them is ever logged. An unexpected
error is logged as its type and the places in the code that it passed through. The request id is a context variable,
not a parameter: domain and storage code must not know that a request exists.
"""

import json
import logging
import os
import re
import sys
import traceback
from collections.abc import MutableMapping
from contextvars import ContextVar
from datetime import UTC, datetime
from types import FrameType
from typing import Any, Final

import structlog

request_id: ContextVar[str] = ContextVar("mtm_request_id", default="")

_ACCEPTED: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")


def accepted_request_id(given: bytes | None) -> str:
    """The caller's `X-Request-ID` when it is short and plain, else a new one: a header must not write our logs."""
    if given is not None:
        text = given.decode("latin-1")
        if _ACCEPTED.fullmatch(text):
            return text
    return os.urandom(16).hex()


class _Lines:
    """Writes finished lines to whatever standard error is at the time."""

    def msg(self, line: str) -> None:
        sys.stderr.write(line + "\n")
        sys.stderr.flush()

    debug = info = warning = error = critical = exception = log = msg


def _add_request_id(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    current = request_id.get()
    if current:
        event.setdefault("request_id", current)
    return event


_encode: Final = json.JSONEncoder(default=str, separators=(",", ":")).encode


def _compact(value: Any, **_options: Any) -> str:
    return _encode(value)


def configure_logging(level: str = "info") -> None:
    """structlog and the standard library's logging as JSON lines; called once by the command line."""
    number = logging.getLevelNamesMapping()[level.upper()]
    structlog.configure(
        processors=[
            _add_request_id,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
            structlog.processors.JSONRenderer(serializer=_compact),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=lambda *_names: _Lines(),
        cache_logger_on_first_use=True,
    )
    handler = _LinesHandler()
    handler.setFormatter(_WithoutMessages())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(max(number, logging.INFO))
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    # httpx logs every address that it calls, and addresses hold member ids.
    for name in ("httpx", "httpcore", "sqlalchemy.engine", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)


class _LinesHandler(logging.Handler):
    """The standard library's records to the same place as structlog's."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line."""
        _Lines().msg(self.format(record))


class _WithoutMessages(logging.Formatter):
    """Other libraries' records: where from, which level, and the template without its arguments."""

    def format(self, record: logging.LogRecord) -> str:
        event: dict[str, Any] = {
            "logger": record.name,
            "event": _safe_message(record),
            "level": record.levelname.lower(),
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(),
        }
        if record.exc_info and record.exc_info[1] is not None:
            event.update(describe_error(record.exc_info[1]))
        return _compact(event)


def _safe_message(record: logging.LogRecord) -> str:
    """uvicorn's and alembic's words are addresses and revisions; of others only a template is safe."""
    if record.name.startswith(("uvicorn", "alembic")):
        return record.getMessage()
    return str(record.msg) if record.args else "message withheld: it may hold data"


def describe_error(error: BaseException) -> dict[str, Any]:
    """Type and code places of an error and its causes, without their messages."""
    chain: list[str] = []
    current: BaseException | None = error
    while current is not None and len(chain) < 5:
        chain.append(f"{type(current).__module__}.{type(current).__qualname__}")
        current = current.__cause__ or current.__context__
    return {"error": chain[0], "causes": chain[1:], "places": _places(error)}


def _places(error: BaseException) -> list[str]:
    frames: list[tuple[FrameType, int]] = list(traceback.walk_tb(error.__traceback__))
    return [f"{frame.f_globals.get('__name__', '?')}:{frame.f_code.co_name}:{line}" for frame, line in frames[-12:]]
