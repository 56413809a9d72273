"""Every labelled case of a recommendation and the claims after it, and what can never be (ADR 26)."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtm_review.domain.resolution import Absence, Dispensed, Question, is_resolved, judge

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("resolutions.toml").read_text())["case"]
SENT = date(2026, 3, 1)


def fill(told: list[Any]) -> Dispensed:
    name, on, days, *daily = told
    amount = Decimal(daily[0]) if daily else None
    return Dispensed(name, frozenset({name}), date.fromisoformat(on), days, amount)


def day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_claims_say_what_a_pharmacist_would_read(case: dict[str, Any]) -> None:
    asked = Question(
        tuple(case["changes"]),
        frozenset(case.get("of", [])),
        frozenset(case.get("to", [])),
        SENT,
        case.get("accepted", False),
    )
    stays = [Absence(date.fromisoformat(first), day(last)) for first, last in case.get("stays", [])]
    found = judge(
        asked, map(fill, case["fills"]), stays, day(case.get("ended_on")), date.fromisoformat(case["as_of"]), 30
    )
    assert found.state == case["see"], (case["because"], found)
    assert found.decidable_on == day(case.get("decidable_on"))
    assert case.get("change") in (None, found.change)


def test_cases_have_ids_of_their_own() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES) >= 25


fills = st.lists(
    st.builds(
        Dispensed,
        st.just("x"),
        st.sampled_from([frozenset({"a"}), frozenset({"b"})]),
        st.dates(date(2026, 1, 1), date(2026, 8, 1)),
        st.integers(0, 90),
        st.none() | st.sampled_from([Decimal(10), Decimal(20)]),
    ),
    max_size=8,
)
questions = st.builds(
    Question,
    st.lists(st.sampled_from(["stop", "start", "change_dose", "switch", "monitor"]), min_size=1, max_size=3).map(tuple),
    st.just(frozenset({"a"})),
    st.sampled_from([frozenset(), frozenset({"b"})]),
    st.just(SENT),
    st.booleans(),
)


@given(questions, fills, st.dates(SENT, date(2026, 8, 1)))
def test_what_is_verified_stays_so_while_no_claim_is_added(asked: Question, told: list[Dispensed], as_of: date) -> None:
    now = judge(asked, told, [], None, as_of, 30)
    later = judge(asked, [one for one in told if one.on <= as_of], [], None, as_of + timedelta(days=30), 30)
    if now.state == "verified":
        assert later.state == "verified"


@given(questions, fills, st.dates(SENT, date(2026, 8, 1)))
def test_only_an_accepted_recommendation_can_be_contradicted(
    asked: Question, told: list[Dispensed], as_of: date
) -> None:
    assert asked.accepted or judge(asked, told, [], None, as_of, 30).state != "contradicted"


@pytest.mark.parametrize(
    ("outcome", "state", "resolved"),
    [
        ("accepted", "none", True),
        ("accepted_with_change", "cannot_tell", True),
        ("accepted", "contradicted", False),
        ("pending", "verified", True),
        ("declined", "verified", True),
        ("declined", "none", False),
        ("no_response", "none", False),
    ],
)
def test_a_resolution_is_a_change_that_was_agreed_or_seen(outcome: str, state: str, resolved: bool) -> None:
    assert is_resolved(outcome, state) is resolved
