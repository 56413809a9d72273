"""Spans of coverage: what was told last holds for its days, and files of several years join."""

from datetime import date
from typing import Any

from mtm_eligibility.usecases.coverage import with_period, with_span

START, END = date(2026, 1, 1), date(2026, 12, 31)


def span(first: date, last: date | None, contract: str = "H0001", **values: Any) -> dict[str, Any]:
    plan = {"contract_id": contract, "pbp_id": "001", "plan_type": "MA-PD", "low_income": None}
    return {"effective_from": first, "effective_to": last, **plan, **values}


def test_a_correction_replaces_the_span_of_the_same_first_day() -> None:
    assert with_span([span(START, END)], span(START, date(2026, 6, 30))) == [span(START, date(2026, 6, 30))]


def test_a_span_in_the_middle_cuts_another_in_two() -> None:
    middle = span(date(2026, 4, 1), date(2026, 6, 30), "S0001")
    assert with_span([span(START, None)], middle) == [
        span(START, date(2026, 3, 31)),
        middle,
        span(date(2026, 7, 1), None),
    ]


def test_years_of_one_plan_become_one_span_in_any_order_and_again() -> None:
    years = {year: [span(date(year, 1, 1), date(year, 12, 31))] for year in (2024, 2025, 2026)}
    spans: list[Any] = []
    for year in (2025, 2024, 2026, 2025):
        spans = with_period(spans, years[year], date(year, 1, 1), date(year, 12, 31))
    assert spans == [span(date(2024, 1, 1), END)]


def test_a_year_told_anew_takes_away_what_it_no_longer_says() -> None:
    assert with_period([span(date(2025, 1, 1), END)], [], START, END) == [span(date(2025, 1, 1), date(2025, 12, 31))]


def test_another_plan_or_subsidy_stays_a_span_of_its_own() -> None:
    before = span(date(2025, 1, 1), date(2025, 12, 31))
    after = span(START, END, low_income=True)
    assert with_period([before], [after], START, END) == [before, after]
