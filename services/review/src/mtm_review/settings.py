"""Settings of the review service: what every service reads, and which clinical knowledge it runs on."""

from dataclasses import dataclass
from pathlib import Path

from mtm_shared.web.settings import ServiceSettings, variable


@dataclass(frozen=True, slots=True)
class ReviewSettings(ServiceSettings):
    """`MTM_ELIGIBILITY_URL` says where members are read."""

    knowledge_path: Path | None = variable(
        "MTM_KNOWLEDGE", "folder of knowledge files to run on (default: the packaged ones)", default=None, parse=Path
    )
    knowledge_archive: Path | None = variable(
        "MTM_KNOWLEDGE_ARCHIVE",
        "folder of earlier knowledge versions (`mtm-review knowledge pack`), for replays",
        default=None,
        parse=Path,
    )

    def faults(self) -> list[str]:
        """Why the service must not start; knowledge is read here, so that it is refused in one line."""
        # `slots` makes the class anew, so that `super()` without arguments would look for the old one.
        return ServiceSettings.faults(self) + _knowledge_faults(self)


def _knowledge_faults(settings: ReviewSettings) -> list[str]:
    if settings.knowledge_path is None and settings.knowledge_archive is None:
        return []
    from mtm_shared.reference import ReferenceDataError  # who names neither does not pay for the import

    from mtm_review.reference import version_of
    from mtm_review.reference.shelf import places_in

    faults = []
    checks = (
        ("MTM_KNOWLEDGE", settings.knowledge_path, version_of),
        ("MTM_KNOWLEDGE_ARCHIVE", settings.knowledge_archive, places_in),
    )
    for variable_name, path, read in checks:
        try:
            if path is not None:
                read(path)
        except ReferenceDataError as refusal:
            faults.append(f"{variable_name} cannot be used: {refusal}")
    return faults
