"""Members who are targeted, swept and looked at, over HTTP and by the real worker."""

from typing import Any

from deciding import COVERAGE, MEMBER, Service, many_diagnoses, many_fills
from mtm_eligibility.storage.tables import outbox
from sqlalchemy import select

RUNS, SWEEPS = "/v1/targeting-runs", "/v1/enrollment-sweeps"


async def add(service: Service, member_id: str, eligible: bool = True, **coverage: Any) -> None:
    fills = many_fills() if eligible else many_fills()[:1]
    await service.store(
        member=MEMBER | {"member_id": member_id},
        coverage=COVERAGE | coverage,
        fills=fills,
        diagnoses=many_diagnoses() if eligible else [],
    )


async def target(service: Service, as_of: str = "2026-06-30", **more: Any) -> dict[str, Any]:
    body = {"program_id": "cms-2026", "as_of": as_of, **more}
    made = await service.ok("POST", RUNS, body)
    await service.work()
    status: dict[str, Any] = await service.ok("GET", f"{RUNS}/{made['run_id']}")
    assert status["state"] == "done", status
    return status


async def sweep(service: Service, as_of: str) -> dict[str, int]:
    made = await service.ok("POST", SWEEPS, {"as_of": as_of})
    await service.work()
    counts: dict[str, int] = (await service.ok("GET", f"{SWEEPS}/{made['run_id']}"))["counts"]
    return counts


async def enrollment_of(service: Service, member_id: str, **filters: Any) -> dict[str, Any]:
    query = "&".join(f"{name}={value}" for name, value in filters.items())
    page = await service.ok("GET", f"/v1/enrollments?member_id={member_id}&{query}")
    (found,) = page["items"]
    row: dict[str, Any] = found
    return row


async def events(service: Service) -> list[tuple[str, dict[str, Any]]]:
    async with service.database.reading() as session:
        found = await session.execute(
            select(outbox.events.c.type, outbox.events.c.data).order_by(outbox.events.c.number)
        )
        return [(row[0], row[1]) for row in found]
