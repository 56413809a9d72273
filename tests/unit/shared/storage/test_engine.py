"""Both engines behave alike: readers do not write, writers do not deadlock, values come back as they went."""

import asyncio
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from mtm_shared.storage import Database, insert_all, upsert_all
from mtm_shared.storage.engine import WroteWhileReading
from mtm_shared.web.database_errors import status_of
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError
from storage_tables import parents, things


async def test_moments_and_amounts_come_back_as_they_went(database: Database) -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=timezone(timedelta(hours=-5)))
    row = {"thing_id": "a", "amount": Decimal("1276.0100"), "at": moment, "extra": {"a": [1, "ñ"]}}
    async with database.writing() as session, session.begin():
        await session.execute(insert(things).values(row))
    async with database.reading() as session:
        found = (await session.execute(select(things))).one()
    assert (found.amount, found.at, found.extra) == (Decimal("1276.0100"), moment, {"a": [1, "ñ"]})
    assert found.at.tzinfo is UTC


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"):
        async with database.writing() as session, session.begin():
            await session.execute(insert(things).values(thing_id="a", at=datetime(2026, 1, 1)))  # noqa: DTZ001


async def test_a_reading_session_refuses_to_write(database: Database) -> None:
    with pytest.raises(WroteWhileReading):
        async with database.reading() as session, session.begin():
            await session.execute(insert(parents).values(parent_id="a"))


async def test_an_error_rolls_everything_back(database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.writing() as session, session.begin():
            await session.execute(insert(parents).values(parent_id="a"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await write_and_fail()
    async with database.reading() as session:
        assert (await session.execute(select(parents))).all() == []


async def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.writing() as session, session.begin():
            await session.execute(insert(things).values(thing_id="a", parent_id="nobody"))


async def test_an_error_does_not_show_its_parameters(database: Database) -> None:
    with pytest.raises(IntegrityError) as refusal:
        async with database.writing() as session, session.begin():
            await session.execute(insert(things).values(thing_id="CANARY-7", parent_id="CANARY-8"))
    assert "CANARY-7" not in str(refusal.value.args[0])


async def test_transactions_that_read_before_they_write_do_not_fail_each_other(database: Database) -> None:
    async def count_up() -> None:
        async with database.writing() as session, session.begin():
            counted = (await session.execute(select(things.c.count).where(things.c.thing_id == "a"))).scalar_one()
            await asyncio.sleep(0)
            await session.execute(things.update().values(count=counted + 1))

    await _start(database)
    await asyncio.gather(*(count_up() for _ in range(8)))
    async with database.reading() as session:
        total = (await session.execute(select(things.c.count))).scalar_one()
    # PostgreSQL's READ COMMITTED lets counts be lost; SQLite's one writer at a time does not.
    assert total == 8 if database.engine.dialect.name == "sqlite" else 1 <= total <= 8


async def test_a_reader_does_not_wait_for_a_writer(database: Database) -> None:
    await _start(database)
    async with database.writing() as writer, writer.begin():
        await writer.execute(things.update().values(count=5))
        async with asyncio.timeout(5), database.reading() as reader, reader.begin():
            assert (await reader.execute(select(things.c.count))).scalar_one() == 0


async def _start(database: Database) -> None:
    async with database.writing() as session, session.begin():
        await session.execute(insert(things).values(thing_id="a", count=0))


async def test_upsert_replaces_by_key_and_the_last_of_equal_keys_wins(database: Database) -> None:
    async with database.writing() as session, session.begin():
        await insert_all(session, things, [{"thing_id": "a", "count": 1}, {"thing_id": "b", "count": 2}])
        rows = [{"thing_id": "a", "count": 10}, {"thing_id": "c", "count": 3}, {"thing_id": "c", "count": 4}]
        await upsert_all(session, things, rows, ["thing_id"])
    async with database.reading() as session:
        found = (await session.execute(select(things.c.thing_id, things.c.count).order_by(things.c.thing_id))).all()
    assert [tuple(row) for row in found] == [("a", 10), ("b", 2), ("c", 4)]


async def test_upsert_can_leave_what_is_there(database: Database) -> None:
    async with database.writing() as session, session.begin():
        await upsert_all(session, things, [{"thing_id": "a", "count": 1}], ["thing_id"])
        await upsert_all(session, things, [{"thing_id": "a", "count": 2}], ["thing_id"], update=())
    async with database.reading() as session:
        assert (await session.execute(select(things.c.count))).scalar_one() == 1


async def test_many_more_rows_than_a_statement_has_parameters(database: Database) -> None:
    rows = [{"thing_id": str(number), "count": number, "amount": Decimal(number)} for number in range(12_000)]
    async with database.writing() as session, session.begin():
        await upsert_all(session, things, rows, ["thing_id"])
    async with database.reading() as session:
        assert (await session.execute(text("SELECT count(*) FROM things"))).scalar_one() == 12_000


async def test_many_rows_come_back_as_they_went_and_replace_by_key(database: Database) -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def row(number: int, **changes: object) -> dict[str, object]:
        base = {"thing_id": str(number), "count": number, "amount": Decimal("1.5"), "at": moment, "extra": {"a": "ñ\\"}}
        return {**base, **changes}

    async with database.writing() as session, session.begin():
        await upsert_all(session, things, (row(number) for number in range(600)), ["thing_id"])
        await upsert_all(session, things, (row(number, count=-1, extra=None) for number in range(1, 700)), ["thing_id"])
        await upsert_all(session, things, (row(number, count=-2) for number in range(701)), ["thing_id"], update=())
    async with database.reading() as session:
        found = {row.thing_id: row for row in (await session.execute(select(things))).all()}
    assert [found[key]._mapping["count"] for key in ("0", "1", "699", "700")] == [0, -1, -1, -2]
    assert (found["0"].amount, found["0"].at, found["0"].extra) == (Decimal("1.5"), moment, {"a": "ñ\\"})
    assert found["1"].extra is None


async def test_a_value_that_does_not_fit_is_told_by_its_class_however_many_rows_there_are(database: Database) -> None:
    for size in (1, 600):
        rows = [{"thing_id": str(number), "count": 2**70} for number in range(size)]
        with pytest.raises((DBAPIError, OverflowError)) as refusal:
            async with database.writing() as session, session.begin():
                await upsert_all(session, things, rows, ["thing_id"])
        assert status_of(refusal.value) == 422


async def test_a_bulk_load_that_fails_leaves_nothing(database: Database) -> None:
    rows = [{"thing_id": str(number), "parent_id": "nobody"} for number in range(600)]
    with pytest.raises(IntegrityError):
        async with database.writing() as session, session.begin():
            await upsert_all(session, things, rows, ["thing_id"])
    async with database.reading() as session:
        assert (await session.execute(select(things))).all() == []


async def test_a_sqlite_folder_is_made(tmp_path: Path) -> None:
    database = Database.at(f"sqlite+aiosqlite:///{tmp_path}/new/folder/x.db")
    async with database.reading() as session:
        assert (await session.execute(text("PRAGMA journal_mode"))).scalar_one() == "wal"
    await database.dispose()
