"""The anticholinergic scores against a published collation of scales, where it is at hand."""

import csv
from typing import Final

import pytest
from mtm_review.reference import load_knowledge
from mtm_shared.vocabulary import NotUnderstood, load_vocabulary
from support import refdata

SCORES = load_knowledge().burdens.scores
SPELT_OTHERWISE: Final = {"isosorbide dinitrate": "isosorbide", "warfarin": "coumadin"}
NOT_OURS: Final = {"brompheniramine maleate": "the same drug twice, at 1 and 3; the scale of 2012 has 3"}


@pytest.fixture(scope="module")
def collated() -> dict[str, set[int]]:
    """The scores of the scale's column (Boustani et al. 2008, with later updates) by the names in the collation."""
    found: dict[str, set[int]] = {}
    path = refdata() / "acb" / "ACB_table.csv"
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            if row["Boustani2008"] not in ("", "0"):
                found.setdefault(row["Name"].strip().lower(), set()).add(int(row["Boustani2008"]))
    return found


def test_scores_are_those_of_the_scale_from_1_to_3() -> None:
    assert {score.points for score in SCORES.values()} == {1, 2, 3}


@pytest.mark.refdata
def test_every_score_is_one_that_the_collation_gives(collated: dict[str, set[int]]) -> None:
    given = {score.name: collated.get(SPELT_OTHERWISE.get(score.name, score.name), set()) for score in SCORES.values()}

    assert [score.name for score in SCORES.values() if score.points not in given[score.name]] == []


@pytest.mark.refdata
def test_every_drug_of_the_collation_that_the_vocabulary_holds_is_scored(collated: dict[str, set[int]]) -> None:
    scored = {SPELT_OTHERWISE.get(score.name, score.name) for score in SCORES.values()}
    left_out = {name for name in collated.keys() - scored if name not in NOT_OURS}

    assert {
        name for name in left_out if not isinstance(load_vocabulary().understand(name=name), NotUnderstood)
    } == set()
