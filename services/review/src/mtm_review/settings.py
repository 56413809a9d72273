"""Settings of the review service: what every service reads, and where the sponsors' policies are."""

from dataclasses import dataclass
from pathlib import Path

from mtm_shared.reference import ReferenceDataError
from mtm_shared.web.settings import ServiceSettings, variable


@dataclass(frozen=True, slots=True)
class ReviewSettings(ServiceSettings):
    """`MTM_ELIGIBILITY_URL` says where members are read; without `MTM_POLICIES` nothing is hidden by a policy."""

    policies_path: Path | None = variable(
        "MTM_POLICIES",
        "folder of sponsors' policies (*.toml, see docs/operations/policies.md)",
        default=None,
        parse=Path,
    )

    def faults(self) -> list[str]:
        """A policy that cannot be read stops the service in one line, not a review later."""
        # A dataclass with slots has no zero-argument super().
        faults = ServiceSettings.faults(self)
        if self.policies_path is None or faults:
            return faults
        from mtm_review.main import load_policies_of  # a service without policies does not pay for it

        try:
            load_policies_of(self)
        except ReferenceDataError as error:
            return [f"MTM_POLICIES cannot be used: {error}"]
        return []
