"""Who did and saw what, when: entered with the change itself, refused to be changed, and checked by its chain."""

import asyncio
from typing import Any

import pytest
from deciding import MEMBER, Service
from mtm_eligibility.cli import app
from mtm_eligibility.storage.tables import audit_trail
from mtm_shared.storage.audit_chain import head_of, seal, verify
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

TRAIL = "/v1/audit-entries"


async def entries(service: Service, query: str = "") -> list[dict[str, Any]]:
    page = await service.ok("GET", f"{TRAIL}{query}")
    items: list[dict[str, Any]] = page["items"]
    return items


async def sealed(service: Service) -> int:
    async with service.database.writing() as session, session.begin():
        return await seal(session, audit_trail)


async def change(service: Service, statement: str) -> None:
    async with service.database.writing() as session, session.begin():
        await session.execute(text(statement))


async def test_a_change_is_entered_with_who_what_and_about_whom(service: Service) -> None:
    await service.store()
    first = (await entries(service))[0]
    assert (first["actor"], first["action"], first["outcome"]) == ("development", "put_member", "done")
    assert first["member_ids"] == [MEMBER["member_id"]]
    assert first["things"] == {"member_id": MEMBER["member_id"]}


async def test_a_look_is_entered_before_its_answer_leaves(service: Service) -> None:
    await service.store()
    before = len(await entries(service))
    await service.ok("GET", f"/v1/members/{MEMBER['member_id']}", headers={"X-Request-ID": "req-look"})
    (look,) = [one for one in (await entries(service))[before:] if one["request_id"] == "req-look"]
    assert (look["action"], look["status"]) == ("read_member", 200)


async def test_a_list_names_every_member_that_it_showed(service: Service) -> None:
    await service.store()
    await service.ok(
        "POST", f"/v1/members/{MEMBER['member_id']}/determinations", {"program_id": "cms-2026", "as_of": "2026-06-30"}
    )
    await service.ok("GET", "/v1/enrollments")
    (listed,) = await entries(service, "?action=list_enrollments")
    assert listed["member_ids"] == [MEMBER["member_id"]]


async def test_entries_about_one_member_are_found(service: Service) -> None:
    await service.store()
    await service.store(member=MEMBER | {"member_id": "M-2"})
    about = await entries(service, "?member_id=M-2")
    assert about
    assert all("M-2" in one["member_ids"] for one in about)


async def test_a_refused_request_is_entered_too(service: Service) -> None:
    answer = await service.client.get("/v1/members/M-1", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401
    (refused,) = [one for one in await entries(service) if one["outcome"] == "refused"]
    assert (refused["actor"], refused["status"]) == ("anonymous", 401)


async def test_a_refused_request_with_a_hostile_path_is_entered(service: Service) -> None:
    answer = await service.client.get("/v1/members/M%00-1%F0%9F", headers={"Authorization": "Bearer wrong"})
    assert answer.status_code == 401


async def test_what_stores_and_reads_nothing_is_not_entered(quick: Service) -> None:
    await quick.ok("GET", "/v1/programs")
    assert await entries(quick) == []


async def test_a_change_that_failed_is_entered_as_refused(service: Service) -> None:
    answer = await service.client.post("/v1/enrollments/enr-none/opt-in", json={"on": "2026-02-01"})
    assert answer.status_code == 404
    (refused,) = await entries(service, "?action=opt_in")
    assert (refused["outcome"], refused["status"]) == ("refused", 404)


@pytest.mark.parametrize("table", ["audit_entries", "audit_chain", "audit_subjects"])
@pytest.mark.parametrize("statement", ["DELETE FROM {table}", "UPDATE {table} SET number = number + 1"])
async def test_the_database_refuses_to_change_what_was_entered(service: Service, table: str, statement: str) -> None:
    await service.store()
    await sealed(service)
    with pytest.raises(DBAPIError, match="append-only"):
        await change(service, statement.format(table=table))


async def test_sealed_entries_say_so_and_the_chain_holds(service: Service) -> None:
    await service.store()
    number = await sealed(service)
    assert number == len([one for one in await entries(service) if one["sealed"]])
    async with service.database.reading() as session:
        verdict = await verify(session, audit_trail)
    assert (verdict.fault, verdict.sealed) == ("", number)


TAMPERED = {
    "another actor": "UPDATE audit_entries SET actor = 'nobody' WHERE number = 2",
    "an entry less": "DELETE FROM audit_entries WHERE number = 2",
    "a link less": "DELETE FROM audit_chain WHERE position = 2",
}


@pytest.mark.parametrize("statement", TAMPERED.values(), ids=TAMPERED)
async def test_whoever_gets_past_the_triggers_breaks_the_chain(quick: Service, statement: str) -> None:
    await quick.store()
    await sealed(quick)
    for table in ("audit_entries", "audit_chain"):
        for event in ("update", "delete"):
            await change(quick, f"DROP TRIGGER {table}_no_{event}")
    await change(quick, statement)
    async with quick.database.reading() as session:
        verdict = await verify(session, audit_trail)
    assert verdict.fault
    assert verdict.sealed == 1


async def test_a_chain_that_was_cut_off_is_found_by_a_head_kept_elsewhere(quick: Service) -> None:
    await quick.store()
    await sealed(quick)
    async with quick.database.reading() as session:
        head = await head_of(session, audit_trail)
    await change(quick, "DROP TRIGGER audit_chain_no_delete")
    await change(quick, f"DELETE FROM audit_chain WHERE position = {head.position}")
    async with quick.database.reading() as session:
        assert (await verify(session, audit_trail)).fault == ""
        assert (await verify(session, audit_trail, head)).fault == "the given head is not in the chain"


async def test_the_command_tells_whether_the_trail_holds(quick: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    await quick.store()
    await sealed(quick)
    monkeypatch.setenv("MTM_ENVIRONMENT", "development")
    monkeypatch.setenv("MTM_DATABASE_URL", str(quick.app.state.settings.database_url))
    told = await asyncio.to_thread(CliRunner().invoke, app, ["audit", "verify"])
    assert told.exit_code == 0
    assert "entries hold" in told.output
    await change(quick, "DROP TRIGGER audit_entries_no_update")
    await change(quick, "UPDATE audit_entries SET actor = 'nobody' WHERE number = 1")
    told = await asyncio.to_thread(CliRunner().invoke, app, ["audit", "verify"])
    assert told.exit_code == 1
    assert "broken: entry 1 (link 1) is not what was sealed" in told.output
