"""The text of a reference file, which is UTF-8 without a byte order mark; says what an editor has made of it if not."""

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from pathlib import Path

from mtm_shared.reference.refusals import ReferenceDataError, RefusalKind


def text_of(path: Path) -> str:
    """The text, or a refusal that names the line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path.name, f"cannot be read ({error.strerror})") from error
    if content.startswith(BOM_UTF8):
        raise _unreadable(path.name, "begins with a byte order mark: save it as UTF-8 without one (no BOM)")
    if content.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        raise _unreadable(path.name, "not UTF-8 but UTF-16: save it as UTF-8")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = f"not UTF-8 at byte {error.start}: save it as UTF-8 (the byte is 0x{content[error.start]:02x})"
        raise _unreadable(f"{path.name}:{line}", problem) from error


def _unreadable(where: str, problem: str) -> ReferenceDataError:
    return ReferenceDataError(where, problem, kind=RefusalKind.UNREADABLE)
