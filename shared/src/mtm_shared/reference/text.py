"""The text of a reference file."""

from pathlib import Path

from mtm_shared.reference.refusals import ReferenceDataError


def text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8")
    except OSError as error:
        raise ReferenceDataError(path.name, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise ReferenceDataError(path.name, f"not UTF-8 at byte {error.start}") from error
