"""Print runs in tests: members to write to, an order, and the worker's own handler."""

from typing import Any

import httpx
from mtm_documents.cli import print_run_handler
from mtm_documents.storage import tables
from mtm_documents.usecases.ordering import Sources
from mtm_documents.usecases.print_runs import JOB_KIND
from mtm_shared.storage import JobQueue, work_off
from whole_job import AS_OF, Services, diagnoses, fills, member, ok


async def no_sites(_: str | None) -> tuple[()]:
    return ()


async def worked_off(services: Services, **changed: Any) -> int:
    state = services.documents._transport.app.state  # type: ignore[attr-defined]
    asked = {"eligibility": state.eligibility, "reviews": state.reviews, "near": no_sites, "wording": None} | changed
    handlers = {JOB_KIND: print_run_handler(Sources(**asked))}
    return await work_off(state.database, JobQueue(tables.jobs), handlers)


async def ordered(documents: httpx.AsyncClient, *enrollment_ids: str, **more: Any) -> dict[str, Any]:
    request = {"kind": "enrollment_letter", "enrollment_ids": list(enrollment_ids)} | more
    answer = await documents.post("/v1/print-runs", json=request)
    assert answer.status_code == 202, answer.text
    return dict(answer.json())


async def several(eligibility: httpx.AsyncClient, number: int) -> list[str]:
    """Enrolments of as many members."""
    made = []
    for name in (f"M-{at}" for at in range(1, number + 1)):
        ok(await eligibility.put(f"/v1/members/{name}", json=member(member_id=name)))
        given = [fill | {"claim_id": f"{name}-{fill['claim_id']}"} for fill in fills()]
        ok(await eligibility.post(f"/v1/members/{name}/fills", json={"fills": given}))
        ok(await eligibility.post(f"/v1/members/{name}/diagnoses", json={"diagnoses": diagnoses()}))
        request = {"program_id": "cms-2026", "as_of": str(AS_OF)}
        made.append(ok(await eligibility.post(f"/v1/members/{name}/determinations", json=request))["enrollment_id"])
    return made
