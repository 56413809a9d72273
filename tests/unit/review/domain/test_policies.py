"""Which policy is for a member: the most specific one that acts, and what is told of one that has ended."""

from datetime import date

from mtm_review.domain.policies import Policies
from mtm_review.domain.policy import Policy
from policies import a_policy

IN_2025 = {"effective_from": date(2025, 1, 1), "expires_on": date(2025, 12, 31)}
IN_2027 = {"effective_from": date(2027, 1, 1), "expires_on": date(2027, 12, 31)}
DAY = date(2026, 6, 30)

BOTH = a_policy(policy_id="both", programs=["cms-2026"], contracts=["H1234"])
CONTRACT = a_policy(policy_id="contract", programs=[], contracts=["H1234"])
PROGRAM = a_policy(policy_id="program")


def chosen(
    *policies: Policy, program: str | None = "cms-2026", contract: str | None = "H1234"
) -> tuple[str, list[str]]:
    found = Policies.of(policies).of_member(program, contract, DAY)
    return found.acting.policy_id if found.acting else "", [policy.policy_id for policy in found.resting]


def test_the_most_specific_policy_acts() -> None:
    assert chosen(PROGRAM, CONTRACT, BOTH) == ("both", [])
    assert chosen(PROGRAM, CONTRACT) == ("contract", [])
    assert chosen(PROGRAM) == ("program", [])
    assert chosen(PROGRAM, CONTRACT, BOTH, contract="S5678") == ("program", [])
    assert chosen(PROGRAM, CONTRACT, BOTH, program=None) == ("contract", [])


def test_nothing_is_chosen_for_others() -> None:
    assert chosen() == ("", [])
    assert chosen(PROGRAM, CONTRACT, BOTH, program="aetna-2021", contract=None) == ("", [])


def test_a_policy_that_ended_gives_way_to_a_wider_one_and_is_told() -> None:
    ended = a_policy(policy_id="ended", programs=[], contracts=["H1234"], **IN_2025)
    assert chosen(PROGRAM, ended) == ("program", ["ended"])


def test_a_policy_that_ended_and_has_a_successor_is_not_told() -> None:
    assert chosen(a_policy(policy_id="ended", **IN_2025), PROGRAM) == ("program", [])


def test_the_one_that_ended_last_is_told_before_one_that_is_to_come() -> None:
    ended, coming = a_policy(policy_id="ended", **IN_2025), a_policy(policy_id="coming", **IN_2027)
    assert chosen(ended, coming) == ("", ["ended"])
    assert chosen(coming) == ("", ["coming"])
