"""The completion rate over HTTP: by contract, with every exclusion, and member by member."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cms_reporting import CONTRACT, YEAR, Reporting, at_noon, mbis, reporting, told_facts, told_work
from mtm_documents.domain.cms_file.facts import Sent

PATH = "/v1/cmr-completion"


@pytest.fixture
async def house(empty_database: str, tmp_path: Path) -> AsyncIterator[Reporting]:
    """The service on each database, on 1 July, with a member of every kind."""
    async with reporting(empty_database, tmp_path) as found:
        populate(found)
        found.clock[0] = at_noon("7-1")
        yield found


@pytest.fixture
async def quick_house(tmp_path: Path) -> AsyncIterator[Reporting]:
    """The same on SQLite."""
    async with reporting(f"sqlite+aiosqlite:///{tmp_path}/documents.db", tmp_path) as found:
        populate(found)
        found.clock[0] = at_noon("7-1")
        yield found


# member: what eligibility says otherwise, and whether a review was held and its summary sent
MEMBERS: dict[str, tuple[dict[str, Any], bool, bool]] = {
    "done": ({}, True, True),
    "unsent": ({}, True, False),
    "missing": ({}, False, False),
    "left": ({"opted_out_on": "2026-05-01", "opt_out_reason": "03", "status": "opted_out"}, False, False),
    "new": ({"enrolled_on": "2026-06-15", "criteria_met_on": "2026-06-15", "cmr_offered_on": None}, False, False),
    "hospice": ({"hospice": [{"kind": "hospice", "from": "2026-03-01", "to": "2026-03-01"}]}, True, True),
    "expanded": ({"criteria_met_on": None, "pathway": None}, False, False),
    "young": ({"birth_date": "2010-01-01"}, False, False),
    "nameless": ({"last_name": None}, False, False),
}


def populate(house: Reporting) -> None:
    for mbi, (member, (changes, held, sent)) in zip(mbis(len(MEMBERS)), MEMBERS.items(), strict=True):
        house.told.facts.append(told_facts(member, **{"mbi": mbi, **changes}))
        if held:
            house.told.work.append(told_work(member, "3-15"))
        if sent:
            house.sent[f"e-{member}"] = Sent(None, {f"r-{member}-1": at_noon("3-20").date()})


async def rate(house: Reporting, **query: Any) -> dict[str, Any]:
    found = await house.ok(PATH, year=YEAR, contract_id=CONTRACT, **query)
    return dict(found["contracts"][0])


async def members(house: Reporting, **query: Any) -> dict[str, dict[str, Any]]:
    page = await house.ok(f"{PATH}/members", year=YEAR, contract_id=CONTRACT, **query)
    return {item["member_id"]: item for item in page["items"]}


async def test_the_rate_with_every_exclusion_named(house: Reporting) -> None:
    await house.report()
    found = await rate(house)
    assert (found["numerator"], found["denominator"], found["rate"], found["rated"]) == (1, 4, "0.2500", False)
    excluded = {each["reason"]: each["members"] for each in found["exclusions"] if each["members"]}
    assert excluded == {"not_reported": 1, "under_age": 1, "not_cms_criteria": 1, "hospice": 1, "too_few_days": 1}
    assert found["members"] == found["denominator"] + sum(excluded.values())


async def test_what_would_change_the_rate(house: Reporting) -> None:
    await house.report()
    change = (await rate(house))["what_would_change"]
    assert change == {
        "missing": 3,
        "can_still_receive": 2,
        "summaries_not_sent": 1,
        "entering": [{"on": "2026-08-13", "members": 1}],
    }


async def test_cut_points_tell_how_many_reviews_they_need(quick_house: Reporting) -> None:
    await quick_house.report()
    cuts = (await rate(quick_house, cut_points="0.25,0.60,1"))["cut_points"]
    assert [(each["cut_point"], each["reached"], each["cmrs_needed"], each["reachable"]) for each in cuts] == [
        ("0.25", True, 0, True),
        ("0.60", False, 2, True),
        ("1", False, 3, False),
    ]


async def test_a_later_day_tells_what_will_be_if_nothing_is_done(house: Reporting) -> None:
    await house.report()
    assert (await rate(house, as_of="2026-08-12"))["denominator"] == 4
    assert (await rate(house, as_of="2026-08-13"))["denominator"] == 5


async def test_every_member_is_told_why_and_what_would_change_it(house: Reporting) -> None:
    await house.report()
    found = await members(house)
    reasons = {member: (each["state"], each["reason"]) for member, each in found.items()}
    assert reasons == {
        "done": ("in_numerator", "cmr_received"),
        "unsent": ("missing", "no_cmr"),
        "missing": ("missing", "no_cmr"),
        "left": ("missing", "no_cmr"),
        "new": ("excluded", "too_few_days"),
        "hospice": ("excluded", "hospice"),
        "expanded": ("excluded", "not_cms_criteria"),
        "young": ("excluded", "under_age"),
        "nameless": ("excluded", "not_reported"),
    }
    assert "send its written summary" in found["unsent"]["what_would_change"]
    assert found["new"]["enters_on"] == "2026-08-13"
    assert found["left"]["what_would_change"] == "Nothing that can still be done."


@pytest.mark.parametrize("state", ["in_numerator", "missing", "excluded"])
async def test_members_of_one_state_in_pages(house: Reporting, state: str) -> None:
    await house.report()
    whole = await members(house, state=state)
    paged: list[str] = []
    query: dict[str, Any] = {"year": YEAR, "contract_id": CONTRACT, "state": state, "limit": 2}
    while True:
        page = await house.ok(f"{PATH}/members", **query)
        paged += [item["member_id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert paged == list(whole)
    assert {each["state"] for each in whole.values()} == {state}


async def test_the_latest_report_of_each_contract_is_told_unless_one_is_named(quick_house: Reporting) -> None:
    first = await quick_house.report()
    quick_house.clock[0] = at_noon("7-2")
    quick_house.told.facts.append(told_facts("more", mbi=mbis(20)[19]))
    await quick_house.report()
    assert (await rate(quick_house))["denominator"] == 5
    assert (await rate(quick_house, report_id=first["report_id"]))["denominator"] == 4
    everywhere = await quick_house.ok(PATH, year=YEAR)
    assert [each["contract_id"] for each in everywhere["contracts"]] == [CONTRACT]


async def test_a_programme_is_told_by_itself(quick_house: Reporting) -> None:
    await quick_house.report()
    assert (await rate(quick_house, program_id="cms-2026"))["members"] == len(MEMBERS)
    assert (await rate(quick_house, program_id="another"))["rate"] is None


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"year": YEAR, "contract_id": "H9999"}, 404, "no_cms_report"),
        ({"year": YEAR, "report_id": "nothing"}, 404, "cms_report_not_found"),
        ({"year": YEAR, "cut_points": "0.6,nan"}, 422, "invalid_request"),
        ({"year": YEAR, "cut_points": "1.5"}, 422, "invalid_request"),
        ({"year": YEAR, "as_of": "9999-12-31"}, 422, "invalid_request"),
        ({"contract_id": CONTRACT}, 422, "invalid_request"),
    ],
)
async def test_what_cannot_be_told_says_why(
    quick_house: Reporting, query: dict[str, Any], status: int, code: str
) -> None:
    answer = await quick_house.client.get(PATH, params=query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_report_of_another_year_is_not_of_this_one(quick_house: Reporting) -> None:
    report = await quick_house.report()
    query = {"year": YEAR - 1, "report_id": report["report_id"]}
    assert (await quick_house.client.get(PATH, params=query)).status_code == 404
