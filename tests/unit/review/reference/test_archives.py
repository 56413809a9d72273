"""A packed version: the same bytes each time, read only when whole; and the shelf of all versions."""

import json
import zipfile
from pathlib import Path

import pytest
from knowledge_versions import HEART_FAILURE, a_copy, with_rule, without_column
from mtm_review.domain.versions import UnusableVersion, VersionNotFound
from mtm_review.reference import KNOWLEDGE, load_knowledge
from mtm_review.reference.archives import MANIFEST, pack, read_manifest, unpacked
from mtm_review.reference.shelf import Shelf, read_version
from mtm_shared.reference import ReferenceDataError
from mtm_shared.vocabulary import load_vocabulary

TODAY = load_knowledge()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    folder.mkdir()
    return folder


@pytest.fixture
def packed(archive: Path) -> Path:
    pack(KNOWLEDGE, archive / "one.zip")
    return archive / "one.zip"


def shelf(archive: Path) -> Shelf:
    return Shelf.of(TODAY, load_vocabulary(), archive)


def repacked(path: Path, **replaced: bytes | None) -> None:
    """The archive with files replaced (None: left out), as somebody might meddle with it."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    for name, content in replaced.items():
        name = name.replace("__", ".")
        if content is None:
            del files[name]
        else:
            files[name] = content
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)


def test_the_same_files_give_the_same_bytes(packed: Path, tmp_path: Path) -> None:
    pack(a_copy(tmp_path / "copy"), tmp_path / "again.zip")
    assert packed.read_bytes() == (tmp_path / "again.zip").read_bytes()


def test_a_packed_version_is_the_knowledge_that_was_packed(packed: Path) -> None:
    assert read_manifest(packed).version == TODAY.version
    known = read_version(packed, load_vocabulary())
    assert (known.version, known.fingerprint, known.rules) == (TODAY.version, TODAY.fingerprint, TODAY.rules)


@pytest.mark.parametrize(
    ("meddled", "says"),
    [
        ({"labs__csv": b"lab_id\n"}, "SHA-256 differs"),
        ({"labs__csv": None}, "must hold the files of its manifest"),
        ({"more__csv": b"x\n"}, "must hold the files of its manifest"),
        ({"manifest__json": b"{}"}, "has no manifest.json"),
        ({"manifest__json": b'{"format": 2, "files": {}}'}, "has format 2"),
    ],
)
def test_an_archive_that_was_changed_is_refused(packed: Path, meddled: dict[str, bytes | None], says: str) -> None:
    repacked(packed, **meddled)
    with pytest.raises(ReferenceDataError, match=says), unpacked(packed):
        pass


def test_a_manifest_cannot_lead_outside_of_the_archive(packed: Path) -> None:
    with zipfile.ZipFile(packed) as archive:
        told = json.loads(archive.read(MANIFEST))
    told["files"]["../evil.csv"] = "0" * 64
    repacked(packed, manifest__json=json.dumps(told).encode())
    with pytest.raises(ReferenceDataError, match="must hold only"):
        read_manifest(packed)


def test_what_is_no_archive_is_refused(archive: Path) -> None:
    (archive / "broken.zip").write_bytes(b"PK not really")
    with pytest.raises(ReferenceDataError, match="is no archive of knowledge"):
        shelf(archive)


def test_the_shelf_gives_today_and_archived_versions_and_says_what_it_has_not(archive: Path) -> None:
    folder = with_rule(a_copy(archive / "next"), HEART_FAILURE, severity="moderate")
    found = shelf(archive)
    (other,) = set(found.versions) - {TODAY.version}
    assert found.version(TODAY.version) is TODAY
    assert found.version(other).rules[f"drug_disease.{HEART_FAILURE}"].severity == "moderate"
    assert found.version(other) is found.version(other)
    with pytest.raises(VersionNotFound):
        found.version("1999.01+00000000")
    assert folder.exists()


def test_two_things_that_are_one_version_are_refused(archive: Path, packed: Path) -> None:
    a_copy(archive / "the same")
    with pytest.raises(ReferenceDataError, match="again"):
        shelf(archive)


FIRST = ("drug_sets", "drug_disease", "duplicate_", "general_rules", "intended_pairs", "labs")


def test_an_earlier_version_without_later_files_and_columns_is_read(archive: Path) -> None:
    folder = without_column(a_copy(archive / "earlier"), "drug_disease.csv", "min_age")
    for path in folder.iterdir():
        if not path.name.startswith(FIRST):
            path.unlink()
    found = shelf(archive)
    (version,) = set(found.versions) - {TODAY.version}
    assert found.version(version).rules.keys() == {
        rule_id for rule_id, rule in TODAY.rules.items() if rule.screen == "drug_disease"
    }
    with pytest.raises(ReferenceDataError):
        load_knowledge(folder)


def test_an_earlier_version_with_a_mistake_is_unusable_and_says_why(archive: Path) -> None:
    folder = with_rule(a_copy(archive / "wrong"), HEART_FAILURE, severity="deadly")
    found = shelf(archive)
    (version,) = set(found.versions) - {TODAY.version}
    with pytest.raises(UnusableVersion, match="severity: must be one of"):
        found.version(version)
    assert folder.exists()
