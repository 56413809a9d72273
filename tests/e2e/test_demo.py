"""`make demo` on a small plan: real processes, a page with working links, and nothing left running."""

import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from support import ROOT

PORTS = 3
MINUTES = 3 * 60


def free_ports() -> list[int]:
    """Ports that nobody listens on, all reserved at once so that they differ."""
    probes = [socket.socket() for _ in range(PORTS)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def demo(out: Path, ports: list[int], *more: str) -> Iterator[subprocess.Popen[str]]:
    """The demo as `make demo` starts it; killed if the test fails before its end."""
    command = [
        sys.executable,
        "-m",
        "deploy.local.demo",
        "--out",
        str(out),
        "--ports",
        ",".join(map(str, ports)),
        *more,
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a run over sixty members leaves."""
    out = tmp_path_factory.mktemp("demo") / "out"
    with demo(out, free_ports(), "--members", "60") as process:
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
    assert "Stopped 5 processes" in said
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
