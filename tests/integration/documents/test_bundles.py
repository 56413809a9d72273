"""Bundles of print runs: every document once, in the order given, whatever happens on the way."""

import csv
import hashlib
import io
from typing import Any

import httpx
import pikepdf
import pytest
from mtm_documents.storage import tables
from mtm_documents.usecases.bundles import bundle_run
from mtm_shared.storage import ComeBack
from printing import ordered, several, worked_off
from sqlalchemy import delete, select
from whole_job import Services, ok


async def bundled(documents: httpx.AsyncClient, path: str) -> list[bytes]:
    """The bytes of every part, by following the links."""
    parts, following = [], f"{path}/bundle"
    while following:
        answer = await documents.get(following)
        assert answer.status_code == 200, answer.text
        parts.append(answer.content)
        following = answer.links.get("next", {}).get("url", "")
    assert answer.headers["x-bundle-parts"] == str(len(parts))
    return parts


async def test_a_bundle_has_every_document_once_in_the_order_given(services: Services) -> None:
    one, two, three = await several(services.eligibility, 3)
    run = await ordered(services.documents, three, "nobody", one, two, documents_per_part=2)
    await worked_off(services)
    path = f"/v1/print-runs/{run['print_run_id']}"
    parts = await bundled(services.documents, path)
    told = ok(await services.documents.get(f"{path}/bundle/manifest"))
    made = told["lines"]
    assert [(entry["position"], entry["subject_id"]) for entry in made] == [(0, three), (2, one), (3, two)]
    assert [entry["part"] for entry in made] == [1, 1, 2]
    reject = {"position": 1, "subject_id": "nobody", "prescriber_npi": None, "code": "subject_not_found"}
    assert told["rejects"] == [reject]
    assert [part["sha256"] for part in told["parts"]] == [hashlib.sha256(part).hexdigest() for part in parts]
    for part, shown in zip(parts, told["parts"], strict=True):
        with pikepdf.open(io.BytesIO(part)) as pdf:
            assert len(pdf.pages) == shown["pages"]
    assert all(entry["page_to"] - entry["page_from"] + 1 == entry["pages"] for entry in made)
    assert ok(await services.documents.get(path))["parts"] == 2


async def test_the_manifest_is_a_table_for_who_asks_for_one(quick: Services) -> None:
    found = await several(quick.eligibility, 1)
    run = await ordered(quick.documents, *found)
    await worked_off(quick)
    path = f"/v1/print-runs/{run['print_run_id']}/bundle/manifest"
    answer = await quick.documents.get(path, headers={"Accept": "text/csv"})
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    told = ok(await quick.documents.get(path))
    assert [(row["document_id"], row["sha256"], row["page_from"]) for row in rows] == [
        (told["lines"][0]["document_id"], told["lines"][0]["sha256"], "1")
    ]


async def test_for_both_sides_of_the_paper_each_document_begins_on_a_front(quick: Services) -> None:
    found = await several(quick.eligibility, 3)
    run = await ordered(quick.documents, *found, pad_to_even=True)
    await worked_off(quick)
    path = f"/v1/print-runs/{run['print_run_id']}"
    told = ok(await quick.documents.get(f"{path}/bundle/manifest"))
    assert [entry["page_from"] % 2 for entry in told["lines"]] == [1, 1, 1]
    assert told["parts"][0]["pages"] % 2 == 0


async def test_a_bundle_that_was_stopped_ends_with_the_same_bytes(services: Services) -> None:
    found = await several(services.eligibility, 3)
    run = await ordered(services.documents, *found, documents_per_part=1)
    await worked_off(services)
    run_id = run["print_run_id"]
    path = f"/v1/print-runs/{run_id}"
    before = await bundled(services.documents, path)
    database = services.documents._transport.app.state.database  # type: ignore[attr-defined]

    async with database.writing() as session, session.begin():
        await session.execute(delete(tables.print_run_parts))
    stops = [None, ComeBack(), None, None, ComeBack(), None, None, None, None]

    async def checkpoint() -> None:
        if (stop := stops.pop(0)) is not None:
            raise stop

    for _ in range(2):
        with pytest.raises(ComeBack):
            await bundle_run(run_id, 1, False, lambda: database.writing.begin(), checkpoint)
    await bundle_run(run_id, 1, False, lambda: database.writing.begin(), checkpoint)
    assert await bundled(services.documents, path) == before


async def test_before_a_run_is_done_there_is_no_bundle(quick: Services) -> None:
    run = await ordered(quick.documents, "nobody")
    path = f"/v1/print-runs/{run['print_run_id']}"
    for name in ("bundle", "bundle/manifest"):
        answer = await quick.documents.get(f"{path}/{name}")
        assert (answer.status_code, answer.json()["code"]) == (409, "bundle_not_ready")
    await worked_off(quick)
    answer = await quick.documents.get(f"{path}/bundle")
    assert (answer.status_code, answer.json()["code"]) == (404, "part_not_found")
    assert ok(await quick.documents.get(f"{path}/bundle/manifest"))["parts"] == []


async def test_documents_and_the_end_of_a_run_are_told_once(quick: Services) -> None:
    found = await several(quick.eligibility, 2)
    run = await ordered(quick.documents, *found, "nobody")
    await worked_off(quick)
    events: list[tuple[str, Any]] = []
    state = quick.documents._transport.app.state  # type: ignore[attr-defined]
    async with state.database.reading() as session:
        query = select(tables.outbox.events).order_by(tables.outbox.events.c.number)
        events = [(row.type, row.data) for row in await session.execute(query)]
    assert [kind for kind, _ in events] == ["document.ready", "document.ready", "run.finished"]
    assert [data["enrollment_id"] for kind, data in events if kind == "document.ready"] == found
    assert events[-1][1] == {
        "run_id": run["print_run_id"],
        "kind": "print",
        "state": "done",
        "counts": {"made": 2, "rejected": 1},
    }
