"""Reading an official file once, from end to end, in blocks of whole lines.

Everything that can be told of the bytes themselves is refused here, before any row is believed: an empty file, a web
page or a Git-LFS pointer saved under the file's name, UTF-16, bytes that are not text, a damaged archive, and a file
that stops in the middle of a line. The SHA-256 is taken on the way, so that a file is read once only.
"""

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import IO, BinaryIO, Final, NamedTuple, cast

from mtm_shared.vocabulary.official.records import OfficialFileError, Progress
from mtm_shared.vocabulary.official.sources import Given, open_archive

_BLOCK: Final = 1 << 20
_REPORT_EVERY: Final = 1 << 23
_GZIP: Final = b"\x1f\x8b"
_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")

Decode = Callable[[bytes], str]


class Block(NamedTuple):
    """Whole lines without their ends, and the number of the first one (from 1)."""

    first: int
    lines: list[str]


def utf8(block: bytes) -> str:
    """Strict UTF-8."""
    return block.decode("utf-8")


def utf8_or_windows(block: bytes) -> str:
    """Strict UTF-8, line by line Windows-1252 where a line is not UTF-8; bytes that are neither raise."""
    try:
        return block.decode("utf-8")
    except UnicodeDecodeError:
        return "\n".join(_either(line) for line in block.split(b"\n"))


def _either(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252")


class OfficialFile:
    """One file to read once; `sha256` and `size_bytes` are known when the reading has ended."""

    def __init__(self, given: Given, progress: Progress) -> None:
        self.given = given
        self.name = given.name
        self.size_bytes = 0
        self._progress = progress
        self._digest = hashlib.sha256()

    @property
    def sha256(self) -> str:
        """Of what was read, in hexadecimal."""
        return self._digest.hexdigest()

    def refuse(self, code: str, problem: str, line: int | None = None) -> OfficialFileError:
        """The refusal of this file."""
        return OfficialFileError(code, self.name, problem, line=line)

    def chunks(self) -> Iterator[bytes]:
        """The unpacked bytes; a damaged or cut archive is refused when it shows."""
        with self._open() as (stream, position, total):
            reported = 0
            while chunk := self._read(stream):
                if not self.size_bytes:
                    self._look_at(chunk)
                self.size_bytes += len(chunk)
                self._digest.update(chunk)
                if (now := position()) - reported >= _REPORT_EVERY:
                    self._progress(self.name, now, total)
                    reported = now
                yield chunk
            if not self.size_bytes:
                raise self.refuse("empty_file", "is empty")
            self._progress(self.name, position(), total)

    def blocks(self, decode: Decode = utf8) -> Iterator[Block]:
        """The file as blocks of lines; the last line must be ended, or the file was cut."""
        first, rest = 1, b""
        for number, chunk in enumerate(self.chunks()):
            text = rest + (chunk.removeprefix(_BYTE_ORDER_MARK) if number == 0 else chunk)
            whole, ended, rest = text.rpartition(b"\n")
            if not ended:
                continue
            lines = self._decoded(whole, decode, first).split("\n")
            if lines[0].endswith("\r"):
                lines = [line.removesuffix("\r") for line in lines]
            yield Block(first, lines)
            first += len(lines)
        if rest:
            raise self.refuse("truncated", "ends in the middle of a line; the file was cut short", first)

    def _decoded(self, block: bytes, decode: Decode, first: int) -> str:
        if b"\0" in block:
            line = first + block[: block.index(b"\0")].count(b"\n")
            raise self.refuse("not_utf8", "holds a zero byte; it is not a text file", line)
        try:
            return decode(block)
        except UnicodeDecodeError as error:
            line = first + _lines_before(block, error)
            raise self.refuse("not_utf8", f"holds bytes that are not UTF-8 text: {error.reason}", line) from error

    def _look_at(self, start: bytes) -> None:
        text = start[:512].removeprefix(_BYTE_ORDER_MARK).lstrip().lower()
        if start.startswith(_UTF16):
            raise self.refuse("not_utf8", "is written in UTF-16; it was converted after the download", 1)
        if text.startswith((b"<!doctype html", b"<html")):
            raise self.refuse("wrong_file", "is a web page, as a failed download leaves it", 1)
        if text.startswith(b"version https://git-lfs"):
            raise self.refuse("wrong_file", "is a Git-LFS pointer, not the file it points to", 1)

    def _read(self, stream: BinaryIO) -> bytes:
        try:
            return stream.read(_BLOCK)
        except EOFError as error:
            raise self.refuse("truncated", "its compressed data ends early; download it again") from error
        except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, OSError) as error:
            raise self.refuse("damaged_archive", f"cannot be unpacked ({error}); download it again") from error

    @contextmanager
    def _open(self) -> Iterator[tuple[BinaryIO, Callable[[], int], int]]:
        """The stream, how far it has come, and how far it goes (both as packed, for gzip)."""
        with ExitStack() as stack:
            if self.given.member:
                archive = stack.enter_context(open_archive(self.given.path))
                info = archive.getinfo(self.given.member)
                stream = cast(BinaryIO, stack.enter_context(self._open_member(archive, info)))
                yield stream, lambda: self.size_bytes, info.file_size
                return
            raw = stack.enter_context(self.given.path.open("rb"))
            size = self.given.path.stat().st_size
            if raw.peek(2)[:2] == _GZIP:
                packed = cast(BinaryIO, stack.enter_context(gzip.GzipFile(fileobj=raw)))
                yield packed, raw.tell, size
            else:
                yield raw, lambda: self.size_bytes, size

    def _open_member(self, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> IO[bytes]:
        try:
            return archive.open(info)
        except (zipfile.BadZipFile, RuntimeError, NotImplementedError, OSError) as error:
            raise self.refuse("damaged_archive", f"cannot be unpacked ({error}); download it again") from error


def _lines_before(block: bytes, error: UnicodeDecodeError) -> int:
    """Lines before the fault; `error.object` is the block itself or one line of it."""
    start = error.start if error.object == block else block.find(error.object)
    return block[: max(start, 0)].count(b"\n")
