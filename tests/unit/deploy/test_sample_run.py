"""A sample of any size: the same bytes from the same seed, by any number of processes, in folders not in use."""

import csv
import hashlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from deploy.local.sample.__main__ import main
from deploy.local.sample.member import make_member
from deploy.local.sample.run import FORMATS, MANIFEST, FolderInUse, Order, prepare, write_sample

# Changes with the tables or the generator, never with the machine, the Python or the day: look before you replace it.
GOLDEN = "4f80c540185f0b00aa21dc3e37458be0884b7c9a8227b444718b594b4dcfef5a"


def written(folder: Path, form: str, *, processes: int = 1, members: int = 200, shard: int = 25_000) -> dict[str, Any]:
    folder.mkdir()
    return write_sample(Order(folder, members, 7, form, shard=shard), processes=processes, progress=False)


def hashes(manifest: dict[str, Any]) -> dict[str, str]:
    return {file["name"]: file["sha256"] for file in manifest["files"]}


def test_two_hundred_members_are_the_ones_they_always_were() -> None:
    told = repr([make_member(2026, number) for number in range(1, 201)])
    assert hashlib.sha256(told.encode()).hexdigest() == GOLDEN


@pytest.mark.parametrize("form", FORMATS)
def test_the_number_of_processes_does_not_change_a_byte(tmp_path: Path, form: str) -> None:
    alone = written(tmp_path / "alone", form, members=300, shard=100)
    together = written(tmp_path / "together", form, members=300, shard=100, processes=2)
    assert hashes(alone) == hashes(together)


@pytest.mark.parametrize("form", FORMATS)
def test_the_manifest_knows_every_file_by_its_bytes(tmp_path: Path, form: str) -> None:
    manifest = written(tmp_path / "out", form)
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / "out").iterdir()}
    del found[MANIFEST]
    assert hashes(manifest) == found
    assert json.loads((tmp_path / "out" / MANIFEST).read_text(encoding="utf-8")) == manifest


@pytest.mark.parametrize("form", ["ndjson", "csv", "rif"])
def test_the_manifest_counts_the_rows_of_every_file(tmp_path: Path, form: str) -> None:
    manifest = written(tmp_path / "out", form)
    for file in manifest["files"]:
        lines = (tmp_path / "out" / file["name"]).read_text(encoding="utf-8").count("\n")
        assert file["rows"] == lines - (not file["name"].endswith(".ndjson"))


def test_a_shard_holds_the_members_that_it_would_hold_alone(tmp_path: Path) -> None:
    few = written(tmp_path / "few", "ndjson", members=100, shard=100)
    many = written(tmp_path / "many", "ndjson", members=400, shard=100)
    assert hashes(few).items() <= hashes(many).items()


def test_a_folder_in_use_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert main(["--members", "10", "--out", str(tmp_path)]) == 2
    assert "thesis.txt" in capsys.readouterr().err


def test_force_removes_an_earlier_sample_and_nothing_else(tmp_path: Path) -> None:
    assert main(["--members", "10", "--out", str(tmp_path / "a"), "--quiet"]) == 0
    assert main(["--members", "20", "--out", str(tmp_path / "a"), "--quiet", "--force", "--format", "csv"]) == 0
    assert not (tmp_path / "a" / "members-00000.ndjson").exists()
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderInUse, match=r"thesis\.txt"):
        prepare(tmp_path / "b", force=True)


@pytest.mark.parametrize(
    "wrong", [["--members", "0"], ["--members", "10000001"], ["--members", "some"], ["--bad-rows", "0.5"]]
)
def test_what_cannot_be_made_is_refused_by_name(
    tmp_path: Path, wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*wrong, "--out", str(tmp_path / "out")])
    assert ended.value.code == 2
    assert wrong[0] in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_unwritable_place_is_told_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert main(["--members", "10", "--out", str(tmp_path / "file")]) == 2
    assert "not a folder" in capsys.readouterr().err


def test_no_text_of_a_table_needs_quotes_where_none_are_written(tmp_path: Path) -> None:
    manifest = written(tmp_path / "out", "csv")
    for file in manifest["files"]:
        if file["name"].endswith(".csv"):
            header, *rows = csv.reader((tmp_path / "out" / file["name"]).read_text(encoding="utf-8").splitlines())
            assert {len(row) for row in rows} == {len(header)}


def test_ctrl_c_ends_all_processes_at_once_and_leaves_no_manifest(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.local.sample", "--members", "200000", "--processes", "2"]
    with subprocess.Popen(
        [*command, "--out", str(tmp_path / "out")], stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        until = time.monotonic() + 30
        while time.monotonic() < until and not any((tmp_path / "out").glob("members-*")):
            pass
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 130
    assert said.startswith("Interrupted; ")
    assert "Traceback" not in said
    assert not (tmp_path / "out" / MANIFEST).exists()
