"""What makes a file a built vocabulary, and the seal that shows that not one bit of it has changed.

The header is SQLite's own: its magic, the number of pages, `application_id` (ours) and `user_version` (our format). The
seal is a SHA-256 over the whole file, read with the digest's own 64 characters as zeros; it stands in the file itself,
so that a copy needs nothing beside it.
"""

import hashlib
from pathlib import Path
from typing import Final, NamedTuple

from mtm_shared.reference import ReferenceDataError

APPLICATION_ID: Final = 0x4D54_4D56  # "MTMV"
FORMAT: Final = 1
SEAL: Final = b"openmtm-vocabulary-sha256:"
UNSEALED: Final = b"0" * 64
_MAGIC: Final = b"SQLite format 3\0"
_HEADER: Final = 100
# The seal is in the first table that is written, so in one of the first pages.
_SEARCHED: Final = 1 << 16
_CHUNK: Final = 1 << 20
# Which SQLite wrote the file last, and when it changed, say nothing of what is in it.
_CHANGES: Final = (24, 92)
_SQLITE_VERSION: Final = 96


class BuiltFileError(ReferenceDataError):
    """A file that cannot be used as a built vocabulary: which file, and why."""


class Seal(NamedTuple):
    """Where the digest stands, and what it is."""

    offset: int
    digest: str


def is_built(path: Path) -> bool:
    """Whether the file says of itself that it is a built vocabulary (sound or not)."""
    try:
        with path.open("rb") as file:
            header = file.read(_HEADER)
    except OSError:
        return False
    return header.startswith(_MAGIC) and _number(header, 68) == APPLICATION_ID


def seal(path: Path) -> str:
    """Seal a file that was written with the digest as zeros; the digest."""
    with path.open("r+b") as file:
        for offset in _CHANGES:
            file.seek(offset)
            file.write((1).to_bytes(4, "big"))
        file.seek(_SQLITE_VERSION)
        file.write(bytes(4))
    offset = _find(path).offset
    digest = _digest(path, offset)
    with path.open("r+b") as file:
        file.seek(offset)
        file.write(digest.encode())
    return digest


def read_seal(path: Path) -> str:
    """The digest of a sound file; `BuiltFileError` for one that was cut short, changed or is not of this format."""
    _check_header(path)
    found = _find(path)
    if found.digest != _digest(path, found.offset):
        raise BuiltFileError(
            str(path), "its SHA-256 is not the one it was sealed with: the file was changed or damaged after the build"
        )
    return found.digest


def _check_header(path: Path) -> None:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header = file.read(_HEADER)
    except OSError as error:
        raise BuiltFileError(str(path), f"cannot be read ({error.strerror})") from error
    if not header.startswith(_MAGIC) and size:
        raise BuiltFileError(str(path), "is not a built vocabulary (mtm-vocabulary build makes one)")
    if len(header) < _HEADER:
        raise BuiltFileError(str(path), f"is cut short: it has {size} bytes")
    if _number(header, 68) != APPLICATION_ID:
        raise BuiltFileError(str(path), "is an SQLite file, but not a built vocabulary")
    _check_format(path, _number(header, 60))
    page = int.from_bytes(header[16:18], "big")
    promised = (65536 if page == 1 else page) * _number(header, 28)
    if size != promised:
        what = "is cut short" if size < promised else "has something behind its end"
        raise BuiltFileError(str(path), f"{what}: it should have {promised} bytes, but has {size}")


def _check_format(path: Path, found: int) -> None:
    if found > FORMAT:
        raise BuiltFileError(
            str(path),
            f"has format {found}, and this release reads {FORMAT}: it was built by a newer release of OpenMTM",
        )
    if found < FORMAT:
        raise BuiltFileError(str(path), f"has format {found}, and this release reads {FORMAT}: build it again")


def _find(path: Path) -> Seal:
    with path.open("rb") as file:
        start = file.read(_SEARCHED)
    place = start.find(SEAL)
    offset = place + len(SEAL)
    digest = start[offset : offset + len(UNSEALED)]
    if place < 0 or len(digest) < len(UNSEALED) or not digest.isalnum():
        raise BuiltFileError(str(path), "carries no seal")
    return Seal(offset, digest.decode("ascii", "replace"))


def _digest(path: Path, offset: int) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        digest.update(file.read(offset))
        digest.update(UNSEALED)
        file.seek(offset + len(UNSEALED))
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _number(header: bytes, offset: int) -> int:
    return int.from_bytes(header[offset : offset + 4], "big")
