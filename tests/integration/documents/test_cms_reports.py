"""Reports to CMS, worked off by the worker's own handler, on both databases."""

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from cms_reporting import CONTRACT, MBI, YEAR, Reporting, at_noon, day, mbis, reporting, told_facts, told_work
from mtm_documents.domain.cms_file.facts import Sent
from mtm_documents.storage import tables
from mtm_documents.usecases import cms_reports
from mtm_documents.usecases.cms_ports import stored_sent
from mtm_documents.usecases.cms_reports import JOB_KIND
from mtm_shared.clients.errors import NotAllowed, Unavailable
from mtm_shared.storage import ComeBack
from sqlalchemy import insert, select, update

PATH = "/v1/cms-reports"


@pytest.fixture
async def house(empty_database: str, tmp_path: Path) -> AsyncIterator[Reporting]:
    """The service on each database."""
    async with reporting(empty_database, tmp_path) as found:
        yield found


@pytest.fixture
async def quick_house(tmp_path: Path) -> AsyncIterator[Reporting]:
    """The service on SQLite, for what no database can change."""
    async with reporting(f"sqlite+aiosqlite:///{tmp_path}/documents.db", tmp_path) as found:
        yield found


def summarised(member_id: str, sent_on: str = "3-20", number: int = 1) -> Sent:
    return Sent(None, {f"r-{member_id}-{number}": day(sent_on)})


def populated(house: Reporting, number: int = 450) -> None:
    """Members by turns: reviewed and summarised, reviewed only, untouched, without an identifier."""
    for place, mbi in enumerate(mbis(number)):
        member = f"m{place:04}"
        house.told.facts.append(told_facts(member, mbi=mbi if place % 4 < 3 else None))
        if place % 4 < 2:
            house.told.work.append(told_work(member, "3-15", recommendations=2, resolutions=1))
        if place % 4 == 0:
            house.sent[f"e-{member}"] = summarised(member)


async def test_a_report_holds_every_member_once_as_a_row_or_a_reject(house: Reporting) -> None:
    populated(house)
    report = await house.report()
    assert report["state"] == "done"
    assert report["counts"] == {
        "enrollments": 450,
        "members": 450,
        "rows": 338,
        "rejected": 112,
        "rejects": {"missing_mbi": 112},
        "work_without_enrollment": 0,
        "errors": 225,
        "warnings": 0,
    }


async def test_the_file_agrees_with_a_recount_in_plain_code(house: Reporting) -> None:
    populated(house)
    report = await house.report()
    rows = await house.lines(report["report_id"])
    numbered = {each.enrollment.member_id: each for each in house.told.facts if each.mbi}
    assert {row.text("mbi") for row in rows} == {each.mbi for each in numbered.values()}
    worked = {each.member_id for each in house.told.work}
    received = [row for row in rows if row.text("cmr_received") == "Y"]
    assert len(received) == sum(f"e-{member}" in house.sent for member in numbered)
    assert sum(row.number("recommendations") for row in rows) == 2 * len(worked & set(numbered))
    assert sum(row.number("resolutions") for row in rows) == len(worked & set(numbered))
    assert report["completion"]["numerator"] == len(received)
    assert report["completion"]["denominator"] == len(rows)
    rules = Counter(finding["rule"] for finding in await house.findings(report["report_id"]))
    assert rules == {"missing_mbi": 112, "cmr_without_summary": 113}


async def test_the_csv_says_what_the_fixed_width_file_says(house: Reporting) -> None:
    populated(house, 8)
    report = await house.report()
    answer = await house.client.get(report["file_url"], headers={"Accept": "text/csv"})
    assert answer.headers["content-type"].startswith("text/csv")
    assert f"{CONTRACT}_{YEAR}_MTM.csv" in answer.headers["content-disposition"]
    header, *lines = answer.text.splitlines()
    column = header.split(",").index("mbi")
    rows = await house.lines(report["report_id"])
    assert [line.split(",")[column] for line in lines] == [row.text("mbi") for row in rows]


async def test_what_the_caller_holds_is_not_sent_again(quick_house: Reporting) -> None:
    quick_house.told.facts.append(told_facts())
    report = await quick_house.report()
    held = {"If-None-Match": f'"{report["sha256"]}"'}
    assert (await quick_house.client.get(report["file_url"], headers=held)).status_code == 304


async def test_a_report_is_a_snapshot(house: Reporting) -> None:
    house.told.facts.append(told_facts())
    first = await house.report()
    house.told.facts.append(told_facts("m2", mbi=mbis(2)[1]))
    second = await house.report()
    again = await house.ok(f"{PATH}/{first['report_id']}")
    assert (again, again["sha256"] == second["sha256"]) == (first, False)
    assert len(await house.lines(first["report_id"])) == 1


async def test_a_report_goes_on_where_it_was_left_at_every_step(
    house: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cms_reports, "AT_ONCE", 3)
    monkeypatch.setattr("mtm_documents.usecases.cms_rows.MEMBERS_AT_ONCE", 3)
    populated(house, 8)
    whole = await house.report()
    report_id = await house.ordered()

    steps, visits = 0, 0

    async def leave_after_one_step() -> None:
        nonlocal steps
        steps += 1
        if steps % 2 == 0:
            raise ComeBack

    @asynccontextmanager
    async def begin() -> AsyncIterator[Any]:
        async with house.app.state.database.writing() as session, session.begin():
            yield session

    while (await house.ok(f"{PATH}/{report_id}"))["state"] != "done":
        visits += 1
        assert visits < 50
        try:
            await cms_reports.work_off_cms_report(
                report_id, begin, house.sources(), lambda: at_noon("12-31"), leave_after_one_step
            )
        except ComeBack:
            continue
    resumed = await house.ok(f"{PATH}/{report_id}")
    assert visits > 8
    assert (resumed["sha256"], resumed["counts"]) == (whole["sha256"], whole["counts"])
    assert await house.findings(report_id) == await house.findings(whole["report_id"])


@pytest.mark.parametrize("refusal", [Unavailable(1), NotAllowed(403)])
async def test_a_report_waits_for_a_service_that_is_away(quick_house: Reporting, refusal: Exception) -> None:
    class Away:
        async def activity_page(self, **_: object) -> None:
            raise refusal

    quick_house.told.facts.append(told_facts())
    report_id = await quick_house.ordered()
    await quick_house.work(reviews=Away())
    waiting = await quick_house.ok(f"{PATH}/{report_id}")
    assert (waiting["state"], waiting["counts"]) == ("running", None)
    answer = await quick_house.client.get(f"{PATH}/{report_id}/file")
    assert (answer.status_code, answer.json()["code"]) == (409, "cms_report_not_done")


async def test_a_report_that_fails_for_good_says_so_and_tells(quick_house: Reporting) -> None:
    class Broken:
        async def activity_page(self, **_: object) -> None:
            raise RuntimeError

    report_id = await quick_house.ordered()
    async with quick_house.app.state.database.writing() as session, session.begin():
        await session.execute(update(tables.jobs).values(max_attempts=1))
    await quick_house.work(reviews=Broken())
    assert (await quick_house.ok(f"{PATH}/{report_id}"))["state"] == "failed"
    assert [event["state"] for event in await told_events(quick_house)] == ["failed"]


async def told_events(house: Reporting) -> list[dict[str, Any]]:
    async with house.app.state.database.reading() as session, session.begin():
        query = select(tables.outbox.events.c.data).where(tables.outbox.events.c.type == "run.finished")
        return list((await session.execute(query)).scalars())


async def test_the_end_of_a_report_is_told_once(quick_house: Reporting) -> None:
    quick_house.told.facts.append(told_facts())
    report = await quick_house.report()
    told = await told_events(quick_house)
    assert [(event["kind"], event["state"], event["run_id"]) for event in told] == [
        (JOB_KIND, "done", report["report_id"])
    ]
    assert told[0]["counts"]["rows"] == 1


async def test_other_contracts_and_years_are_not_in_the_file(quick_house: Reporting) -> None:
    quick_house.told.facts += [told_facts("other", contract_id="S9999"), told_facts("last", plan_year=YEAR - 1)]
    report = await quick_house.report()
    assert (report["counts"]["members"], await quick_house.lines(report["report_id"])) == (0, [])


async def test_one_identifier_of_two_members_rejects_both(house: Reporting) -> None:
    house.told.facts += [told_facts("m1"), told_facts("m2", mbi="1eg4-te5-mk73")]
    report = await house.report()
    assert report["counts"]["rejects"] == {"shared_mbi": 2}


async def test_two_enrollments_that_disagree_are_a_reject_and_leave_the_rate(house: Reporting) -> None:
    house.told.facts += [told_facts(), told_facts(enrollment_id="e-second", enrolled_on="2026-06-01")]
    report = await house.report()
    assert report["counts"]["rejects"] == {"conflicting_enrollments": 1}
    assert (report["counts"]["enrollments"], report["counts"]["members"]) == (2, 1)
    excluded = {each["reason"]: each["members"] for each in report["completion"]["exclusions"]}
    assert excluded["conflicting_facts"] == 1


async def test_work_on_an_enrollment_that_nobody_knows_is_told(house: Reporting) -> None:
    house.told.facts.append(told_facts())
    house.told.work.append(told_work("ghost", "3-15"))
    report = await house.report()
    assert (report["counts"]["work_without_enrollment"], report["counts"]["members"]) == (1, 1)
    found = await house.findings(report["report_id"])
    assert [(each["rule"], each["member_id"], each["row"]) for each in found] == [
        ("work_without_enrollment", "ghost", None)
    ]


async def test_findings_are_told_by_severity_rule_and_member_in_pages(house: Reporting) -> None:
    populated(house, 16)
    report_id = (await house.report())["report_id"]
    first = await house.ok(f"{PATH}/{report_id}/findings", limit=3)
    rest = await house.ok(f"{PATH}/{report_id}/findings", limit=500, cursor=first["next_cursor"])
    assert first["items"] + rest["items"] == await house.findings(report_id)
    assert {each["rule"] for each in await house.findings(report_id, rule="missing_mbi")} == {"missing_mbi"}
    assert await house.findings(report_id, severity="warning") == []
    assert [each["rule"] for each in await house.findings(report_id, member_id="m0003")] == ["missing_mbi"]


async def test_standards_score_by_the_share_of_members_in_error(quick_house: Reporting) -> None:
    populated(quick_house, 16)
    report = await quick_house.report()
    scores = {each["standard"]: (each["percent"], each["score"]) for each in report["standards"]}
    assert scores == {
        "1.c": ("0.0", 5), "1.d": ("25.0", 1), "1.e": ("0.0", 5), "1.g": ("0.0", 5), "1.h": ("25.0", 1),
        "2.e": ("0.0", 5),
    }  # fmt: skip


async def test_a_report_says_what_made_it(quick_house: Reporting) -> None:
    report = await quick_house.report()
    assert report["made_by"]["as_of"] == f"{YEAR}-12-31"
    assert report["made_by"]["layout_fingerprint"].startswith("sha256:")
    assert report["citation"]["status"] == "unverified"


async def test_an_idempotency_key_orders_one_report(quick_house: Reporting) -> None:
    request = {"contract_id": CONTRACT, "year": YEAR}
    key = {"Idempotency-Key": "once"}
    answers = [await quick_house.client.post(PATH, json=request, headers=key) for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["location"] == f"{PATH}/{answers[0].json()['report_id']}"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"contract_id": CONTRACT, "year": 2019}, "year_not_offered"),
        ({"contract_id": "h1234", "year": YEAR}, "invalid_request"),
        ({"contract_id": CONTRACT, "year": 10**30}, "invalid_request"),
        ({"contract_id": CONTRACT}, "invalid_request"),
    ],
)
async def test_an_order_that_makes_no_sense_is_422(quick_house: Reporting, body: dict[str, Any], code: str) -> None:
    answer = await quick_house.client.post(PATH, json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


@pytest.mark.parametrize("path", ["nothing", "nothing/file", "nothing/findings"])
async def test_a_report_that_is_not_there_is_404(quick_house: Reporting, path: str) -> None:
    answer = await quick_house.client.get(f"{PATH}/{path}")
    assert (answer.status_code, answer.json()["code"]) == (404, "cms_report_not_found")


async def test_no_name_or_identifier_is_in_findings_or_events(quick_house: Reporting) -> None:
    quick_house.told.facts += [told_facts("m1", last_name="Canariensis"), told_facts("m2", last_name="Canariensis 李")]
    report_id = (await quick_house.report())["report_id"]
    said = f"{await quick_house.findings(report_id)} {await told_events(quick_house)}"
    assert [word for word in ("Canariensis", MBI, "1948-02-03") if word in said] == []


async def test_only_documents_that_were_sent_count(house: Reporting) -> None:
    made = [
        ("d1", "cmr_summary", "r1", date(YEAR, 4, 9)),
        ("d2", "cmr_summary", "r1", date(YEAR, 4, 2)),
        ("d3", "cmr_summary", "r2", None),
        ("d4", "cmr_summary", "r4", date(YEAR + 1, 1, 5)),
        ("d5", "enrollment_letter", None, date(YEAR, 1, 12)),
        ("d6", "opt_out_confirmation", None, date(YEAR, 1, 2)),
    ]
    async with house.app.state.database.writing() as session, session.begin():
        for document_id, kind, review_id, sent_on in made:
            row = _document(document_id, kind, review_id) | {"sent_on": sent_on}
            await session.execute(insert(tables.documents).values(row))
        found = await stored_sent(session, ["e1", "e2"], YEAR)
    assert found == {"e1": Sent(date(YEAR, 1, 12), {"r1": date(YEAR, 4, 2), "r4": date(YEAR + 1, 1, 5)})}


def _document(document_id: str, kind: str, review_id: str | None) -> dict[str, Any]:
    return {
        "document_id": document_id,
        "kind": kind,
        "language": "en",
        "edition": "2022",
        "member_id": "m1",
        "review_id": review_id,
        "enrollment_id": "e1",
        "dated": date(YEAR, 1, 1),
        "pages": 1,
        "pdf": b"",
        "sha256": "",
        "html": b"",
        "html_sha256": "",
        "template_fingerprint": "",
        "wording_fingerprint": "",
        "gaps": [],
        "created_at": at_noon("1-1"),
    }


async def test_without_a_token_nothing_is_told(quick_house: Reporting) -> None:
    for path in (f"{PATH}/x", f"{PATH}/x/file", f"{PATH}/x/findings", "/v1/cmr-completion?year=2026"):
        answer = await quick_house.client.get(path, headers={"Authorization": "Bearer nobody"})
        assert answer.status_code == httpx.codes.UNAUTHORIZED


async def test_a_queue_of_reports_is_worked_off_in_turn(quick_house: Reporting) -> None:
    ids = [await quick_house.ordered() for _ in range(2)]
    await quick_house.work()
    assert [(await quick_house.ok(f"{PATH}/{each}"))["state"] for each in ids] == ["done", "done"]


async def test_reports_are_listed_by_contract_and_year(house: Reporting) -> None:
    ids = sorted([await house.ordered(), await house.ordered(), await house.ordered(year=2025)])
    first = await house.ok(PATH, limit=2)
    rest = await house.ok(PATH, limit=2, cursor=first["next_cursor"])
    assert [each["report_id"] for each in first["items"] + rest["items"]] == ids
    assert [each["year"] for each in (await house.ok(PATH, year=2025))["items"]] == [2025]
    assert (await house.ok(PATH, contract_id="H9999"))["items"] == []


@pytest.mark.parametrize(("today", "preliminary"), [(at_noon("12-31"), True), (at_noon("2027-01-01"), False)])
async def test_a_report_before_the_year_is_over_is_preliminary(
    quick_house: Reporting, today: Any, preliminary: bool
) -> None:
    quick_house.clock[0] = today
    report = await quick_house.report()
    assert (report["preliminary"], report["due_on"]) == (preliminary, "2027-02-22")


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "text/plain"),
        ("application/json", "text/plain"),
        ("text/csv", "text/csv"),
        ("text/plain;q=0.5, text/csv", "text/csv"),
        ("text/csv;q=0.1, text/plain", "text/plain"),
    ],
)
async def test_the_file_comes_as_the_caller_likes_it_best(
    quick_house: Reporting, accept: str | None, media_type: str
) -> None:
    report = await quick_house.report()
    headers = {"Accept": accept} if accept else {}
    answer = await quick_house.client.get(report["file_url"], headers=headers)
    assert answer.headers["content-type"].split(";")[0] == media_type
