"""Which knowledge a service runs on: the packaged one, a folder or a packed version; a faulty one stops it."""

from pathlib import Path

import pytest
from knowledge_versions import HEART_FAILURE, a_copy, with_rule, without_column, without_rule
from mtm_review.main import load_expertise, load_shelf
from mtm_review.reference import load_knowledge
from mtm_review.reference.archives import pack
from mtm_review.settings import ReviewSettings
from mtm_shared.web.settings import SettingsRefused

RULE = f"drug_disease.{HEART_FAILURE}"


def settings(**environ: str | Path) -> ReviewSettings:
    told = {name: str(value) for name, value in environ.items()}
    return ReviewSettings.from_environment("review", {"MTM_ENVIRONMENT": "development", **told})


def test_a_folder_replaces_the_packaged_knowledge_which_stays_at_hand(tmp_path: Path) -> None:
    chosen = settings(MTM_KNOWLEDGE=without_rule(a_copy(tmp_path / "own"), HEART_FAILURE))
    own = load_expertise(chosen).knowledge
    assert RULE not in own.rules
    shelf = load_shelf(chosen)
    assert set(shelf.versions) == {own.version, load_knowledge().version}
    assert RULE in shelf.version(load_knowledge().version).rules


def test_a_packed_version_may_lack_what_came_later_and_a_folder_may_not(tmp_path: Path) -> None:
    folder = without_column(a_copy(tmp_path / "earlier"), "drug_disease.csv", "min_age")
    pack(folder, tmp_path / "earlier.zip")
    known = load_expertise(settings(MTM_KNOWLEDGE=tmp_path / "earlier.zip")).knowledge
    assert known.rules.keys() == load_knowledge().rules.keys()
    with pytest.raises(SettingsRefused, match=r"MTM_KNOWLEDGE cannot be used: drug_disease\.csv: columns must be"):
        settings(MTM_KNOWLEDGE=folder)


def test_knowledge_with_a_mistake_stops_the_service_with_its_place(tmp_path: Path) -> None:
    folder = with_rule(a_copy(tmp_path / "wrong"), HEART_FAILURE, severity="deadly")
    with pytest.raises(SettingsRefused, match=r"MTM_KNOWLEDGE cannot be used: drug_disease\.csv:\d+\.severity"):
        settings(MTM_KNOWLEDGE=folder)


@pytest.mark.parametrize("name", ["MTM_KNOWLEDGE", "MTM_KNOWLEDGE_ARCHIVE"])
def test_a_place_where_nothing_is_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SettingsRefused, match=f"{name} cannot be used"):
        settings(**{name: tmp_path / "nothing"})
