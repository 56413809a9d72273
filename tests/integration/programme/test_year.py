"""A plan year of 200 generated members, from targeting to the file to CMS, recounted in plain code."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio
from living_a_year import (
    DEAD,
    FOR_GOOD,
    LEFT,
    OFFER_DAYS,
    QUARTERS,
    STARTS,
    STOPPING,
    TABLES,
    THIS_YEAR,
    WITH_CMR,
    Year,
    drawn,
    live,
)
from programme import programme


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def year(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Year]:
    """The year, run once."""
    this = Year(drawn())
    async with programme(tmp_path_factory.mktemp("year")) as running:
        await live(running, this)
    yield this


def test_every_line_of_every_import_was_taken(year: Year) -> None:
    assert [(one["rows_in"], one["rejected"]) for one in year.told["imports"]] == [
        (one["lines"], 0) for one in year.told["imports"]
    ]
    assert year.told["imports"][0]["lines"] == 200


@pytest.mark.parametrize(("place", "day"), list(enumerate(QUARTERS)))
def test_each_quarter_enrols_who_began_to_take_nine_drugs_in_it(year: Year, place: int, day: str) -> None:
    assert year.told["targeting"][day]["counts"]["enrolled"] == STARTS[place][0]


def test_letters_go_to_every_enrolled_member_in_the_members_language(year: Year) -> None:
    expected = Counter(year.put.languages[one] for one in year.put.ill("2026-03-31"))
    assert len(expected) == 2
    assert Counter(one["language"] for one in year.told["letters"]) == expected
    assert year.told["letters_sent"]["documents"] == sum(expected.values())


def test_offers_by_the_60th_day_are_met_and_on_the_61st_late(year: Year) -> None:
    days = [OFFER_DAYS[place % 3] for place in range(12)]
    assert year.told["cmr_offer"] == {"met": sum(day <= 60 for day in days), "met_late": days.count(61)}


def test_the_sweep_finds_who_died_and_who_left(year: Year) -> None:
    counts = year.told["sweep"]["counts"]
    assert (counts["died"], counts["left"]) == (1, 1)


@pytest.mark.parametrize("day", QUARTERS)
def test_each_quarter_reviews_who_is_enrolled_then(year: Year, day: str) -> None:
    gone = 0 if day == QUARTERS[0] else 6
    assert year.told["tmr"][day]["counts"]["opened"] == len(year.put.ill(day)) - gone


def test_summaries_by_the_14th_day_are_met_and_on_the_15th_late(year: Year) -> None:
    assert year.told["cmr_summary"] == {"met": 8, "met_late": 4}


def test_the_file_to_cms_has_a_row_for_each_who_was_ever_enrolled(year: Year) -> None:
    mbis = {one["member"]["mbi"] for one in year.put.records if one["member"]["member_id"] in year.put.starts}
    assert {row["mbi"] for row in year.told["rows"]} == mbis
    assert len(year.told["rows"]) == 40


def test_the_file_tells_the_reviews_and_recommendations_that_were_made(year: Year) -> None:
    rows = year.told["rows"]
    assert Counter(row["cmr_received"] for row in rows)["Y"] == len(WITH_CMR)
    assert sum(int(row["recommendations"] or 0) for row in rows) == len(WITH_CMR) + len(STOPPING)
    assert sum(int(row["tmr_count"]) for row in rows) == len(STOPPING)


def test_what_later_claims_show_to_have_stopped_is_resolved(year: Year) -> None:
    assert sum(int(row["resolutions"]) for row in year.told["rows"]) == len(STOPPING)


def test_the_file_tells_when_and_why_members_left(year: Year) -> None:
    told = Counter((row["opt_out_reason"], row["opted_out_on"]) for row in year.told["rows"] if row["opted_out_on"])
    assert told == {("03", "20260515"): 4, ("01", "20260510"): 1, ("02", "20260601"): 1}


def test_safe_disposal_was_told_to_whom_a_letter_or_summary_was_sent(year: Year) -> None:
    told = Counter(row["safe_disposal"] for row in year.told["rows"])
    assert told == {"Y": len(year.put.ill("2026-03-31")), "N": 20}


def test_the_rate_is_of_those_who_were_enrolled_for_60_days(year: Year) -> None:
    ill = year.put.ill()
    enrolled = {one: min(day for day in QUARTERS if year.put.starts[one] <= date.fromisoformat(day)) for one in ill}
    until = dict.fromkeys(ill, "2027-01-01")
    until |= {ill[place]: "2026-05-15" for place in (*FOR_GOOD, *THIS_YEAR)}
    until |= {ill[DEAD]: "2026-05-10", ill[LEFT]: "2026-06-01"}
    days = {one: (date.fromisoformat(until[one]) - date.fromisoformat(enrolled[one])).days for one in ill}
    rate = year.told["report"]["completion"]
    assert (rate["numerator"], rate["denominator"]) == (len(WITH_CMR), sum(one >= 60 for one in days.values()))


def test_who_opted_out_for_good_is_not_carried_into_the_next_year(year: Year) -> None:
    ill = year.put.ill()
    gone = {ill[place] for place in (*FOR_GOOD, *THIS_YEAR, DEAD, LEFT)}
    carried = {one["member_id"] for one in year.told["next"] if one["status"] == "enrolled"}
    assert carried >= set(ill) - gone
    assert not carried & {ill[place] for place in (*FOR_GOOD, DEAD, LEFT)}


def test_every_enrolment_opt_out_and_review_was_told_once(year: Year) -> None:
    events = year.told["events eligibility"]
    assert events["member.enrolled"] == len(year.put.ill()) + len(year.told["next"])
    assert year.told["events review"]["cmr.completed"] == len(WITH_CMR)


@pytest.mark.parametrize("service", TABLES)
def test_the_audit_chain_of_the_year_holds(year: Year, service: str) -> None:
    verdict = year.told[f"audit {service}"]
    assert (verdict.fault, verdict.sealed) == ("", verdict.entries)
    assert verdict.entries
