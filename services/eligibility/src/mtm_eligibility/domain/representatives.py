"""Who may speak for a member, for what, and from when to when.

A personal representative under state law (power of attorney, health care proxy, guardian) may decide for the member
(45 CFR 164.502(g)); a caregiver or someone with the member's consent may be involved in what the member agreed to
(45 CFR 164.510(b)), which never includes deciding.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Scope(StrEnum):
    """What a representative may do for the member."""

    SCHEDULE = "schedule"
    DISCUSS = "discuss"
    RECEIVE_DOCUMENTS = "receive_documents"
    DECIDE = "decide"


class Basis(StrEnum):
    """On what ground somebody represents the member."""

    POWER_OF_ATTORNEY = "power_of_attorney"
    HEALTH_CARE_PROXY = "health_care_proxy"
    GUARDIAN = "guardian"
    MEMBER_CONSENT = "member_consent"
    CAREGIVER = "caregiver"


TALKING = frozenset({Scope.SCHEDULE, Scope.DISCUSS, Scope.DECIDE})
"""Any of these lets a representative be spoken to about the review; none of them is implied by receiving letters."""
DECIDING = frozenset({Scope.DECIDE})
_MAY_DECIDE = frozenset({Basis.POWER_OF_ATTORNEY, Basis.HEALTH_CARE_PROXY, Basis.GUARDIAN})


@dataclass(frozen=True, slots=True)
class Authority:
    """A representative's scopes and days; `effective_to` is the last day, `ended_on` the first without authority."""

    scopes: frozenset[Scope]
    effective_from: date
    effective_to: date | None
    ended_on: date | None

    def holds_on(self, day: date) -> bool:
        """Whether the authority stands on the day."""
        begun = self.effective_from <= day
        lasts = self.effective_to is None or day <= self.effective_to
        return begun and lasts and (self.ended_on is None or day < self.ended_on)

    def allows(self, scopes: Collection[Scope], day: date) -> bool:
        """Whether it stands on the day and covers one of the scopes."""
        return self.holds_on(day) and not self.scopes.isdisjoint(scopes)


def may_hold(basis: Basis, scopes: Collection[Scope]) -> bool:
    """Whether the ground carries the scopes: nobody decides for a member on consent or care alone."""
    return Scope.DECIDE not in scopes or basis in _MAY_DECIDE
