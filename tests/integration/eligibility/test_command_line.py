"""`mtm-eligibility import`: files go over HTTP to a running service, and a table says what became of every row."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from deciding import settings
from live import running
from mtm_eligibility.cli import app as command_line
from mtm_eligibility.main import create_app
from mtm_eligibility.settings import EligibilitySettings
from mtm_eligibility.worker import work
from mtm_shared.storage import migrate
from typer.testing import CliRunner, Result

MEMBERS = (
    "member_id,birth_date,contract_id,pbp_id,plan_type,effective_from\nM-1,1950-01-01,H1234,001,MA-PD,2026-01-01\n"
)
DIAGNOSES = "member_id,icd10,service_date,setting\nM-1,E11.9,2026-01-01,carrier\nM-2,E11.9,2026-01-01,carrier\n"


@contextmanager
def working(given: EligibilitySettings) -> Iterator[None]:
    """A worker in a thread of its own."""
    loop, stop = asyncio.new_event_loop(), asyncio.Event()
    thread = threading.Thread(target=lambda: loop.run_until_complete(work(given, stop)))
    thread.start()
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(20)
        loop.close()


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """A service with its worker."""
    given = settings(f"sqlite:///{tmp_path}/eligibility.db", tmp_path / "data")
    migrate("eligibility", given.database_url)
    with running(create_app(given)) as address, working(given):
        yield address


def bring(path: Path, address: str, *options: str, columns: str = "200") -> Result:
    environment = {"COLUMNS": columns, "MTM_TOKEN": "openmtm-development"}
    return CliRunner(env=environment).invoke(command_line, ["import", str(path), "--url", address, *options])


def test_a_folder_is_imported_members_first_and_accounted_for(address: str, tmp_path: Path) -> None:
    folder = tmp_path / "claims"
    folder.mkdir()
    (folder / "a-diagnoses.csv").write_text(DIAGNOSES)
    (folder / "b-members.csv").write_text(MEMBERS)
    (folder / "readme.md").write_text("# nothing to import\n")
    result = bring(folder, address)
    assert result.exit_code == 0, result.output
    lines = [line.split() for line in result.output.splitlines()]
    start = lines.index(["file", "format", "state", "rows", "in", "accepted", "replaced", "deleted", "rejected"])
    assert lines[start + 1 : start + 4] == [
        ["b-members.csv", "csv-members", "done", "1", "1", "0", "0", "0"],
        ["a-diagnoses.csv", "csv-diagnoses", "done", "2", "1", "0", "0", "1"],
        ["readme.md", "not", "known", "left", "out"],
    ]
    assert "a-diagnoses.csv: rows rejected: unknown_member 1\n" in result.output
    assert "first of them: line 3, unknown_member: the member is not known; import members first\n" in result.output


def test_a_narrow_terminal_cuts_nothing_off(address: str, tmp_path: Path) -> None:
    path = tmp_path / "a-diagnoses-file-with-a-long-name.csv"
    path.write_text(DIAGNOSES)
    result = bring(path, address, columns="80")
    assert "…" not in result.output
    assert "rejected" in result.output
    assert "rows rejected: unknown_member 2\n" in result.output


@pytest.mark.parametrize(("content", "said"), [(None, "there are no files"), ("# notes\n", "--format")])
def test_nothing_to_import_is_a_failed_command(tmp_path: Path, content: str | None, said: str) -> None:
    if content is not None:
        (tmp_path / "readme.md").write_text(content)
    result = bring(tmp_path, "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert said in result.output


def test_a_failed_import_is_a_failed_command(address: str, tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text(MEMBERS)
    result = bring(path, address, "--format", "rif-pde")
    assert result.exit_code == 1
    assert "members.csv: wrong_columns: missing columns: DML_IND" in result.output


def test_nobody_at_the_address_is_one_plain_message(tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text(MEMBERS)
    result = bring(path, "http://127.0.0.1:9")
    assert result.exit_code == 1
    assert "does not answer" in result.output
    assert "Traceback" not in result.output


def test_a_wrong_token_is_named(address: str, tmp_path: Path) -> None:
    path = tmp_path / "members.csv"
    path.write_text(MEMBERS)
    result = bring(path, address, "--token", "wrong")
    assert result.exit_code == 1
    assert "401 unauthorized" in result.output
