"""A text file that is counted and hashed while it is written, so that nothing is read again and nothing is kept."""

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_BUFFERED = 1 << 18


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is whole: its name in the folder, import format (or what it is), rows and fingerprint."""

    name: str
    format: str
    rows: int
    bytes: int
    sha256: str


class Lines:
    """Lines of text; `rows` does not count a header."""

    def __init__(self, path: Path, form: str, header: str = "") -> None:
        self.path = path
        self.format = form
        self.rows = 0
        self._size = 0
        self._digest = hashlib.sha256()
        self._pending: list[str] = []
        self._length = 0
        self._file: BinaryIO = path.open("wb")
        if header:
            self._pending.append(header + "\n")

    def add(self, text: str, rows: int = 1) -> None:
        """Some whole lines, each with its line feed."""
        self._pending.append(text)
        self._length += len(text)
        self.rows += rows
        if self._length >= _BUFFERED:
            self._flush()

    def _flush(self) -> None:
        content = "".join(self._pending).encode()
        self._file.write(content)
        self._digest.update(content)
        self._size += len(content)
        self._pending.clear()
        self._length = 0

    def close(self) -> Written | None:
        """What was written; a file without rows is removed, because an import has nothing to do with it."""
        self._flush()
        self._file.close()
        if not self.rows:
            self.path.unlink()
            return None
        return Written(self.path.name, self.format, self.rows, self._size, self._digest.hexdigest())

    def abandon(self) -> None:
        """Close without finishing."""
        self._file.close()


_MONEY = [f"{cents // 100}.{cents % 100:02d}" for cents in range(1 << 15)]
_MOST = len(_MONEY)


def money(cents: int) -> str:
    """Cents as dollars."""
    return _MONEY[cents] if cents < _MOST else f"{cents // 100}.{cents % 100:02d}"
