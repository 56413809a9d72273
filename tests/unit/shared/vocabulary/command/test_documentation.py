"""What docs/vocabulary.md shows of the command is what the command writes."""

from __future__ import annotations

import re
import shlex
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import ROOT

if TYPE_CHECKING:
    from .conftest import Run

PROGRAM = ROOT / "services/eligibility/src/mtm_eligibility/reference/programs/cms-2026.toml"
SHOWN = re.findall(
    r"^    \$ mtm-vocabulary (.+)\n((?:    .*\n|\n(?=    (?!\$)))+)",
    (ROOT / "docs" / "vocabulary.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


@pytest.fixture
def edited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder with a programme file in which two values were spoiled."""
    text = PROGRAM.read_text(encoding="utf-8")
    text = text.replace('id = "osteoporosis"', 'id = "osteoporose"', 1)
    text = text.replace("minimum = { value = 3,", "minimum = { value = 4,", 1)
    (tmp_path / PROGRAM.name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def test_there_are_examples() -> None:
    assert len(SHOWN) >= 5


@pytest.mark.usefixtures("edited")
@pytest.mark.parametrize(("arguments", "shown"), SHOWN, ids=[arguments for arguments, _ in SHOWN])
def test_the_example_is_real(run: Run, arguments: str, shown: str) -> None:
    _, text = run(*shlex.split(arguments))
    # The edition changes with every change of the data.
    without_edition = re.sub(r"\n*vocabulary \S+ sha256:\S+\s*$", "", text)

    assert without_edition.strip() == textwrap.dedent(shown).strip()
