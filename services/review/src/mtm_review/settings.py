"""Settings of the review service: what every service reads, which knowledge it runs on, and sponsors' policies."""

from dataclasses import dataclass
from pathlib import Path

from mtm_shared.web.settings import ServiceSettings, variable


@dataclass(frozen=True, slots=True)
class ReviewSettings(ServiceSettings):
    """`MTM_ELIGIBILITY_URL` says where members are read; without `MTM_POLICIES` nothing is hidden by a policy."""

    knowledge_path: Path | None = variable(
        "MTM_KNOWLEDGE",
        "knowledge to run on: a folder of files, or a packed version (default: the packaged files)",
        default=None,
        parse=Path,
    )
    knowledge_archive: Path | None = variable(
        "MTM_KNOWLEDGE_ARCHIVE",
        "folder of earlier knowledge versions (`mtm-review knowledge pack`), for replays",
        default=None,
        parse=Path,
    )
    policies_path: Path | None = variable(
        "MTM_POLICIES",
        "folder of sponsors' policies (*.toml, see docs/operations/policies.md)",
        default=None,
        parse=Path,
    )

    def faults(self) -> list[str]:
        """Why the service must not start; knowledge and policies are read here, so that a fault is told in one line."""
        # `slots` makes the class anew, so that `super()` without arguments would look for the old one.
        faults = ServiceSettings.faults(self) + _knowledge_faults(self)
        return faults or _policy_faults(self)


def _policy_faults(settings: ReviewSettings) -> list[str]:
    if settings.policies_path is None:
        return []
    from mtm_shared.reference import ReferenceDataError  # a service without policies does not pay for the import

    from mtm_review.main import load_policies_of

    try:
        load_policies_of(settings)
    except ReferenceDataError as error:
        return [f"MTM_POLICIES cannot be used: {error}"]
    return []


def _knowledge_faults(settings: ReviewSettings) -> list[str]:
    if settings.knowledge_path is None and settings.knowledge_archive is None:
        return []
    from mtm_shared.reference import ReferenceDataError  # who names neither does not pay for the import
    from mtm_shared.vocabulary import load_vocabulary

    from mtm_review.reference.shelf import places_in, running_knowledge

    faults = []
    try:
        if settings.knowledge_archive is not None:
            places_in(settings.knowledge_archive)
    except ReferenceDataError as refusal:
        faults.append(f"MTM_KNOWLEDGE_ARCHIVE cannot be used: {refusal}")
    try:
        if settings.knowledge_path is not None:
            running_knowledge(settings.knowledge_path, load_vocabulary(settings.vocabulary_path))
    except ReferenceDataError as refusal:
        faults.append(f"MTM_KNOWLEDGE cannot be used: {refusal}")
    return faults
