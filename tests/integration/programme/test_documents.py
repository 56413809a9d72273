"""Letters on their way: proof of delivery, what is late before it is, and print runs as the printer gets them."""

import csv
import hashlib
import io
from typing import Any

import pikepdf
import pytest
from programme import Programme, completed, enrol


async def letter(running: Programme) -> dict[str, Any]:
    (enrollment,) = await running.all("eligibility", "/v1/enrollments")
    body = {"kind": "enrollment_letter", "language": "en", "enrollment_id": enrollment["enrollment_id"]}
    made: dict[str, Any] = await running.ok("documents", "POST", "/v1/documents", body)
    return made


async def summary(running: Programme, held_on: str = "2026-06-30") -> dict[str, Any]:
    body = {"kind": "cmr_summary", "language": "en", "review_id": await completed(running, held_on)}
    made: dict[str, Any] = await running.ok("documents", "POST", "/v1/documents", body)
    return made


def sent(on: str = "2026-06-30", **said: Any) -> dict[str, Any]:
    return {"channel": "mail", "sent_on": on, "status": "sent", **said}


async def deliver(running: Programme, document_id: str, **said: Any) -> Any:
    return await running.ok("documents", "POST", f"/v1/documents/{document_id}/delivery", sent(**said))


async def test_a_delivery_is_kept_with_its_channel_day_and_author(running: Programme) -> None:
    made = await letter(running)
    assert (made["sent_on"], made["deliveries"]) == (None, [])
    after = await deliver(running, made["document_id"], tracking="9400")
    (attempt,) = after["deliveries"]
    assert (attempt["channel"], attempt["tracking"], attempt["author"]) == ("mail", "9400", "development")
    assert after["sent_on"] == "2026-06-30"


async def test_what_came_back_is_not_sent(everywhere: Programme) -> None:
    document_id = (await letter(everywhere))["document_id"]
    await deliver(everywhere, document_id)
    everywhere.clock.on("2026-07-10")
    after = await deliver(everywhere, document_id, on="2026-07-10", status="returned")
    assert (after["sent_on"], len(after["deliveries"])) == (None, 2)
    again = await deliver(everywhere, document_id, on="2026-07-10", channel="hand_delivered", status="delivered")
    assert again["sent_on"] == "2026-07-10"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"channel": "email"}, "consent_needed"),
        ({"on": "2026-06-29"}, "sent_before_made"),
        ({"on": "2026-07-01"}, "sent_in_future"),
    ],
)
async def test_a_delivery_that_cannot_be_is_refused(running: Programme, said: dict[str, Any], code: str) -> None:
    path = f"/v1/documents/{(await letter(running))['document_id']}/delivery"
    assert await running.problem("documents", "POST", path, sent(**said)) == (422, code)


async def test_electronic_delivery_needs_consent(running: Programme) -> None:
    document_id = (await letter(running))["document_id"]
    assert (await deliver(running, document_id, channel="portal", consented=True))["sent_on"] == "2026-06-30"


@pytest.mark.parametrize(("day", "late"), [("2026-07-13", False), ("2026-07-14", True)], ids=["13 days", "14 days"])
async def test_a_summary_that_is_not_sent_is_on_the_late_list_by_the_14th_day(
    running: Programme, day: str, late: bool
) -> None:
    made = await summary(running)
    assert made["due_on"] == "2026-07-14"
    due = await running.all("documents", f"/v1/documents?due={day}")
    assert bool(due) is late
    await deliver(running, made["document_id"])
    assert await running.all("documents", f"/v1/documents?due={day}") == []


@pytest.mark.parametrize(
    ("as_of", "state"),
    [("2026-06-30", "due_soon"), ("2026-07-14", "due_soon"), ("2026-07-15", "overdue")],
    ids=["at once", "on the day", "the day after"],
)
async def test_a_summary_is_owed_within_14_days_of_the_review(running: Programme, as_of: str, state: str) -> None:
    review_id = await completed(running, "2026-06-30")
    (owed,) = await running.all("documents", f"/v1/deadlines?kind=cmr_summary&as_of={as_of}")
    assert (owed["due_on"], owed["state"], owed["review_id"]) == ("2026-07-14", state, review_id)


@pytest.mark.parametrize(
    ("on", "state"), [("2026-07-14", "met"), ("2026-07-15", "met_late")], ids=["on the day", "the day after"]
)
async def test_a_summary_that_was_sent_is_met(everywhere: Programme, on: str, state: str) -> None:
    made = await summary(everywhere)
    everywhere.clock.on("2026-07-20")
    await deliver(everywhere, made["document_id"], on=on)
    assert await everywhere.all("documents", "/v1/deadlines?kind=cmr_summary") == []
    (met,) = await everywhere.all("documents", f"/v1/deadlines?kind=cmr_summary&state={state}")
    assert (met["met_on"], met["document_id"]) == (on, made["document_id"])


async def test_safe_disposal_is_owed_once_a_year_and_met_by_any_letter_that_tells_it(everywhere: Programme) -> None:
    (owed,) = await everywhere.all("documents", "/v1/deadlines?kind=safe_disposal&within_days=366")
    assert (owed["due_on"], owed["state"]) == ("2026-12-31", "open")
    await deliver(everywhere, (await letter(everywhere))["document_id"])
    assert await everywhere.all("documents", "/v1/deadlines?kind=safe_disposal&within_days=366") == []


async def test_all_deadlines_of_documents_come_in_one_list(running: Programme) -> None:
    await completed(running, "2026-06-30")
    told = await running.all("documents", "/v1/deadlines?within_days=366")
    assert [one["kind"] for one in told] == ["cmr_summary", "safe_disposal"]


async def print_run(running: Programme, **asked: Any) -> dict[str, Any]:
    enrollments = [one["enrollment_id"] for one in await running.all("eligibility", "/v1/enrollments")]
    body = {"kind": "enrollment_letter", "enrollment_ids": [*enrollments, "enr-none"], **asked}
    made = await running.ok("documents", "POST", "/v1/print-runs", body)
    await running.work("documents")
    run: dict[str, Any] = await running.ok("documents", "GET", f"/v1/print-runs/{made['print_run_id']}")
    assert run["state"] == "done", run
    return run


async def bundle(running: Programme, print_run_id: str, part: int = 1) -> bytes:
    answer = await running.clients["documents"].get(f"/v1/print-runs/{print_run_id}/bundle?part={part}")
    assert answer.is_success, answer.text
    return answer.content


async def test_a_print_run_is_one_pdf_with_a_manifest_that_tells_every_page(running: Programme) -> None:
    await enrol(running, "M-2")
    run = await print_run(running)
    assert (run["counts"]["made"], run["counts"]["rejected"], run["parts"]) == (2, 1, 1)
    manifest = await running.ok("documents", "GET", f"/v1/print-runs/{run['print_run_id']}/bundle/manifest")
    content = await bundle(running, run["print_run_id"])
    (part,) = manifest["parts"]
    assert hashlib.sha256(content).hexdigest() == part["sha256"]
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == part["pages"] == sum(line["pages"] for line in manifest["lines"])
    first, second = manifest["lines"]
    assert (first["page_from"], second["page_from"]) == (1, first["page_to"] + 1)
    assert [(one["subject_id"], one["code"]) for one in manifest["rejects"]] == [("enr-none", "subject_not_found")]
    record = await running.ok("documents", "GET", f"/v1/documents/{first['document_id']}")
    assert record["sha256"] == first["sha256"]


async def test_the_manifest_is_a_table_too(running: Programme) -> None:
    run = await print_run(running)
    path = f"/v1/print-runs/{run['print_run_id']}/bundle/manifest"
    answer = await running.clients["documents"].get(path, headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["position"], row["reject_code"]) for row in rows] == [("0", ""), ("1", "subject_not_found")]


async def test_a_long_run_comes_in_parts_and_each_document_may_begin_on_a_front_page(everywhere: Programme) -> None:
    for number in (2, 3):
        await enrol(everywhere, f"M-{number}")
    run = await print_run(everywhere, documents_per_part=2, pad_to_even=True)
    manifest = await everywhere.ok("documents", "GET", f"/v1/print-runs/{run['print_run_id']}/bundle/manifest")
    assert [part["documents"] for part in manifest["parts"]] == [2, 1]
    assert all(line["page_from"] % 2 == 1 for line in manifest["lines"])
    answer = await everywhere.clients["documents"].get(f"/v1/print-runs/{run['print_run_id']}/bundle")
    assert answer.headers["x-bundle-parts"] == "2"
    assert answer.headers["link"].endswith('?part=2>; rel="next"')
    assert len(await bundle(everywhere, run["print_run_id"], 2)) > 1000
    expected = (404, "part_not_found")
    assert (
        await everywhere.problem("documents", "GET", f"/v1/print-runs/{run['print_run_id']}/bundle?part=3") == expected
    )


async def test_a_bundle_of_a_run_that_goes_on_is_refused(running: Programme) -> None:
    made = await running.ok(
        "documents", "POST", "/v1/print-runs", {"kind": "enrollment_letter", "enrollment_ids": ["enr-none"]}
    )
    path = f"/v1/print-runs/{made['print_run_id']}/bundle"
    assert await running.problem("documents", "GET", path) == (409, "bundle_not_ready")


async def test_the_same_run_again_is_the_same_bytes(everywhere: Programme) -> None:
    first, second = [await print_run(everywhere, dated="2026-06-30") for _ in range(2)]
    assert await bundle(everywhere, first["print_run_id"]) == await bundle(everywhere, second["print_run_id"])


async def test_a_whole_run_is_marked_as_mailed_once(running: Programme) -> None:
    run = await print_run(running)
    path = f"/v1/print-runs/{run['print_run_id']}/delivery"
    assert await running.ok("documents", "POST", path, sent()) == {"documents": 1, "marked": 1}
    assert await running.ok("documents", "POST", path, sent()) == {"documents": 1, "marked": 0}
