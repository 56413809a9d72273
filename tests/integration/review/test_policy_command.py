"""`mtm-review policy check · list · forecast`, as a sponsor's pharmacist runs them."""

import asyncio
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from live import running
from mtm_review.cli import app as command_line
from mtm_review.cli import forecast_handler
from mtm_review.main import create_app
from mtm_review.storage.tables import jobs
from mtm_shared.storage.engine import Database
from mtm_shared.storage.jobs import JobQueue
from mtm_shared.storage.migrate import migrate
from mtm_shared.storage.worker import work_off
from policies import document, write
from reviewing import KEY, MEMBERS, expertise, settings, telling
from typer.testing import CliRunner, Result

OFF = [{"class": "nsaids"}]


def run(*words: str) -> Result:
    return CliRunner(env={"COLUMNS": "200", "MTM_TOKEN": "openmtm-development"}).invoke(
        command_line, ["policy", *words]
    )


def test_a_right_policy_is_said_to_be_right(tmp_path: Path) -> None:
    result = run("check", str(write(tmp_path, "a.toml", document(off=OFF))))
    assert result.exit_code == 0
    assert result.output.startswith("example-2026: 1 entry, version 1+")


def test_every_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, "a.toml", document(note="x", off=[{"rule": "nothing"}]))
    result = run("check", str(path))
    lines = path.read_text(encoding="utf-8").splitlines()
    note, rule = (1 + next(n for n, line in enumerate(lines) if line.startswith(key)) for key in ("note", "rule"))
    assert result.exit_code == 1
    assert f"a.toml:{note}: note must be a sentence" in result.output
    assert f"a.toml:{rule}: off[0].rule must be a rule of the knowledge" in result.output
    assert "2 mistakes." in result.output


def test_a_folder_is_checked_with_what_its_policies_say_of_each_other(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", document())
    write(tmp_path, "b.toml", document(policy_id="other"))
    result = run("check", str(tmp_path))
    assert (result.exit_code, "must not be in force for the same members" in result.output) == (1, True)


def test_a_rule_that_may_not_be_hidden_is_warned_of(tmp_path: Path) -> None:
    path = write(tmp_path, "a.toml", document(off=[{"rule": "drug_disease.cilostazol_heart_failure"}]))
    result = run("check", str(path))
    assert (result.exit_code, "warning: off drug_disease.cilostazol_heart_failure" in result.output) == (0, True)


@pytest.mark.parametrize(
    ("on", "state", "ended"),
    [
        ("2025-12-31", "not_yet", " 2 "),
        ("2026-01-31", "active", " 2 "),
        ("2026-02-01", "active", "2 (1 ended)"),
        ("2027-01-01", "expired", "2 (2 ended)"),
    ],
)
def test_policies_are_listed_with_their_state(tmp_path: Path, on: str, state: str, ended: str) -> None:
    write(tmp_path, "a.toml", document(off=[*OFF, {"screen": "cost", "expires_on": date(2026, 1, 31)}]))
    result = run("list", "--folder", str(tmp_path), "--on", on)
    assert result.exit_code == 0
    assert state in result.output
    assert ended in result.output


def test_a_folder_with_a_mistake_is_not_listed(tmp_path: Path) -> None:
    write(tmp_path, "a.toml", document(off=[{"rule": "nothing"}]))
    assert run("list", "--folder", str(tmp_path)).exit_code == 1


@pytest.fixture
def address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A running service with a review, and a worker that works while the command waits."""
    url = f"sqlite+aiosqlite:///{tmp_path}/review.db"
    migrate("review", url)

    async def work() -> None:
        database = Database.at(url)
        await work_off(database, JobQueue(jobs), {"policy_forecast": forecast_handler(expertise())})
        await database.dispose()

    monkeypatch.setattr("mtm_review.policy_command.sleep", lambda _: asyncio.run(work()))
    with running(create_app(settings(url), eligibility=telling(*MEMBERS))) as address:
        body = {"member_id": "A1", "kind": "cmr", "as_of": "2026-06-30"}
        assert httpx.post(f"{address}/v1/reviews", json=body, headers=KEY).status_code == 201
        yield address


def test_a_forecast_is_followed_and_printed(address: str, tmp_path: Path) -> None:
    path = write(tmp_path, "a.toml", document(off=OFF))
    result = run("forecast", "--as-of", "2026-06-30", "--policy", str(path), "--url", address)
    assert result.exit_code == 0, result.output
    assert "duplicate_therapy.nsaids" in result.output
    assert "1 hidden, 0 shown instead, 0 lowered" in result.output


def test_a_forecast_is_printed_for_machines(address: str) -> None:
    result = run("forecast", "--as-of", "2026-06-30", "--json", "--url", address)
    done: dict[str, Any] = json.loads(result.stdout[result.stdout.index("{\n") :])
    assert (done["state"], done["burden"]["members"], done["burden"]["states"]) == ("done", 1, {"none": 1})


def test_a_policy_that_the_service_does_not_know_is_a_plain_message(address: str) -> None:
    result = run("forecast", "--as-of", "2026-06-30", "--policy", "nobody", "--url", address)
    assert result.exit_code == 1
    assert "422 unknown_policy: No policy with this id is loaded." in result.output
    assert "/policy: No policy with this id is loaded." in result.output


def test_a_file_that_is_not_there_is_a_plain_message(tmp_path: Path) -> None:
    result = run("forecast", "--as-of", "2026-06-30", "--policy", str(tmp_path / "none.toml"))
    assert (result.exit_code, "none.toml" in result.output) == (1, True)
