"""A report over the real eligibility and review services: one member's year, from determination to row."""

from datetime import date
from typing import Any

from cms_reporting import LAYOUT, MBI, RULES
from mtm_documents.domain.cms_file.row import Row
from mtm_documents.domain.cms_file.writing import read_line
from mtm_documents.storage import tables
from mtm_documents.usecases.cms_handler import cms_report_handler
from mtm_documents.usecases.cms_ports import CmsSources
from mtm_documents.usecases.cms_reports import JOB_KIND
from mtm_shared.storage import JobQueue, work_off
from whole_job import AS_OF, Services, enrolled, ok, reviewed


async def report(services: Services) -> tuple[dict[str, Any], list[Row]]:
    """The report of the member's contract, and its rows."""
    ordered = ok(await services.documents.post("/v1/cms-reports", json={"contract_id": "H1234", "year": 2026}))
    state = services.documents._transport.app.state  # type: ignore[attr-defined]
    handlers = {JOB_KIND: cms_report_handler(CmsSources(state.eligibility, state.reviews, RULES))}
    await work_off(state.database, JobQueue(tables.jobs), handlers)
    made = ok(await services.documents.get(f"/v1/cms-reports/{ordered['report_id']}"))
    assert made["state"] == "done"
    text = (await services.documents.get(made["file_url"])).content.decode("ascii")
    return made, [read_line(line, LAYOUT) for line in text.split("\r\n")[:-1]]


async def summarised(services: Services, review_id: str) -> str:
    """The summary of the review, made; answers the document's id."""
    request = {"kind": "cmr_summary", "language": "es", "review_id": review_id, "dated": "2026-07-02"}
    made = ok(await services.documents.post("/v1/documents", json=request))
    return str(made["document_id"])


async def test_a_member_with_a_review_and_its_summary_sent(services: Services) -> None:
    await enrolled(services.eligibility, mbi=MBI)
    document_id = await summarised(services, (await reviewed(services.review))["review_id"])
    sent = {"channel": "mail", "sent_on": "2026-07-06", "status": "sent"}
    ok(await services.documents.post(f"/v1/documents/{document_id}/delivery", json=sent))
    made, rows = await report(services)
    assert made["counts"]["rows"] == 1, made["counts"]
    (row,) = rows
    assert (row.text("first_name"), row.text("targeting_code"), row.day("enrolled_on")) == ("Maria Elena", "01", AS_OF)
    assert (row.text("cmr_received"), row.day("cmr_on_1"), row.text("cmr_method")) == ("Y", date(2026, 7, 1), "02")
    assert (row.text("cmr_provider"), row.day("safe_disposal_on")) == ("09", date(2026, 7, 6))
    assert made["completion"]["numerator"] == 1


async def test_the_same_member_without_proof_of_sending(quick: Services) -> None:
    await enrolled(quick.eligibility, mbi=MBI)
    review = await reviewed(quick.review)
    await summarised(quick, review["review_id"])
    made, rows = await report(quick)
    assert [row.text("cmr_received") for row in rows] == ["N"]
    findings = ok(await quick.documents.get(f"/v1/cms-reports/{made['report_id']}/findings"))["items"]
    assert "cmr_without_summary" in [each["rule"] for each in findings]
    query: dict[str, str | int] = {"year": 2026, "contract_id": "H1234", "state": "missing"}
    (member,) = ok(await quick.documents.get("/v1/cmr-completion/members", params=query))["items"]
    assert (member["member_id"], review["member_id"]) == ("M-1", "M-1")
    assert member["what_would_change"] == "A consultation was held: send its written summary."
