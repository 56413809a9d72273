"""Settings of the review service: what every service reads, and nothing more."""

from dataclasses import dataclass

from mtm_shared.web.settings import ServiceSettings


@dataclass(frozen=True, slots=True)
class ReviewSettings(ServiceSettings):
    """`MTM_ELIGIBILITY_URL` says where members are read."""
