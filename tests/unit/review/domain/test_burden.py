"""Counts of findings over members: adding up, per hundred, percentiles by nearest rank."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from mtm_review.domain.burden import Burden, Kind, Line, MemberSeen, alert_burden

MAJOR, MINOR = Kind("dose", "dose.a", "major", 1), Kind("cost", "cost.b", "minor", 2)


def a_member(without: int, with_policy: int) -> MemberSeen:
    hidden = max(without - with_policy, 0)
    return MemberSeen((MAJOR,) * without, (MAJOR,) * with_policy, hidden=hidden, state="active")


def counted(*members: MemberSeen) -> Burden:
    burden = Burden()
    for member in members:
        burden.add(member)
    return burden


def test_findings_are_counted_by_what_they_are_without_and_with_the_policy() -> None:
    burden = alert_burden(
        counted(MemberSeen((MAJOR, MINOR), (MAJOR,), hidden=1, state="active"), a_member(1, 1), a_member(0, 0))
    )
    dose, cost = burden.by_screen
    assert dose == Line("dose", 2, 2, Decimal("66.7"), Decimal("66.7"))
    assert cost == Line("cost", 1, 0, Decimal("33.3"), Decimal(0))
    assert [(line.name, line.without, line.with_policy) for line in burden.by_tier] == [("1", 2, 2), ("2", 1, 0)]
    assert [line.name for line in burden.by_rule] == ["dose.a", "cost.b"]
    assert (burden.members, burden.hidden, burden.states) == (3, 1, {"active": 3})


def test_percentiles_are_by_nearest_rank() -> None:
    burden = alert_burden(counted(*(a_member(length, 0) for length in range(1, 11))))
    assert burden.without.percentiles == {"p50": 5, "p75": 8, "p90": 9, "p95": 10, "p99": 10}
    assert (burden.without.mean, burden.without.most, burden.without.findings) == (Decimal("5.5"), 10, 55)
    assert (burden.with_policy.mean, burden.with_policy.most) == (Decimal("0.0"), 0)


def test_members_with_many_are_counted_from_the_bound_on() -> None:
    spread = alert_burden(counted(*(a_member(length, length) for length in (0, 1, 4, 5, 6)))).without
    assert (spread.members_with_1_or_more, spread.members_with_5_or_more) == (4, 2)


def test_no_member_is_no_burden() -> None:
    burden = alert_burden(Burden())
    assert (burden.members, burden.without.mean, burden.by_screen) == (0, Decimal("0.0"), ())
    assert set(burden.without.percentiles.values()) == {0}


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=30))
def test_every_finding_is_in_every_table_once(lengths: list[tuple[int, int]]) -> None:
    burden = alert_burden(counted(*(a_member(*length) for length in lengths)))
    total = sum(length for length, _ in lengths)
    for table in (burden.by_screen, burden.by_severity, burden.by_tier, burden.by_rule):
        assert sum(line.without for line in table) == total == burden.without.findings
    values = list(burden.without.percentiles.values())
    assert values == sorted(values)
    assert values[-1] <= burden.without.most
