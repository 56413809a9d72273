"""The open file: one SQLite connection for a process, made when the first question is asked.

`immutable=1` tells SQLite that nobody writes: no locks, no journal. The pages are mapped, so that all workers of a
machine share one copy. A connection must not be carried over a fork: a child forgets its parent's and opens its own.
By then another file may stand under the name; its seal tells, so that no process answers from two editions.
"""

import os
import sqlite3
import threading
import weakref
from pathlib import Path
from typing import Any, Final

from mtm_shared.vocabulary.built.sealing import SEAL, BuiltFileError

_MAPPED: Final = 1 << 40
# With the file mapped, SQLite's own page cache would only hold copies.
_CACHE_KIB: Final = 256
_open: "weakref.WeakSet[BuiltFile]" = weakref.WeakSet()
# Never closed: closing here what the parent has open, and may be holding a lock of, is not safe.
_inherited: Final[list[object]] = []


class BuiltFile:
    """Asks the file that has this digest; safe for threads and after a fork."""

    def __init__(self, path: Path, digest: str) -> None:
        self.path = path.resolve()
        self._seal = SEAL.decode() + digest
        self._lock = threading.Lock()
        self._held: list[sqlite3.Connection] = []
        weakref.finalize(self, _close, self._held)
        _open.add(self)

    def one(self, sql: str, *values: str) -> tuple[Any, ...] | None:
        """The first row, or None."""
        with self._lock:
            row: tuple[Any, ...] | None = self._connection().execute(sql, values).fetchone()
        return row

    def all(self, sql: str, *values: str | int) -> list[tuple[Any, ...]]:
        """Every row."""
        with self._lock:
            return self._connection().execute(sql, values).fetchall()

    def close(self) -> None:
        """Let go of the file; the next question opens it again."""
        with self._lock:
            _close(self._held)

    def forget(self) -> None:
        """In a child process: leave the parent's connection and lock alone and start anew."""
        _inherited.extend(self._held)
        self._held.clear()
        self._lock = threading.Lock()

    def _connection(self) -> sqlite3.Connection:
        if not self._held:
            self._held.append(self._opened())
        return self._held[0]

    def _opened(self) -> sqlite3.Connection:
        try:
            connection = sqlite3.connect(
                f"{self.path.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False, isolation_level=None
            )
        except sqlite3.Error as error:
            raise BuiltFileError(str(self.path), f"cannot be opened ({error})") from error
        connection.execute(f"PRAGMA mmap_size = {_MAPPED}")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        if connection.execute("SELECT value FROM meta WHERE key = 'seal'").fetchone() != (self._seal,):
            connection.close()
            raise BuiltFileError(
                str(self.path), "is another file than the one that was loaded: it was replaced since; start again"
            )
        return connection


def _close(held: list[sqlite3.Connection]) -> None:
    while held:
        held.pop().close()


def _forget_all() -> None:
    for file in list(_open):
        file.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)
