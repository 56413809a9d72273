"""`mtm-vocabulary build`: one file and its reports, or a plain refusal and nothing."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from mtm_shared.vocabulary import load_vocabulary
from mtm_shared.vocabulary.command import app
from mtm_shared.vocabulary.command.progress import Lines, showing_progress
from typer.testing import CliRunner, Result

from .conftest import Folder

SLOW_BUILD = """
import sys, time
from mtm_shared.vocabulary.built import writing
from mtm_shared.vocabulary.command import app
def slowly(*_):
    print("writing", flush=True)
    time.sleep(60)
writing._table = slowly
app(["build", "--out", sys.argv[1], "--overlay", sys.argv[2]])
"""


def run(*arguments: str | Path) -> Result:
    """The command's answer."""
    return CliRunner().invoke(app, ["build", *map(str, arguments)])


def test_dictionary_alone_can_be_built(small: Folder, tmp_path: Path) -> None:
    out = tmp_path / "vocabulary.mtmv"
    result = run("--out", out, "--overlay", small.folder, "--edition", "2026.11-test")

    assert result.exit_code == 0
    assert load_vocabulary(out).version == "2026.11-test"
    assert "Vocabulary 2026.11-test" in result.stdout
    assert "reading the curated dictionary" in result.stderr
    assert (tmp_path / "vocabulary.mtmv.report.txt").read_text(encoding="utf-8") == result.stdout
    report = json.loads((tmp_path / "vocabulary.mtmv.report.json").read_text(encoding="utf-8"))
    assert report["sha256"] == load_vocabulary(out).sha256


def test_file_that_is_there_is_replaced_only_by_force(small: Folder, tmp_path: Path) -> None:
    out = tmp_path / "vocabulary.mtmv"
    out.write_bytes(b"what was there")

    assert run("--out", out, "--overlay", small.folder).exit_code == 2
    assert out.read_bytes() == b"what was there"
    assert run("--out", out, "--overlay", small.folder, "--force").exit_code == 0
    assert load_vocabulary(out).counts()["ndcs"] == 1


def test_refused_official_file_leaves_what_was_there(small: Folder, tmp_path: Path) -> None:
    out, wrong = tmp_path / "vocabulary.mtmv", tmp_path / "icd10cm_order_2026.txt"
    out.write_bytes(b"what was there")
    wrong.write_text("00001 A00     0 Cholera\n", encoding="utf-8")
    result = run("--out", out, "--overlay", small.folder, "--icd10", wrong, "--force")

    assert result.exit_code == 1
    assert "not built: icd10cm_order_2026.txt" in result.stderr
    assert out.read_bytes() == b"what was there"
    assert {path.name for path in tmp_path.iterdir() if "vocabulary" in path.name} == {"vocabulary.mtmv"}


def test_spoiled_previous_build_is_refused(small: Folder, tmp_path: Path) -> None:
    before = tmp_path / "before.mtmv"
    assert run("--out", before, "--overlay", small.folder).exit_code == 0
    before.write_bytes(before.read_bytes()[:-1])
    result = run("--out", tmp_path / "now.mtmv", "--overlay", small.folder, "--against", before)

    assert result.exit_code == 1
    assert "is cut short" in result.stderr


def test_previous_build_cannot_be_the_one_to_replace(small: Folder, tmp_path: Path) -> None:
    out = tmp_path / "vocabulary.mtmv"
    assert run("--out", out, "--overlay", small.folder).exit_code == 0

    assert run("--out", out, "--overlay", small.folder, "--against", out, "--force").exit_code == 2


def test_reports_without_room_are_said_to_be_missing(small: Folder, tmp_path: Path) -> None:
    out = tmp_path / "vocabulary.mtmv"
    (tmp_path / "vocabulary.mtmv.report.json").mkdir()
    result = run("--out", out, "--overlay", small.folder)

    assert result.exit_code == 1
    assert "is built, but vocabulary.mtmv.report.json cannot be written: Is a directory" in result.stderr
    assert load_vocabulary(out).counts()["ndcs"] == 1


@pytest.mark.parametrize("edition", ["", "november\n2026", "2026 11", "x" * 65, "ñ"])
def test_edition_is_one_short_word(small: Folder, tmp_path: Path, edition: str) -> None:
    out = tmp_path / "vocabulary.mtmv"

    assert run("--out", out, "--overlay", small.folder, "--edition", edition).exit_code == 2
    assert not out.exists()


def test_ndcs_are_kept_of_the_build_before(small: Folder, tmp_path: Path) -> None:
    before, out = tmp_path / "before.mtmv", tmp_path / "now.mtmv"
    assert run("--out", before, "--overlay", small.folder).exit_code == 0

    assert run("--out", out, "--overlay", small.folder, "--keep-ndcs").exit_code == 2
    assert run("--out", out, "--overlay", small.folder, "--against", before, "--keep-ndcs").exit_code == 0
    assert load_vocabulary(out).version != load_vocabulary(before).version


def test_folder_must_be_there(tmp_path: Path) -> None:
    assert run("--out", tmp_path / "nowhere" / "vocabulary.mtmv").exit_code == 2


@pytest.mark.parametrize(("number", "left"), [(signal.SIGTERM, 0), (signal.SIGINT, 0), (signal.SIGKILL, 1)])
def test_killed_build_leaves_no_file(small: Folder, tmp_path: Path, number: int, left: int) -> None:
    out = tmp_path / "killed" / "vocabulary.mtmv"
    out.parent.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-c", SLOW_BUILD, str(out), str(small.folder)], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"writing\n"
    os.kill(process.pid, number)
    process.communicate(timeout=30)

    assert process.returncode != 0
    assert not out.exists()
    assert len(list(out.parent.iterdir())) == left
    # What a kill on the spot left goes with the next build.
    assert run("--out", out, "--overlay", small.folder).exit_code == 0
    assert all(path.name.startswith("vocabulary.mtmv") for path in out.parent.iterdir())


def test_help_says_where_the_files_come_from() -> None:
    text = " ".join(run("--help").stdout.replace("│", " ").split())

    for agency in ("National Library of Medicine", "Food and Drug Administration", "CDC/NCHS", "MED-RT", "NADAC"):
        assert agency in text


def test_terminal_gets_a_bar() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    with showing_progress(terminal) as shown:
        shown.stage("reading RxNorm")
        shown.read("RXNREL.RRF", 50_000_000, 200_000_000)
        shown.read("RXNREL.RRF", 200_000_000, 200_000_000)

    assert "reading RxNorm" in terminal.getvalue()
    assert "200.0/200.0 MB" in terminal.getvalue()


def test_lines_tell_bytes_and_rate() -> None:
    told: list[str] = []
    now = [0.0]
    lines = Lines(told.append, lambda: now[0])
    lines.stage("reading RxNorm")
    for seconds, done in ((1.0, 10), (5.0, 50), (12.0, 120), (15.0, 150)):
        now[0] = seconds
        lines.read("RXNREL.RRF", done * 1_000_000, 150_000_000)

    assert told == [
        "reading RxNorm",
        "  RXNREL.RRF: 120.0 of 150.0 MB, 10 MB/s",
        "  RXNREL.RRF: 150.0 MB, 10 MB/s",
    ]
