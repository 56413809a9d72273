"""The versions of the knowledge that this service can judge by: its own and those that were archived.

A review is pinned to the version that made it (`made_by.knowledge_version`). To say what a later version changes, both
must be at hand. The archive is a folder (`MTM_KNOWLEDGE_ARCHIVE`) with one sub-folder or one packed file a version;
each is read by the loader of the service, at the first question for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mtm_shared.reference import ReferenceDataError
from mtm_shared.vocabulary import Vocabulary

from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.versions import UnusableVersion, VersionNotFound
from mtm_review.reference import KNOWLEDGE, load_knowledge, read_knowledge, version_of
from mtm_review.reference.archives import read_manifest, unpacked
from mtm_review.reference.rows import earlier_version


@dataclass(frozen=True, slots=True)
class Shelf:
    """`today` is what the service screens with; `places` says where the archived versions are."""

    today: Knowledge
    vocabulary: Vocabulary
    places: Mapping[str, Path]
    _read: dict[str, Knowledge]

    @classmethod
    def of(cls, today: Knowledge, vocabulary: Vocabulary, archive: Path | None = None) -> "Shelf":
        """The shelf, with the packaged version where today's is another; raises where the archive has a fault."""
        places = {version_of(KNOWLEDGE)[0]: KNOWLEDGE}
        return cls(today, vocabulary, places | (places_in(archive) if archive is not None else {}), {})

    @property
    def versions(self) -> tuple[str, ...]:
        """Every version at hand, by name."""
        return tuple(sorted({self.today.version, *self.places}))

    def version(self, version: str) -> Knowledge:
        """The knowledge of this version; raises `VersionNotFound` or `UnusableVersion`."""
        if version == self.today.version:
            return self.today
        if version not in self.places:
            raise VersionNotFound(version)
        if version not in self._read:
            try:
                self._read[version] = read_version(self.places[version], self.vocabulary)
            except ReferenceDataError as refusal:
                raise UnusableVersion(version, str(refusal)) from refusal
        return self._read[version]


def places_in(archive: Path) -> dict[str, Path]:
    """Where each version of the archive is; raises where two things are one version or a thing is none."""
    if not archive.is_dir():
        raise ReferenceDataError(str(archive), "must be a folder of knowledge versions")
    found: dict[str, Path] = {}
    for path in sorted(archive.iterdir()):
        if path.is_dir():
            version = version_of(path)[0]
        elif path.suffix == ".zip":
            version = read_manifest(path).version
        else:
            continue
        if version in found:
            raise ReferenceDataError(path.name, f"is the version of {found[version].name} again", version)
        found[version] = path
    return found


def running_knowledge(place: Path, vocabulary: Vocabulary) -> Knowledge:
    """What a service is told to run on: a folder that lacks nothing, or a packed version, to go back to."""
    return load_knowledge(place, vocabulary) if place.is_dir() else read_version(place, vocabulary)


def read_version(place: Path, vocabulary: Vocabulary) -> Knowledge:
    """An archived version from its folder or its packed file."""
    try:
        with earlier_version():
            if place.is_dir():
                return read_knowledge(place, vocabulary)
            with unpacked(place) as folder:
                return read_knowledge(folder, vocabulary)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # A loader that cannot do without what came later; the version is refused, and the service goes on.
        raise ReferenceDataError(place.name, f"is of another shape than this release reads ({error!r})") from error
