"""Versions of the knowledge, as use cases ask for them: a review is pinned to the one that made it."""

from collections.abc import Sequence
from typing import Protocol

from mtm_review.domain.knowledge import Knowledge


class VersionNotFound(Exception):
    """No version of the knowledge with this name is at hand."""

    def __init__(self, version: str) -> None:
        super().__init__(f"knowledge {version} is not at hand")
        self.version = version


class UnusableVersion(Exception):
    """The version is at hand, and this release cannot read it; `because` says why."""

    def __init__(self, version: str, because: str) -> None:
        super().__init__(f"knowledge {version} cannot be used: {because}")
        self.version = version
        self.because = because


class Versions(Protocol):
    """Every version of the knowledge at hand, today's among them."""

    @property
    def today(self) -> Knowledge:
        """What the service screens with."""
        ...

    @property
    def versions(self) -> Sequence[str]:
        """Every version at hand, by name."""
        ...

    def version(self, version: str) -> Knowledge:
        """The knowledge of this version; raises `VersionNotFound` or `UnusableVersion`."""
        ...
