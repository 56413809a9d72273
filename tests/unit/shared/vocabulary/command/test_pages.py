"""The committed pages in docs/rules say what the data says."""

import pytest
from mtm_shared.rule_files import table
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.command.pages import pages
from support import ROOT

RULES = ROOT / "docs" / "rules"


@pytest.fixture(scope="module")
def made(vocabulary: Vocabulary) -> dict[str, str]:
    return dict(pages(vocabulary))


def test_every_page_is_committed_and_no_other(made: dict[str, str]) -> None:
    committed = {path.relative_to(RULES).as_posix() for path in RULES.rglob("*.md")}

    assert committed ^ set(made) == set(), "run: make pages"


def test_the_committed_pages_are_current(made: dict[str, str]) -> None:
    stale = [name for name, text in made.items() if (RULES / name).read_text(encoding="utf-8") != text]

    assert stale == [], "run: make pages"


def test_there_is_a_page_for_each_class_and_condition(made: dict[str, str], vocabulary: Vocabulary) -> None:
    assert {f"classes/{each}.md" for each in vocabulary.classes} <= set(made)
    assert {f"conditions/{each}.md" for each in vocabulary.conditions} <= set(made)


def test_a_condition_says_what_is_left_out_and_why(made: dict[str, str]) -> None:
    page = made["conditions/rheumatoid_arthritis.md"]

    assert "| M06.1 | **out** |  | adult-onset Still's disease is not rheumatoid arthritis |" in page
    assert "## Programmes that count it" in page


def test_a_class_says_where_its_flags_come_from(made: dict[str, str]) -> None:
    page = made["classes/opioid.md"]

    assert "schedule 2 [" in page
    assert ". 21 CFR 1308.12" in page
    assert "## Duplicate therapy" in page


def test_a_rule_of_a_class_leads_to_its_condition_and_back(made: dict[str, str]) -> None:
    assert "| [nsaids in chronic heart failure](../conditions/chronic_heart_failure.md) |" in made["classes/nsaid.md"]
    assert "| [nsaids](../drug_disease.md) |" in made["conditions/chronic_heart_failure.md"]
    assert "](conditions/chronic_heart_failure.md)" in made["drug_disease.md"]


def test_a_condition_names_the_wider_ones(made: dict[str, str]) -> None:
    page = made["conditions/lewy_body_dementia.md"]

    assert "- who has it also has: [Dementia](dementia.md)" in page


@pytest.mark.parametrize(("given", "cell"), [("a|b", "a\\|b"), ("<1 year", "&lt;1 year"), ("two\nlines", "two lines")])
def test_nothing_ends_a_cell_early(given: str, cell: str) -> None:
    assert table(("x",), [(given,)])[-1] == f"| {cell} |"


def test_the_index_leads_to_every_page(made: dict[str, str], vocabulary: Vocabulary) -> None:
    assert all(f"]({each}.md)" in made["classes/README.md"] for each in vocabulary.classes)
    assert all(f"]({each}.md)" in made["conditions/README.md"] for each in vocabulary.conditions)
