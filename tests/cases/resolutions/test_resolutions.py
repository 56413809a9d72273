"""Every labelled case of a recommendation and the claims after it, and what can never be (ADR 26)."""

import tomllib
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtm_review.domain.resolution import Days, Dispensed, Patience, Question, Record, is_resolved, judge

CASES: list[dict[str, Any]] = tomllib.loads(Path(__file__).with_name("resolutions.toml").read_text())["case"]
SENT = date(2026, 3, 1)
PATIENCE = Patience(grace=30, settling=14, window=180)


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
        SENT if case.get("accepted", False) else None,
        case.get("direction", "lower"),
    )
    stays, covered = (
        tuple(Days(date.fromisoformat(first), day(last or None)) for first, last in case.get(name, []))
        for name in ("stays", "covered")
    )
    record = Record(tuple(map(fill, case["fills"])), stays, covered, day(case.get("ended_on")))
    found = judge(asked, record, date.fromisoformat(case["as_of"]), PATIENCE)
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
    st.none() | st.just(SENT),
)


@given(questions, fills, st.dates(SENT, date(2026, 8, 1)))
def test_what_is_verified_stays_so_while_no_claim_is_added(asked: Question, told: list[Dispensed], as_of: date) -> None:
    now = judge(asked, Record(tuple(told)), as_of, PATIENCE)
    known = tuple(one for one in told if one.on <= as_of)
    later = judge(asked, Record(known), as_of + timedelta(days=30), PATIENCE)
    if now.state == "verified":
        assert later.state == "verified"


@given(questions, fills, st.dates(SENT, date(2026, 8, 1)))
def test_only_an_accepted_recommendation_can_be_contradicted(
    asked: Question, told: list[Dispensed], as_of: date
) -> None:
    assert asked.accepted_on or judge(asked, Record(tuple(told)), as_of, PATIENCE).state != "contradicted"


@pytest.mark.parametrize(
    ("outcome", "state", "changed_on", "resolved"),
    [
        ("accepted", "none", None, False),
        ("accepted", "none", SENT, True),
        ("accepted_with_change", "cannot_tell", SENT, True),
        ("accepted", "contradicted", SENT, False),
        ("pending", "verified", None, True),
        ("declined", "verified", None, True),
        ("declined", "none", SENT, False),
        ("no_response", "none", None, False),
    ],
)
def test_a_resolution_is_a_change_that_was_told_or_seen(
    outcome: str, state: str, changed_on: date | None, resolved: bool
) -> None:
    assert is_resolved(outcome, state, changed_on) is resolved
