"""Finding official files as they were downloaded: a plain file, one compressed by gzip, a folder, or a zip archive.

Compression is told by the first bytes, not by the name, because browsers and mirrors rename what they save.
"""

import re
import zipfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from mtm_shared.vocabulary.official.records import OfficialFileError

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"


class Given(NamedTuple):
    """One file that can be read: `member` is its name inside the zip at `path`, or "" when `path` is the file."""

    path: Path
    member: str = ""

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.path.name}/{self.member}" if self.member else self.path.name

    @property
    def is_subset(self) -> bool:
        """True for the prescribable subset that the zip of a full RxNorm release holds besides the whole."""
        return "prescribe" in PurePosixPath(self.member).parts[:-1]

    @property
    def base(self) -> str:
        """The file's own name without folders and without .gz."""
        return re.sub(r"\.gz$", "", PurePosixPath(self.member or self.path.name).name, flags=re.IGNORECASE)


def shown_name(path: Path) -> str:
    """The file's or folder's own name, also for `.`."""
    return path.name or path.resolve().name


def is_zip(path: Path) -> bool:
    """True for a zip archive, by its first bytes."""
    with path.open("rb") as file:
        return file.read(4) in (_ZIP, _EMPTY_ZIP)


def open_archive(path: Path) -> zipfile.ZipFile:
    """The archive at `path`; refused when its directory is missing, as after an interrupted download."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise OfficialFileError(
            "damaged_archive", path.name, f"is not a whole zip archive ({error}); download it again"
        ) from error


def files_in(path: Path) -> tuple[Given, ...]:
    """Every file at `path`: itself, the members of the zip, or what lies in the folder and its first sub-folders."""
    if path.is_dir():
        inside = [*path.iterdir(), *(file for folder in path.iterdir() if folder.is_dir() for file in folder.iterdir())]
        return tuple(Given(file) for file in sorted(inside) if file.is_file())
    if not path.is_file():
        problem = "is neither a file nor a folder" if path.exists() else "there is no such file or folder"
        raise OfficialFileError("missing_file", shown_name(path), problem)
    if not is_zip(path):
        return (Given(path),)
    with open_archive(path) as archive:
        return tuple(Given(path, info.filename) for info in archive.infolist() if not info.is_dir())


def find(path: Path, pattern: str, what: str) -> Given | None:
    """The one file whose own name fits `pattern` (without regard to case); None without one, refused for several."""
    fitting = [given for given in files_in(path) if re.fullmatch(pattern, given.base, re.IGNORECASE)]
    if len(fitting) > 1:
        fitting = [given for given in fitting if not given.is_subset] or fitting
    if len(fitting) > 1:
        names = ", ".join(given.name for given in fitting[:4])
        raise OfficialFileError(
            "wrong_file",
            shown_name(path),
            f"holds {len(fitting)} files that could be {what}, name one: {names}",
        )
    return fitting[0] if fitting else None


def find_required(path: Path, pattern: str, what: str) -> Given:
    """As `find`, and refused without one."""
    given = find(path, pattern, what)
    if given is None:
        held = ", ".join(given.base for given in files_in(path)[:6]) or "no file, nor do the folders in it"
        raise OfficialFileError("missing_file", shown_name(path), f"does not hold {what}; it holds {held}")
    return given


def the_one_file(path: Path, pattern: str, what: str) -> Given:
    """The file itself when `path` is one; otherwise the one that fits in the folder or zip."""
    if path.is_file() and not is_zip(path):
        return Given(path)
    inside = files_in(path)
    return inside[0] if len(inside) == 1 else find_required(path, pattern, what)
