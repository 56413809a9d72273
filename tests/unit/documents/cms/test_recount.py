"""Rows and the rate against a recount in plain code, which walks every day of the year and knows none of ours."""

from datetime import date, timedelta
from typing import Any

from cms_reporting import CONTRACT, LAYOUT, MEASURE, YEAR, a_cmr, an_enrollment, built
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from mtm_documents.domain.cmr_measure import State, standing
from mtm_documents.domain.cms_file.edits import Context, run_edits
from mtm_documents.domain.cms_file.facts import Facts, Sent, Span, Work
from mtm_documents.domain.cms_file.writing import fixed_width, read_line, texts
from mtm_documents.usecases.cms_facts import measure_facts, measured

DAYS = [date(YEAR, 1, 1) + timedelta(days=number) for number in range(365)]
around = some.dates(date(YEAR - 1, 11, 1), date(YEAR + 1, 1, 31))
within = some.sampled_from(DAYS)


@some.composite
def enrollments(draw: some.DrawFn) -> Facts:
    enrolled = draw(some.dates(date(YEAR - 1, 11, 1), date(YEAR, 12, 31)))
    left = draw(some.none() | some.integers(0, 120).map(lambda days: enrolled + timedelta(days=days)))
    held = draw(some.lists(around, max_size=3, unique=True))
    cmrs = tuple(a_cmr(str(day), f"r{place}") for place, day in enumerate(held))
    sent = {cmr.review_id: cmr.held_on for cmr in cmrs if draw(some.booleans())}
    stay = draw(some.none() | around)
    return an_enrollment(
        birth_date=draw(some.dates(date(YEAR - 20, 1, 1), date(YEAR - 16, 12, 31)) | some.just(date(1950, 1, 1))),
        criteria_met_on=draw(some.none() | within),
        enrolled_on=enrolled,
        opted_out_on=left,
        opt_out_reason="03" if left else None,
        cmr_offered_on=None,
        hospice=(Span(stay, stay + timedelta(days=draw(some.integers(0, 20)))),) if stay else (),
        work=Work(cmrs, tuple(draw(some.lists(around, max_size=4)))),
        sent=Sent(draw(some.none() | around), sent),
    )


def recounted(facts: Facts, as_of: date) -> str:
    """In the numerator, missing or excluded: one day of the year after the other."""
    seen = [day for day in DAYS if day <= as_of]
    left = facts.opted_out_on
    enrolled = [day for day in seen if facts.enrolled_on <= day and (left is None or day < left)]
    reviewed = [
        cmr
        for cmr in facts.work.cmrs
        if cmr.held_on in seen
        and cmr.review_id in facts.sent.summaries
        and facts.enrolled_on <= cmr.held_on
        and (left is None or cmr.held_on <= left)
    ]
    born = facts.birth_date
    adult = date(YEAR, 1, 1) >= date(born.year + 18, born.month, min(born.day, 28 if born.month == 2 else born.day))
    hospice = any(stay.first <= day and day <= (stay.last or day) for stay in facts.hospice for day in seen)
    if not adult or hospice or facts.criteria_met_on not in seen:
        return "excluded"
    if reviewed:
        return "in_numerator"
    return "missing" if len(enrolled) >= 60 else "excluded"


@given(facts=enrollments(), as_of=within)
@settings(max_examples=300, deadline=None)
def test_the_measure_agrees_with_a_walk_through_every_day(facts: Facts, as_of: date) -> None:
    kept = measure_facts(facts, None, MEASURE.period)
    assert standing(measured(kept), MEASURE, as_of).state == recounted(facts, as_of)


@given(members=some.lists(enrollments(), max_size=6))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_file_counts_what_the_facts_hold(members: list[Facts]) -> None:
    made = [built(each).row for each in members]
    written = [texts(row, LAYOUT) for row in made if row is not None]
    lines = b"".join(fixed_width(written, LAYOUT)).decode("ascii").split("\r\n")[:-1]
    rows = [read_line(line, LAYOUT) for line in lines]
    assert len(rows) == len(members), "every member has a row"
    assert [row.number("tmr_count") for row in rows] == [_inside(each, each.work.tmr_days) for each in members]
    assert [row.number("cmr_count") for row in rows] == [
        _inside(each, [cmr.held_on for cmr in each.work.cmrs if cmr.review_id in each.sent.summaries])
        for each in members
    ]
    year_end = date(YEAR, 12, 31)
    assert sum(row.text("cmr_received") == "Y" for row in rows) >= sum(
        standing(measured(measure_facts(each, None, MEASURE.period)), MEASURE, year_end).state is State.IN_NUMERATOR
        for each in members
    )


@given(facts=enrollments())
@settings(deadline=None)
def test_rows_made_of_facts_keep_the_edits_on_reviews_and_counts(facts: Facts) -> None:
    row = built(facts).row
    assert row is not None
    broken = {finding.rule for finding in run_edits(row, Context(LAYOUT, CONTRACT, facts))}
    never = {"cmr_during_enrollment", "cmr_dates_in_order", "cmr_dates_counted", "not_received_is_blank",
             "received_is_counted", "tmr_during_enrollment", "tmr_count_with_date", "values_allowed",
             "safe_disposal_flag_with_date", "safe_disposal_in_period", "required"}  # fmt: skip
    assert broken & never == set()


def _inside(facts: Facts, days: Any) -> int:
    left = facts.opted_out_on
    return sum(day in DAYS and facts.enrolled_on <= day and (left is None or day <= left) for day in days)
