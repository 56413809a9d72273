"""Members' profiles from the eligibility service, with its failures in the terms of a review."""

from datetime import date
from typing import Final

from mtm_shared.clients.eligibility import EligibilityClient
from mtm_shared.clients.errors import NotAllowed, NotFound, Refused, Unavailable
from mtm_shared.contracts.member import Profile

from mtm_review.usecases.ports import MemberNotFound, ProfilesRefused, ProfilesUnavailable

_UNTIL_CREDENTIALS_CHANGE: Final = 60
"""Seconds."""


class EligibilityProfiles:
    """Reads profiles over HTTP."""

    def __init__(self, client: EligibilityClient) -> None:
        self._client = client

    async def profile(self, member_id: str, as_of: date) -> Profile:
        """The member as of the day; raises `MemberNotFound`, `ProfilesRefused` or `ProfilesUnavailable`."""
        try:
            return await self._client.profile(member_id, as_of)
        except NotFound as error:
            raise MemberNotFound from error
        except NotAllowed as error:
            # Nothing is wrong with the member: a run must not fail thousands for one expired secret.
            raise ProfilesUnavailable(_UNTIL_CREDENTIALS_CHANGE) from error
        except Refused as error:
            raise ProfilesRefused from error
        except Unavailable as error:
            raise ProfilesUnavailable(error.retry_after) from error
