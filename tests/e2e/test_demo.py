"""`make demo` on a small plan: real processes, a page with working links, and nothing left running."""

import json
import re
import shutil
import signal
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from demo_process import demo, free_ports, listening
from support import cases

MINUTES = 3 * 60
SEED = "2048"  # a plan whose first sixty members have eligible speakers of both languages


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a run over sixty members leaves."""
    out = tmp_path_factory.mktemp("demo") / "out"
    with demo(out, free_ports(), "--members", "60", "--seed", SEED) as process:
        said, _ = process.communicate(timeout=MINUTES)
        assert process.returncode == 0, said
    return out


def test_the_page_says_that_its_data_are_fictional(finished: Path) -> None:
    assert "no such member, prescriber or plan exists" in (finished / "index.html").read_text(encoding="utf-8")


def test_the_page_needs_nothing_else(finished: Path) -> None:
    page = (finished / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script|<link|<img|@import|https?://|url\(", page) == []


def test_every_link_of_the_page_leads_somewhere(finished: Path) -> None:
    page = (finished / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]+)"', page)
    inside = {link[1:] for link in links if link.startswith("#")}
    assert inside <= set(re.findall(r'id="([^"]+)"', page))
    assert all((finished / link).is_file() for link in links if not link.startswith("#"))


@pytest.mark.parametrize("kind", ["letters", "summaries"])
def test_letters_and_summaries_are_pdfs_in_both_languages(finished: Path, kind: str) -> None:
    made = sorted((finished / kind).glob("*.pdf"))
    assert {path.stem[-2:] for path in made} == {"en", "es"}
    assert all(path.read_bytes().startswith(b"%PDF") for path in made)


def test_every_import_reconciles(finished: Path) -> None:
    page = (finished / "index.html").read_text(encoding="utf-8")
    assert 'class="wrong"' not in page
    assert page.count('<span class="ok">yes</span>') == len(list((finished / "sample").iterdir()))


def test_logs_hold_no_member_data(finished: Path) -> None:
    said = "".join(log.read_text(encoding="utf-8") for log in (finished / "logs").glob("*.log"))
    assert re.search(r"M0000\d\d", said) is None


def test_ctrl_c_ends_every_process(tmp_path: Path) -> None:
    ports = free_ports()
    with demo(tmp_path / "out", ports, "--members", "400") as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("start services"):
                break
        assert all(listening(port) for port in ports)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Stopped 6 processes" in said
    assert not any(listening(port) for port in ports)


def test_a_busy_port_is_named_before_anything_starts(tmp_path: Path) -> None:
    with socket.socket() as squatter:
        squatter.bind(("127.0.0.1", 0))
        squatter.listen()
        taken = squatter.getsockname()[1]
        with demo(tmp_path / "out", [taken, *free_ports()[:2]]) as process:
            said, _ = process.communicate(timeout=60)
    assert process.returncode == 2
    assert f"{taken} (eligibility)" in said
    assert not (tmp_path / "out").exists()


def test_a_folder_that_holds_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    with demo(tmp_path, free_ports()) as process:
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "thesis.txt" in said
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


@pytest.fixture(scope="module")
def accounted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The facts of a run over synthetic claims files."""
    out = tmp_path_factory.mktemp("claims") / "out"
    with demo(out, free_ports(), "--claims", str(cases() / "rif-synthea")) as process:
        said, _ = process.communicate(timeout=MINUTES)
        assert process.returncode == 0, said
    facts: dict[str, Any] = json.loads((out / "run.json").read_text(encoding="utf-8"))
    return facts


@pytest.mark.realcases
def test_every_drug_event_and_diagnosis_of_given_claims_is_accounted_for(accounted: dict[str, Any]) -> None:
    accounts = {one["what"]: one for one in accounted["accounts"]}
    assert accounts["Drug events"]["in"] == 984
    assert all(one["in"] == one["used"] + sum(one["others"].values()) for one in accounts.values())


@pytest.mark.realcases
def test_everyone_with_drug_events_is_determined_under_both_programmes(accounted: dict[str, Any]) -> None:
    decided = {one["program_id"]: sum(one["outcomes"].values()) for one in accounted["determinations"]}
    assert decided == {"aetna-2021": 18, "cms-2026": 18}


@pytest.mark.realcases
def test_a_what_if_says_that_the_years_differ(accounted: dict[str, Any]) -> None:
    notices = {one["program_id"]: one["notices"] for one in accounted["determinations"]}
    assert "program_year_differs" not in notices["aetna-2021"]
    assert notices["cms-2026"]["program_year_differs"] == 18


@pytest.mark.realcases
def test_files_that_hold_nothing_to_import_are_named_with_the_reason(accounted: dict[str, Any]) -> None:
    assert set(accounted["left_out"]) == {"beneficiary_history.csv", "dme.csv"}


def test_kept_services_answer_until_the_run_is_told_to_end(tmp_path: Path) -> None:
    ports = free_ports()
    with demo(tmp_path / "out", ports, "--members", "20", "--keep") as process:
        assert process.stdout is not None
        assert any("bearer token" in line for line in process.stdout)
        assert all(listening(port) for port in ports)
        process.send_signal(signal.SIGINT)
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "Stopped 6 processes" in said


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="the kernel is asked through util-linux's setpriv")
def test_services_do_not_outlive_a_run_that_is_killed(tmp_path: Path) -> None:
    ports = free_ports()
    with demo(tmp_path / "out", ports, "--members", "400") as process:
        assert process.stdout is not None
        assert any(line.startswith("start services") for line in process.stdout)
        assert all(listening(port) for port in ports)
        process.kill()
        process.wait(timeout=10)
    until = time.monotonic() + 15
    while any(listening(port) for port in ports) and time.monotonic() < until:
        pass
    assert not any(listening(port) for port in ports)
