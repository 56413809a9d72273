"""A drug that had an id of ours has RxNorm's after the build."""

from __future__ import annotations

from typing import Protocol

import pytest
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary.building.draft import Draft
from mtm_shared.vocabulary.building.rxnorm import add_rxnorm
from mtm_shared.vocabulary.dictionary import load_tables

from .conftest import Finish, Folder, rxnorm


class Changing(Folder, Protocol):
    """A folder whose tables a test may change, as the fixture `small` has it."""

    def change(self, name: str, row: int, column: str, value: str) -> None:
        """Set one value."""


@pytest.fixture
def with_own_id(small: Changing) -> Draft:
    """Simvastatin without an RxCUI."""
    for table, row in (("ingredients", 1), ("flags", 1)):
        small.change(table, row, "rxcui", "local:simvastatin")
    small.change("aliases", 0, "ingredients", "83367+local:simvastatin")
    return Draft(load_tables(small.folder))


def test_official_rxcui_takes_the_place_of_our_id(with_own_id: Draft, finished: Finish) -> None:
    add_rxnorm(with_own_id, rxnorm({"36567": "Simvastatin"}))
    vocabulary, report = finished(with_own_id)

    for found in (
        vocabulary.understand(name="simvastatin"),
        vocabulary.understand(name="Zocor"),
        vocabulary.understand(rxcui="local:simvastatin"),
    ):
        assert isinstance(found, Drug)
        assert found.key == "36567"
        assert found.ingredients[0].schedule == "5"
    assert "local:simvastatin" not in vocabulary.ingredients
    assert vocabulary.flag_sources("36567")["schedule"].source == "a list"
    assert report.counts["own_ids_given_rxcuis"] == 1
    assert report.conflicts == ()


def test_combination_with_our_id_has_the_rxcui(with_own_id: Draft, finished: Finish) -> None:
    add_rxnorm(with_own_id, rxnorm({"36567": "simvastatin"}))
    vocabulary, _ = finished(with_own_id)
    found = vocabulary.understand(name="two statins")

    assert isinstance(found, Drug)
    assert found.key == "36567+83367"


def test_our_id_stays_where_rxnorm_has_no_such_name(with_own_id: Draft, finished: Finish) -> None:
    add_rxnorm(with_own_id, rxnorm({"1": "something else"}))
    vocabulary, report = finished(with_own_id)

    assert "local:simvastatin" in vocabulary.ingredients
    assert "own_ids_given_rxcuis" not in report.counts
