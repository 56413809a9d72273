"""Netting: the final action of each claim, whatever order its records come in."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtm_eligibility.domain.facts import Adjustment, Fill
from mtm_eligibility.domain.netting import net_fills
from unit.eligibility.domain.example import drug, fill

ORIGINAL, ADJUSTED = Adjustment.ORIGINAL, Adjustment.ADJUSTED
DELETED, RESUBMITTED = Adjustment.DELETED, Adjustment.RESUBMITTED


def records(*kinds: Adjustment) -> list[Fill]:
    return [fill("1", drug("a"), cost=f"{place}.00", adjustment=kind) for place, kind in enumerate(kinds, 1)]


@pytest.mark.parametrize(
    ("kinds", "stands"),
    [
        ((ORIGINAL,), ORIGINAL),
        ((ADJUSTED,), ADJUSTED),
        ((RESUBMITTED,), RESUBMITTED),
        ((DELETED,), None),
        ((ORIGINAL, ADJUSTED), ADJUSTED),
        ((ORIGINAL, DELETED), None),
        ((ADJUSTED, DELETED), None),
        ((ORIGINAL, ADJUSTED, DELETED), None),
        ((ORIGINAL, DELETED, RESUBMITTED), RESUBMITTED),
    ],
)
def test_the_final_action_stands_in_every_order(kinds: tuple[Adjustment, ...], stands: Adjustment | None) -> None:
    for order in permutations(records(*kinds)):
        used, _ = net_fills(order)
        assert [each.adjustment for each in used] == ([] if stands is None else [stands])


def test_a_deletion_of_a_claim_that_was_not_given_is_named() -> None:
    _, not_counted = net_fills(records(DELETED))
    assert [each.code for each in not_counted] == ["deletion_without_claim"]


def test_the_same_record_twice_counts_once() -> None:
    once = fill("1", drug("a"))
    used, not_counted = net_fills([once, once])
    assert (len(used), [each.code for each in not_counted]) == (1, ["duplicate_claim"])


def test_two_adjustments_that_disagree_are_named_and_settled_the_same_way_in_every_order() -> None:
    one, other = fill("1", drug("a"), cost="5.00", adjustment=ADJUSTED), fill("1", drug("a"), adjustment=ADJUSTED)
    (used, named), (used_too, _) = net_fills([one, other]), net_fills([other, one])
    assert (used, [each.code for each in named]) == (used_too, ["conflicting_claim"])


def test_claims_without_a_key_are_never_netted_against_each_other() -> None:
    used, _ = net_fills([fill("", drug("a")), fill("", drug("a"), adjustment=ADJUSTED)])
    assert len(used) == 2


@given(st.lists(st.tuples(st.sampled_from("123"), st.sampled_from(list(Adjustment)), st.integers(1, 3)), max_size=12))
def test_every_record_is_used_or_named(given_records: list[tuple[str, Adjustment, int]]) -> None:
    fills = [fill(key, drug("a"), cost=f"{cost}.00", adjustment=kind) for key, kind, cost in given_records]
    used, not_counted = net_fills(fills)
    assert len(used) + len(not_counted) == len(fills)


@given(st.data())
def test_order_does_not_matter(data: st.DataObject) -> None:
    kinds = data.draw(st.lists(st.sampled_from(list(Adjustment)), min_size=1, max_size=5))
    fills = records(*kinds)
    shuffled = data.draw(st.permutations(fills))
    assert net_fills(fills)[0] == net_fills(shuffled)[0]
