"""Directions in words become a dose and a frequency, or nothing."""

from decimal import Decimal

import pytest
from mtm_review.domain.directions import dose_and_frequency
from mtm_review.domain.dosing import times_a_day


@pytest.mark.parametrize(
    ("directions", "dose", "times"),
    [
        ("Take 1 tablet by mouth twice daily", "1 tablet", 2),
        ("one tablet every morning", "one tablet", 1),
        ("20 mg at bedtime", "20 mg", 1),
        ("2 capsules every 8 hours", "2 capsules", 3),
        ("half tablet daily", "half tablet", 1),
    ],
)
def test_directions_that_can_be_counted(directions: str, dose: str, times: int) -> None:
    found, frequency = dose_and_frequency(directions)
    assert (found, times_a_day(frequency)) == (dose, Decimal(times))


@pytest.mark.parametrize("directions", ["", "as directed", "apply to the skin", "when it hurts"])
def test_directions_without_an_amount_tell_no_dose(directions: str) -> None:
    assert dose_and_frequency(directions) == ("", "")
