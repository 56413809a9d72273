"""The official files that a build is given, and reading them one after the other so that one at a time is in memory."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from mtm_shared.vocabulary.official.records import SourceFile

Stage = Callable[[str], None]
"""Told what begins: `reading RxNorm`, `writing names`."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where each official file lies; what is None is left out. Each may be a folder, a file, or an archive of it.

    `icd10` may name several editions: claims of two years span three of them, and a code that a later edition dropped
    is still right on an older claim. The last one named gives the titles.
    """

    rxnorm: Path | None = None
    ndc: Path | None = None
    medrt: Path | None = None
    icd10: tuple[Path, ...] = ()
    nadac: Path | None = None


def edition_print(version: str, overlay: str, files: tuple[SourceFile, ...]) -> str:
    """What a build is called that was not given a name: the curated edition and 12 hex digits of all that went in."""
    digest = hashlib.sha256(overlay.encode())
    for file in sorted(files, key=lambda file: (file.kind, file.name, file.sha256)):
        digest.update(f"\n{file.kind} {file.sha256}".encode())
    return f"{version}+{digest.hexdigest()[:12]}"
