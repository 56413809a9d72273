"""The targets of the screens on the labelled cases, and the page that publishes what was measured."""

from functools import cache
from pathlib import Path

import pytest
from cases.review.blind_members import load_members
from cases.review.cases import load_cases
from cases.review.quality import PAGE, TARGETS, Quality, measure, page

CASES = load_cases()


@cache
def measured() -> Quality:
    return measure(CASES, load_members())


@pytest.mark.parametrize(("screen", "tier"), TARGETS)
def test_a_screen_reaches_its_target(screen: str, tier: str) -> None:
    tally = measured().of(screen, tier)
    precision, recall = TARGETS[screen, tier]
    assert tally.right > 0
    assert tally.precision >= precision
    assert tally.recall >= recall


def test_labels_without_sight_of_the_rules_are_met_or_say_why() -> None:
    unexplained = [(label.member_id, label.screen) for label, met in measured().labels if not met and not label.miss]
    outdated = [(label.member_id, label.screen) for label, met in measured().labels if met and label.miss]
    assert (unexplained, outdated) == ([], [])


def test_the_published_figures_are_current() -> None:
    published = Path(__file__).parents[3] / PAGE
    assert published.read_text(encoding="utf-8") == page(measured(), CASES), "run: make quality"
