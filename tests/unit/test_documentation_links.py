"""No page of the documentation leads nowhere: every relative link names a file, and every `#place` in it a heading."""

import re
from functools import cache
from pathlib import Path

import pytest
from support import ROOT

LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
PAGES = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "deploy/**/*.md", "tests/**/*.md")
    for path in ROOT.glob(pattern)
    if not {".venv", "node_modules"}.intersection(path.parts)
)


@cache
def places(path: Path) -> frozenset[str]:
    """The fragments that headings of the page can be reached by."""
    headings = HEADING.findall(FENCED.sub("", path.read_text(encoding="utf-8")))
    return frozenset(re.sub(r"[^\w\- ]", "", heading.casefold()).replace(" ", "-") for heading in headings)


def dead_links(page: Path) -> list[str]:
    found = []
    for link in LINK.findall(FENCED.sub("", page.read_text(encoding="utf-8"))):
        name, _, place = link.partition("#")
        if "://" in link or link.startswith("mailto:"):
            continue
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (place and target.suffix == ".md" and place not in places(target)):
            found.append(link)
    return found


def test_there_are_pages() -> None:
    assert len(PAGES) > 500


def test_no_link_leads_nowhere() -> None:
    dead = {str(page.relative_to(ROOT)): links for page in PAGES if (links := dead_links(page))}

    assert dead == {}


@pytest.mark.parametrize("text", ["[x](none.md)", "[x](#nowhere)", "[x](../none/)"])
def test_a_dead_link_is_found(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"# Here\n\n[here](#here) [it](page.md#here) {text}\n", encoding="utf-8")

    assert len(dead_links(page)) == 1
