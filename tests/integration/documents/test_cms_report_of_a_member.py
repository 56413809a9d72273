"""A report over the real eligibility and review services: one member's year, from determination to row."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from cms_reporting import LAYOUT, MBI, RULES
from mtm_documents.domain.cms_file.facts import Sent
from mtm_documents.domain.cms_file.row import Row
from mtm_documents.domain.cms_file.writing import read_line
from mtm_documents.storage import tables
from mtm_documents.usecases.cms_handler import cms_report_handler
from mtm_documents.usecases.cms_ports import CmsSources
from mtm_documents.usecases.cms_reports import JOB_KIND
from mtm_shared.storage import JobQueue, work_off
from whole_job import AS_OF, Services, enrolled, ok, reviewed


async def report(services: Services, sent: Mapping[str, Sent]) -> tuple[dict[str, Any], list[Row]]:
    """The report of the member's contract, and its rows."""

    async def first_sent(_: Any, enrollment_ids: Sequence[str], __: int) -> Mapping[str, Sent]:
        return {each: sent[each] for each in enrollment_ids if each in sent}

    ordered = ok(await services.documents.post("/v1/cms-reports", json={"contract_id": "H1234", "year": 2026}))
    state = services.documents._transport.app.state  # type: ignore[attr-defined]
    sources = CmsSources(state.eligibility, state.reviews, RULES, first_sent)
    await work_off(state.database, JobQueue(tables.jobs), {JOB_KIND: cms_report_handler(sources)})
    made = ok(await services.documents.get(f"/v1/cms-reports/{ordered['report_id']}"))
    assert made["state"] == "done"
    text = (await services.documents.get(made["file_url"])).content.decode("ascii")
    return made, [read_line(line, LAYOUT) for line in text.split("\r\n")[:-1]]


async def test_a_member_with_a_review_and_its_summary_sent(services: Services) -> None:
    found = await enrolled(services.eligibility, mbi=MBI)
    review = await reviewed(services.review)
    sent = {found["enrollment_id"]: Sent(date(2026, 7, 2), {review["review_id"]: date(2026, 7, 6)})}
    made, rows = await report(services, sent)
    assert made["counts"]["rows"] == 1, made["counts"]
    (row,) = rows
    assert (row.text("first_name"), row.text("targeting_code"), row.day("enrolled_on")) == ("Maria Elena", "01", AS_OF)
    assert (row.text("cmr_received"), row.day("cmr_on_1"), row.text("cmr_method")) == ("Y", date(2026, 7, 1), "02")
    assert (row.text("cmr_provider"), row.text("safe_disposal")) == ("09", "Y")
    assert made["completion"]["numerator"] == 1


async def test_the_same_member_without_proof_of_sending(quick: Services) -> None:
    await enrolled(quick.eligibility, mbi=MBI)
    review = await reviewed(quick.review)
    made, rows = await report(quick, {})
    assert [row.text("cmr_received") for row in rows] == ["N"]
    findings = ok(await quick.documents.get(f"/v1/cms-reports/{made['report_id']}/findings"))["items"]
    assert "cmr_without_summary" in [each["rule"] for each in findings]
    query = {"year": 2026, "contract_id": "H1234", "state": "missing"}
    (member,) = ok(await quick.documents.get("/v1/cmr-completion/members", params=query))["items"]
    assert (member["member_id"], review["member_id"]) == ("M-1", "M-1")
    assert member["what_would_change"] == "A consultation was held: send its written summary."
