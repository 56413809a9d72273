"""The committed pages say what the knowledge files say."""

import pytest
from mtm_review.domain.readable import readable_rules
from mtm_review.reference import load_knowledge
from mtm_review.reference.pages import render
from support import ROOT

PAGES = render(load_knowledge())


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_committed_page_is_current(name: str) -> None:
    committed = (ROOT / "docs" / "rules" / name).read_text(encoding="utf-8")
    assert committed == PAGES[name], "run: make pages"


def test_a_long_list_of_drugs_is_folded_and_a_short_one_is_not() -> None:
    page = PAGES["drug_disease.md"]
    assert "<details><summary>20 drugs: celecoxib, diclofenac, diflunisal …</summary>" in page
    assert "| acarbose, miglitol |" in page


def test_the_index_counts_every_rule_by_screen() -> None:
    rows = [line.split(" | ") for line in PAGES["reviews.md"].splitlines() if line.startswith("| ") and "](" in line]
    assert sum(int(row[2]) for row in rows) == len(readable_rules(load_knowledge()))
    assert all(sum(map(int, row[3:7])) == int(row[2]) for row in rows)
