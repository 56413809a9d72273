"""The report says what changed, for people and machines, and the same build says the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from mtm_shared.vocabulary import load_vocabulary
from mtm_shared.vocabulary.building import BuildReport
from mtm_shared.vocabulary.building.build import finish
from mtm_shared.vocabulary.building.difference import Change, differences
from mtm_shared.vocabulary.building.draft import Draft
from mtm_shared.vocabulary.building.rxnorm import add_rxnorm
from mtm_shared.vocabulary.building.sources import edition_print
from mtm_shared.vocabulary.dictionary import load_tables
from mtm_shared.vocabulary.drugs import Names
from mtm_shared.vocabulary.official.records import SourceFile

from .conftest import Folder, clinical, rxnorm

FILE = SourceFile("RXNCONSO", "RXNCONSO.RRF", "10062025", "ab" * 32, 30, 5, 3, {"other_source": 1}, {"bad_value": 1})
SECOND = clinical("617312", "atorvastatin 80 MG Oral Tablet", "83367", "80 MG")

KNOWN = "617311 atorvastatin 40 MG Oral Tablet"


def first_and_second(folder: Path, out: Path) -> BuildReport:
    """A first build, and a second one with one product renamed, one NDC moved, one gone and one new."""
    first = Draft(load_tables(folder))
    old = SECOND._replace(name="atorvastatin 80 MG Tablet")
    add_rxnorm(first, rxnorm(products=(old,), ndcs={"00000000001": "617312", "00000000002": "617312"}))
    finish(first, out / "first.mtmv", version="2026.10", before=None, stage=lambda _: None)
    second = Draft(load_tables(folder))
    add_rxnorm(second, rxnorm(products=(SECOND,), ndcs={"00000000002": "617311", "00000000003": "617312"}))
    second.files.append(FILE)
    before = load_vocabulary(out / "first.mtmv").tables
    return finish(second, out / "second.mtmv", version="2026.11", before=before, stage=lambda _: None)


def test_what_changed_is_told(small: Folder, tmp_path: Path) -> None:
    report = first_and_second(small.folder, tmp_path)
    ndcs, products = report.differences["ndcs"], report.differences["products"]

    assert report.against == "2026.10"
    now = "617312 atorvastatin 80 MG Oral Tablet"
    assert ndcs.added == (Change("00000000003", "", now),)
    assert ndcs.gone == (Change("00000000001", "617312 atorvastatin 80 MG Tablet", ""),)
    assert ndcs.changed == (Change("00000000002", "617312 atorvastatin 80 MG Tablet", KNOWN),)
    assert [(one.before, one.now) for one in products.changed] == [
        ("atorvastatin 80 MG Tablet (83367)", "atorvastatin 80 MG Oral Tablet (83367)")
    ]
    assert set(report.differences) == {"ndcs", "products"}


def test_equal_tables_have_no_differences(draft: Draft) -> None:
    assert differences(draft.curated, replace(draft.curated, version="other")) == {}


def test_ndc_that_leads_to_another_drug_is_told_apart(draft: Draft) -> None:
    before = draft.curated
    (ndc,) = before.drugs.ndcs
    now = replace(before, drugs=replace(before.drugs, ndcs={ndc: "36567"}))
    found = differences(before, now)

    assert found["ndcs_of_other_drugs"].changed == found["ndcs"].changed
    assert found["ndcs"].changed[0].now == "36567 simvastatin"


def test_lost_and_gained_flags_classes_and_names_are_told(draft: Draft) -> None:
    before = draft.curated
    old = before.drugs.ingredients["83367"]
    new = replace(old, schedule="4", part_d=not old.part_d, classes=frozenset({"statin_of_ours"}))
    drugs = replace(
        before.drugs,
        ingredients={**before.drugs.ingredients, "83367": new},
        names={**before.drugs.names, "83367": Names((), ("ator",))},
    )
    found = differences(before, replace(before, drugs=drugs))

    assert found["flags"].changed == (Change("83367", "", "gained not part_d, schedule 4"),)
    assert found["classes"].changed[0].now == "gained statin_of_ours"
    assert found["names"].changed[0].before.startswith("lost Lipitor")
    assert found["names"].changed[0].now == "gained ator"
    assert set(found) == {"flags", "classes", "names"}


def test_people_read_counts_and_first_cases(small: Folder, tmp_path: Path) -> None:
    text = first_and_second(small.folder, tmp_path).text()

    assert "RXNCONSO RXNCONSO.RRF (10062025): 5 rows, 3 used, 1 not for us, 1 rejected" in text
    assert "Changed against 2026.10" in text
    assert "  ndcs: 1 added, 1 gone, 1 changed" in text
    assert f"    changed 00000000002: 617312 atorvastatin 80 MG Tablet -> {KNOWN}" in text


def test_machines_read_everything(small: Folder, tmp_path: Path) -> None:
    report = first_and_second(small.folder, tmp_path)
    data = json.loads(report.json())

    assert data == json.loads(json.dumps(report.as_data()))
    assert data["files"][0]["rejected"] == {"bad_value": 1}
    assert data["differences"]["ndcs"]["changed"] == [["00000000002", "617312 atorvastatin 80 MG Tablet", KNOWN]]
    assert load_vocabulary(tmp_path / "second.mtmv").sha256 == data["sha256"]


def test_same_build_says_the_same_and_no_place(small: Folder, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one = first_and_second(small.folder, tmp_path / "a")
    two = first_and_second(small.folder, tmp_path / "b")

    assert one.json() == two.json()
    assert (tmp_path / "a/second.mtmv").read_bytes() == (tmp_path / "b/second.mtmv").read_bytes()
    assert str(tmp_path) not in one.json()


def test_sources_stay_in_the_file(small: Folder, tmp_path: Path) -> None:
    first_and_second(small.folder, tmp_path)

    assert load_vocabulary(tmp_path / "second.mtmv").sources == (FILE,)


def test_edition_follows_what_went_in() -> None:
    one = edition_print("2026.11.0", "sha256:1", (FILE,))

    assert one.startswith("2026.11.0+")
    assert one == edition_print("2026.11.0", "sha256:1", (FILE._replace(name="elsewhere.RRF"),))
    assert one != edition_print("2026.11.0", "sha256:1", (FILE._replace(sha256="cd" * 32),))
    assert one != edition_print("2026.11.0", "sha256:2", (FILE,))
