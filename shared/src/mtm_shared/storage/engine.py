"""Database engines that behave alike: PostgreSQL through asyncpg, SQLite through aiosqlite.

SQLite: WAL so that readers do not wait for the writer, foreign keys on, and writers announce themselves with
`BEGIN IMMEDIATE`: a transaction that starts as a reader and then writes fails with `database is locked` as soon as
someone else wrote in between, and no waiting helps. PostgreSQL: readers run without a transaction (READ COMMITTED
gives them nothing that separate statements do not, and it saves two round trips).

Engines never print parameters: they are member data.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from sqlalchemy import event
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import ORMExecuteState, Session

SessionFactory = async_sessionmaker[AsyncSession]

_READING: Final = "mtm_reading"
_BUSY_MILLISECONDS: Final = 30_000
_CONNECT_SECONDS: Final = 5


class WroteWhileReading(Exception):
    """Code that promised to read tried to write; a mistake in the program."""


class ReadingSession(Session):
    """A session that refuses to write."""


@event.listens_for(ReadingSession, "before_flush")
def _refuse_flush(session: Session, _context: Any, _instances: Any) -> None:
    if session.new or session.dirty or session.deleted:
        raise WroteWhileReading


@event.listens_for(ReadingSession, "do_orm_execute")
def _refuse_change(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete:
        raise WroteWhileReading


@dataclass(frozen=True, slots=True)
class Database:
    """An engine with a session factory for writers and one for readers."""

    engine: AsyncEngine
    writing: SessionFactory
    reading: SessionFactory

    @classmethod
    def at(cls, url: str) -> "Database":
        """The database at this address; connects on first use."""
        return cls.over(make_engine(url))

    @classmethod
    def over(cls, engine: AsyncEngine) -> "Database":
        """Sessions over an engine made elsewhere."""
        reader = engine.execution_options(**{_READING: True})
        if engine.dialect.name == "postgresql":
            reader = engine.execution_options(isolation_level="AUTOCOMMIT")
        return cls(
            engine,
            async_sessionmaker(engine, expire_on_commit=False),
            async_sessionmaker(reader, expire_on_commit=False, sync_session_class=ReadingSession),
        )

    async def dispose(self) -> None:
        """Close every connection."""
        await self.engine.dispose()


def make_engine(url: str, *, echo: bool = False, foreign_keys: bool = True) -> AsyncEngine:
    """An engine for a `sqlite+aiosqlite` or `postgresql+asyncpg` address."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(url, echo=echo, foreign_keys=foreign_keys)
    return create_async_engine(
        url,
        echo=echo,
        hide_parameters=True,
        pool_size=10,
        max_overflow=10,
        pool_timeout=10,
        pool_pre_ping=True,
        pool_recycle=1800,
        connect_args={"timeout": _CONNECT_SECONDS, "server_settings": {"application_name": "openmtm"}},
    )


def _sqlite(url: str, *, echo: bool, foreign_keys: bool) -> AsyncEngine:
    database = make_url(url).database
    if database and database != ":memory:" and not database.startswith("file:"):
        Path(database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_async_engine(
        url, echo=echo, hide_parameters=True, connect_args={"timeout": _BUSY_MILLISECONDS / 1000}
    )

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _record: Any) -> None:
        # The driver must not begin transactions by itself; `_begin` does.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in (
            "journal_mode = WAL",
            "synchronous = NORMAL",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
            f"busy_timeout = {_BUSY_MILLISECONDS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _begin(connection: Any) -> None:
        reading = connection.get_execution_options().get(_READING, False)
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    return engine
