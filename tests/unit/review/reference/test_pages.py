"""The committed pages say what the knowledge files say."""

import pytest
from mtm_review.reference import load_knowledge
from mtm_review.reference.pages import render
from support import ROOT

PAGES = render(load_knowledge())


@pytest.mark.parametrize("name", sorted(PAGES))
def test_the_committed_page_is_current(name: str) -> None:
    committed = (ROOT / "docs" / "rules" / name).read_text(encoding="utf-8")
    assert committed == PAGES[name], "run: make pages"
