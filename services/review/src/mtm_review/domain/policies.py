"""Which of a sponsor's policies is for a member on a day.

A policy for a contract and a programme goes before one for the contract, and that before one for the programme. Two
policies for the same at one time are refused when they are loaded, so that never more than one acts.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Self

from mtm_review.domain.finding import PolicyState
from mtm_review.domain.policy import Policy


class Chosen(NamedTuple):
    """The policy that acts, and those that would be for the member and do not act on the day."""

    acting: Policy | None = None
    resting: tuple[Policy, ...] = ()


@dataclass(frozen=True, slots=True)
class Policies:
    """The loaded policies by id, and by what they are for."""

    by_id: Mapping[str, Policy] = field(default_factory=dict)
    by_scope: Mapping[tuple[str, str], tuple[Policy, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, policies: Iterable[Policy]) -> Self:
        """The policies with their index."""
        by_id = {policy.policy_id: policy for policy in policies}
        scopes = {scope for policy in by_id.values() for scope in policy.scopes()}
        return cls(by_id, {scope: tuple(p for p in by_id.values() if scope in p.scopes()) for scope in scopes})

    def of_member(self, program_id: str | None, contract_id: str | None, day: date) -> Chosen:
        """The policy that acts on the day for the member's programme and contract.

        Where the most specific one has ended, a wider one acts; the one that has ended is still told.
        """
        contract, program = contract_id or "", program_id or ""
        acting: Policy | None = None
        resting: list[Policy] = []
        for scope in dict.fromkeys([(contract, program), (contract, ""), ("", program)]):
            found = self.by_scope.get(scope, ())
            active = next((policy for policy in found if policy.state_on(day) is PolicyState.ACTIVE), None)
            acting = acting or active
            if found and active is None:
                resting.append(_nearest(found, day))
        return Chosen(acting, tuple({policy.policy_id: policy for policy in resting}.values()))


def _nearest(found: Iterable[Policy], day: date) -> Policy:
    """The one that ended last, else the one that begins first."""
    ended = [policy for policy in found if policy.state_on(day) is PolicyState.EXPIRED]
    if ended:
        return max(ended, key=lambda policy: policy.terms.expires_on)
    return min(found, key=lambda policy: policy.effective_from)
