"""The burden of alerts on pharmacists: findings over a population without a policy and with it, as counts.

A plan decides on a policy by what it takes away: how many findings per hundred members, of which screens, severities
and rules, and how many members have long lists. Prescribers and pharmacists override most of the alerts that come in
long lists (van der Sijs et al., JAMIA 2006;13:138). Counts of members' screenings can be added in any order.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from mtm_review.domain.finding import Finding, PolicyReport, Screening

PERCENTILES: Final = (50, 75, 90, 95, 99)


class Kind(NamedTuple):
    """What kind of finding it is."""

    screen: str
    rule_id: str
    severity: str
    tier: int


@dataclass(frozen=True, slots=True)
class MemberSeen:
    """What one member's screening shows without the policy and with it, and what the policy moved."""

    without: tuple[Kind, ...]
    with_policy: tuple[Kind, ...]
    hidden: int = 0
    shown: int = 0
    lowered: int = 0
    may_not_hide: int = 0
    state: str = ""


@dataclass(slots=True)
class Burden:
    """Counts over members so far; `add` takes one member more. `lengths` counts members by their number of findings."""

    members: int = 0
    kinds_without: Counter[Kind] = field(default_factory=Counter)
    kinds_with: Counter[Kind] = field(default_factory=Counter)
    lengths_without: Counter[int] = field(default_factory=Counter)
    lengths_with: Counter[int] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)

    def add(self, seen: MemberSeen) -> None:
        """Count one member."""
        self.members += 1
        self.kinds_without.update(seen.without)
        self.kinds_with.update(seen.with_policy)
        self.lengths_without[len(seen.without)] += 1
        self.lengths_with[len(seen.with_policy)] += 1
        self.states[seen.state] += 1
        for name in ("hidden", "shown", "lowered", "may_not_hide"):
            self.moved[name] += getattr(seen, name)


def member_seen(without: Screening, with_policy: Screening) -> MemberSeen:
    """A member's screening without and with the policy, as it is counted."""
    report = with_policy.policy
    return MemberSeen(
        without=_kinds(without.findings),
        with_policy=_kinds(with_policy.findings),
        hidden=_count(report, "hides"),
        shown=_count(report, "shows"),
        lowered=_count(report, "lowers"),
        may_not_hide=_count(report, "may_not_hide"),
        state=report.state.value if report is not None else "none",
    )


def _kinds(findings: Sequence[Finding]) -> tuple[Kind, ...]:
    return tuple(Kind(f.screen.value, f.rule_id, f.severity.value, f.tier) for f in findings)


def _count(report: PolicyReport | None, name: str) -> int:
    return len(getattr(report, name)) if report is not None else 0


class Line(NamedTuple):
    """One line of a table: how many findings without and with the policy, and per hundred members."""

    name: str
    without: int
    with_policy: int
    without_per_100: Decimal
    with_per_100: Decimal


class Spread(NamedTuple):
    """How findings spread over members: the mean, percentiles by nearest rank, the longest list, members with many."""

    findings: int
    mean: Decimal
    percentiles: dict[str, int]
    most: int
    members_with_1_or_more: int
    members_with_5_or_more: int


@dataclass(frozen=True, slots=True)
class AlertBurden:
    """The counts in the tables that a plan reads."""

    members: int
    hidden: int
    shown: int
    lowered: int
    may_not_hide: int
    states: dict[str, int]
    without: Spread
    with_policy: Spread
    by_screen: tuple[Line, ...]
    by_severity: tuple[Line, ...]
    by_tier: tuple[Line, ...]
    by_rule: tuple[Line, ...]


def alert_burden(burden: Burden) -> AlertBurden:
    """The tables of the counts."""
    return AlertBurden(
        members=burden.members,
        hidden=burden.moved["hidden"],
        shown=burden.moved["shown"],
        lowered=burden.moved["lowered"],
        may_not_hide=burden.moved["may_not_hide"],
        states=dict(sorted(burden.states.items())),
        without=spread(burden.lengths_without),
        with_policy=spread(burden.lengths_with),
        by_screen=lines(burden, "screen"),
        by_severity=lines(burden, "severity"),
        by_tier=lines(burden, "tier"),
        by_rule=lines(burden, "rule_id"),
    )


def lines(burden: Burden, part: str) -> tuple[Line, ...]:
    """The findings by `screen`, `severity`, `tier` or `rule_id`, the most frequent first."""
    without, with_policy = (_by(kinds, part) for kinds in (burden.kinds_without, burden.kinds_with))
    return tuple(
        Line(
            name,
            without[name],
            with_policy[name],
            per_100(without[name], burden.members),
            per_100(with_policy[name], burden.members),
        )
        for name in sorted({*without, *with_policy}, key=lambda name: (-without[name], -with_policy[name], name))
    )


def _by(kinds: Counter[Kind], part: str) -> Counter[str]:
    found: Counter[str] = Counter()
    for kind, count in kinds.items():
        found[str(getattr(kind, part))] += count
    return found


def per_100(count: int, members: int) -> Decimal:
    """A count per hundred members, to one decimal."""
    return _rounded(Decimal(100 * count) / members) if members else Decimal("0.0")


def _rounded(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.1"), rounding=ROUND_HALF_UP)


def spread(lengths: Counter[int]) -> Spread:
    """How the findings spread, by members per number of findings."""
    members = lengths.total()
    findings = sum(length * count for length, count in lengths.items())
    return Spread(
        findings=findings,
        mean=_rounded(Decimal(findings) / members) if members else Decimal("0.0"),
        percentiles={f"p{percent}": _percentile(lengths, members, percent) for percent in PERCENTILES},
        most=max((length for length, count in lengths.items() if count), default=0),
        members_with_1_or_more=_at_least(lengths, 1),
        members_with_5_or_more=_at_least(lengths, 5),
    )


def _percentile(lengths: Counter[int], members: int, percent: int) -> int:
    """The number of findings that so many percent of the members do not exceed."""
    rank = -(-percent * members // 100)
    passed = 0
    for length in sorted(lengths):
        passed += lengths[length]
        if passed >= rank:
            return length
    return 0


def _at_least(lengths: Counter[int], many: int) -> int:
    return sum(count for length, count in lengths.items() if length >= many)
