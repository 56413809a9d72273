"""Which sponsor's policy a screening is shown by: that of the member's payer, or one that the caller names or sends."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from mtm_shared.contracts.policies import PolicyIn
from mtm_shared.reference import ReferenceDataError, collect

from mtm_review.domain.finding import PolicyState, Screening
from mtm_review.domain.policed import Asked
from mtm_review.domain.policies import Policies
from mtm_review.domain.policy import Policy
from mtm_review.reference.policy_tables import Ground, read_policy
from mtm_review.usecases.ports import Expertise


class UnknownPolicy(Exception):
    """No policy with this id is loaded; `pointer` is where the request names it."""

    def __init__(self, pointer: str) -> None:
        super().__init__("no such policy is loaded")
        self.pointer = pointer


class PolicyRefused(Exception):
    """A policy that the caller sent cannot be used; `faults` are places below `pointer` with what is wrong there."""

    def __init__(self, pointer: str, refusals: Sequence[ReferenceDataError]) -> None:
        super().__init__("the policy cannot be used")
        self.faults = [(pointer + _below(refusal.where), _rule(refusal.problem)) for refusal in refusals]


class Payer(NamedTuple):
    """Under which programme and contract a member is."""

    program_id: str | None = None
    contract_id: str | None = None


_SENT = "policy"


def policy_of_member(expertise: Expertise, payer: Payer, day: date) -> Asked | None:
    """What to ask for a member on the day; None where no policy is for the member."""
    chosen = expertise.policies.of_member(payer.program_id, payer.contract_id, day)
    if chosen.acting is None and not chosen.resting:
        return None
    return Asked(day, chosen.acting, resting=chosen.resting)


def policy_of_request(given: str | Mapping[str, Any], expertise: Expertise, pointer: str) -> Policy:
    """The loaded policy with this id, or the policy that the caller sent; raises `UnknownPolicy`, `PolicyRefused`."""
    if isinstance(given, str):
        if given not in expertise.policies.by_id:
            raise UnknownPolicy(pointer)
        return expertise.policies.by_id[given]
    ground = Ground.of(expertise.knowledge, expertise.vocabulary)
    collected = collect(lambda: read_policy(given, _SENT, ground))
    if collected.refusals or collected.value is None:
        raise PolicyRefused(pointer, collected.refusals)
    return collected.value


def document_of(policy: PolicyIn) -> dict[str, Any]:
    """A policy that was sent, in the shape of a file."""
    return policy.model_dump(by_alias=True, exclude_none=True, exclude_unset=True)


def policy_versions(policies: Policies, day: date) -> list[dict[str, str]]:
    """Every loaded policy with its version, and whether it acts on the day."""
    return [
        {
            "policy_id": policy.policy_id,
            "version": policy.version,
            "state": policy.state_on(day).value,
            "expires_on": policy.terms.expires_on.isoformat(),
        }
        for policy in policies.by_id.values()
    ]


def acted(screening: Screening, asked: Asked | None) -> str | None:
    """The name of the policy by which the screening is shown; None where none acted."""
    report = screening.policy
    if report is None or asked is None or asked.policy is None or report.shadow:
        return None
    return asked.policy.name if report.state is PolicyState.ACTIVE else None


def _below(where: str) -> str:
    """`policy.off[0].rule` as a JSON pointer below the policy."""
    steps = where.removeprefix(_SENT).replace("[", ".").replace("]", "")
    return steps.replace(".", "/")


def _rule(problem: str) -> str:
    """What is asked there, without what was sent."""
    text = problem.split(", but is ")[0]
    return f"{text[0].upper()}{text[1:]}."
