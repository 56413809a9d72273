"""Nobody sees what could not be entered in the audit trail."""

from pathlib import Path

from mtm_shared.storage.audit import audit_tables
from sqlalchemy import MetaData, text
from web_app import make_app, served, settings_for

TRAIL = audit_tables(MetaData())


async def test_an_answer_waits_for_its_entry_and_is_withheld_without_one(tmp_path: Path) -> None:
    app = make_app(settings_for(f"sqlite:///{tmp_path}/web.db"), trail=TRAIL)
    async with served(app) as client:
        async with app.state.database.engine.begin() as connection:
            await connection.run_sync(TRAIL.entries.metadata.create_all)
        made = await client.post("/v1/things", json={"thing_id": "a", "name": "told to nobody"})
        assert made.status_code == 201
        assert (await client.get("/v1/things/a")).status_code == 200
        async with app.state.database.engine.begin() as connection:
            await connection.execute(text("DROP TABLE audit_entries"))
        answer = await client.get("/v1/things/a")
        assert (answer.status_code, answer.json()["code"]) == (503, "audit_unavailable")
        assert "told to nobody" not in answer.text
        assert answer.headers["retry-after"] == "5"
        again = await client.post("/v1/things", json={"thing_id": "b"})
        assert again.status_code == 503, "a change that cannot be entered is not made"


async def test_a_service_without_a_trail_answers_as_before(tmp_path: Path) -> None:
    async with served(make_app(settings_for(f"sqlite:///{tmp_path}/web.db"))) as client:
        assert (await client.get("/v1/things")).status_code == 200
