"""A version of the knowledge as one file: packed the same to the byte each time, and trusted only when whole.

The archive is a zip of the files that make the version, with `manifest.json` naming the version, its fingerprint and
the SHA-256 of each file. Names are sorted and the times in it are zip's first day, so that the same files give the same
archive on every machine, and a copy can be compared with the original.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from mtm_shared.reference import ReferenceDataError

from mtm_review.reference import version_of

MANIFEST: Final = "manifest.json"
FORMAT: Final = 1
_SUFFIXES: Final = (".csv", ".toml")
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
_LARGEST: Final = 50_000_000


@dataclass(frozen=True, slots=True)
class Manifest:
    """What an archive says that it holds; `files` are SHA-256 by name."""

    version: str
    fingerprint: str
    files: Mapping[str, str]


def manifest_of(folder: Path) -> Manifest:
    """The manifest of a folder of knowledge files as they stand."""
    version, marked = version_of(folder)
    files = {path.name: _sha256(_content(path)) for path in _files(folder)}
    return Manifest(version, marked, files)


def pack(folder: Path, out: Path) -> Manifest:
    """Write the archive of a folder."""
    manifest = manifest_of(folder)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        _add(archive, MANIFEST, _written(manifest))
        for path in _files(folder):
            _add(archive, path.name, _content(path))
    return manifest


def read_manifest(path: Path) -> Manifest:
    """What the archive says that it holds; nothing is proven before it is `unpacked`."""
    with _opened(path) as archive:
        return _manifest(path, archive)


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The files of a sound archive in a folder that is gone afterwards; raises `ReferenceDataError` for another."""
    with _opened(path) as archive, TemporaryDirectory(prefix="openmtm-knowledge-") as made:
        manifest = _manifest(path, archive)
        folder = Path(made)
        if wrong := set(archive.namelist()) ^ {MANIFEST, *manifest.files}:
            raise ReferenceDataError(path.name, f"must hold the files of its manifest, but not so: {sorted(wrong)[0]}")
        for name, told in manifest.files.items():
            content = archive.read(name)
            if _sha256(content) != told:
                raise ReferenceDataError(path.name, f"{name} is not the file that was packed: its SHA-256 differs")
            (folder / name).write_bytes(content)
        version, marked = version_of(folder)
        if (version, marked) != (manifest.version, manifest.fingerprint):
            raise ReferenceDataError(path.name, f"says {manifest.version} and holds {version}", manifest.version)
        yield folder


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(item.file_size for item in archive.infolist()) > _LARGEST:
                raise ReferenceDataError(path.name, f"would unpack to more than {_LARGEST} bytes")
            yield archive
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise ReferenceDataError(path.name, f"is no archive of knowledge that can be read ({error})") from error


def _manifest(path: Path, archive: zipfile.ZipFile) -> Manifest:
    try:
        told: dict[str, Any] = json.loads(archive.read(MANIFEST))
        if told["format"] != FORMAT:
            raise ReferenceDataError(path.name, f"has format {told['format']}, and this release reads {FORMAT}")
        files = {str(name): str(digest) for name, digest in told["files"].items()}
        manifest = Manifest(str(told["version"]), str(told["fingerprint"]), files)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise ReferenceDataError(path.name, f"has no {MANIFEST} that can be read") from error
    if bad := [name for name in files if Path(name).name != name or not name.endswith(_SUFFIXES)]:
        raise ReferenceDataError(path.name, f"must hold only .csv and .toml files, but names {bad[0]!r}", bad[0])
    return manifest


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.name.endswith(_SUFFIXES))


def _content(path: Path) -> bytes:
    """With one kind of line ends, as the fingerprint reads it."""
    return path.read_bytes().replace(b"\r\n", b"\n")


def _written(manifest: Manifest) -> bytes:
    told = {
        "format": FORMAT,
        "version": manifest.version,
        "fingerprint": manifest.fingerprint,
        "files": dict(manifest.files),
    }
    return (json.dumps(told, indent=2) + "\n").encode()


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    item = zipfile.ZipInfo(name, _FIRST_DAY)
    item.compress_type = zipfile.ZIP_DEFLATED
    item.create_system = 3
    item.external_attr = 0o644 << 16
    archive.writestr(item, content, compresslevel=9)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
