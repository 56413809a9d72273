"""Fields of imported rows: what is read, and with which code the rest is refused."""

from datetime import date
from decimal import Decimal

import pytest
from mtm_eligibility.usecases.imports.fields import Fields
from mtm_eligibility.usecases.imports.items import Refused


def field(text: str) -> Fields:
    return Fields([text], {"X": 0})


@pytest.mark.parametrize(
    "text", ["2014-07-10", "20140710", "10-Jul-2014", "10-JUL-2014", "10-jul-2014", " 10-Jul-2014 "]
)
def test_days_are_read_in_every_spelling_of_the_files(text: str) -> None:
    assert field(text).day("X") == date(2014, 7, 10)


@pytest.mark.parametrize(
    "text", ["31-Jun-2014", "20140231", "00010101", "99991231", "10-Juli-2014", "2014/07/10", "10-07-2014", "²0140710"]
)
def test_an_impossible_day_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        field(text).day("X")
    assert refused.value.code == "invalid_date"


@pytest.mark.parametrize(("text", "number"), [("0.60", "0.60"), ("30.000", "30"), ("-12.3456", "-12.3456")])
def test_numbers_are_exact(text: str, number: str) -> None:
    assert field(text).decimal("X") == Decimal(number)


@pytest.mark.parametrize("text", ["1,00", "NaN", "Infinity", "1e12", "0.00001", "abc", "1" * 199])
def test_a_number_that_money_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(Refused) as refused:
        field(text).decimal("X")
    assert refused.value.code == "invalid_number"


def test_whole_numbers_may_be_written_with_zeros_behind_the_point() -> None:
    assert field("30.000").whole("X", 999) == 30
    for text in ("30.5", "-1", "1000"):
        with pytest.raises(Refused):
            field(text).whole("X", 999)


def test_a_blank_is_a_missing_field() -> None:
    with pytest.raises(Refused) as refused:
        field("  ").text("X")
    assert (refused.value.code, refused.value.field) == ("missing_field", "X")
    assert field(" ").short("X") is None


def test_a_refusal_does_not_repeat_the_value() -> None:
    for read in ("day", "decimal", "identifier"):
        with pytest.raises(Refused) as refused:
            getattr(field("Canary 1950"), read)("X")
        assert "Canary" not in refused.value.message
