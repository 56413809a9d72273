"""Loads what recommendations are about and how later claims are read, strictly."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from mtm_shared.reference import Reader

from mtm_review.domain.finding import Screen

FILE = Path(__file__).parent / "recommendations.toml"


@dataclass(frozen=True, slots=True)
class ScreenDefaults:
    """What a recommendation of a finding of this screen is about, and which changes would show it was followed."""

    category: str
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recommending:
    """The defaults by screen, and the days."""

    by_screen: dict[str, ScreenDefaults]
    grace_days: int
    settling_days: int
    window_days: int
    no_response_days: int
    follow_up_days: int


@cache
def load_recommending(path: Path = FILE) -> Recommending:
    """The parameters; every screen must have its defaults."""
    with Reader.of(path) as reader:
        reader.citation()
        screens = reader.table("screens")
        return Recommending(
            by_screen={screen.value: _defaults(screens.table(screen.value)) for screen in Screen},
            grace_days=reader.integer("grace_days", minimum=0),
            settling_days=reader.integer("settling_days", minimum=0),
            window_days=reader.integer("window_days", minimum=1),
            no_response_days=reader.integer("no_response_days", minimum=1),
            follow_up_days=reader.integer("follow_up_days", minimum=1),
        )


def _defaults(table: Reader) -> ScreenDefaults:
    return ScreenDefaults(category=table.text("category"), changes=table.texts("changes"))
