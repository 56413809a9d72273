"""Codes are read in every spelling that claims use, and nothing else is taken for one."""

from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtm_shared.values.codes import Icd10, InvalidCode, Mbi, Ndc, Npi, Rxcui

Code: TypeAlias = Ndc | Rxcui | Icd10 | Npi | Mbi
DIGITS = "0123456789"
LETTERS = "ACDEFGHJKMNPQRTUVWXY"
MBI_POSITIONS = ["123456789", LETTERS, DIGITS + LETTERS, DIGITS, LETTERS, DIGITS + LETTERS]
MBI_POSITIONS += [DIGITS, LETTERS, LETTERS, DIGITS, DIGITS]


def digits(count: int) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=count, max_size=count)


def refused(kind: type[Code], text: str) -> str:
    with pytest.raises(InvalidCode) as refusal:
        kind.parse(text)
    return refusal.value.code


@given(digits(5), digits(4), digits(2))
def test_the_printed_ndc_is_read_back(labeler: str, product: str, package: str) -> None:
    ndc = Ndc.parse(f"{labeler}-{product}-{package}")
    assert Ndc.parse(ndc.hyphenated) == Ndc.parse(ndc.digits) == ndc


@given(st.sampled_from([(4, 4, 2), (5, 3, 2), (5, 4, 1)]), st.data())
def test_a_ten_digit_ndc_is_padded_where_its_hyphens_say(shape: tuple[int, int, int], data: st.DataObject) -> None:
    parts = [data.draw(digits(size)) for size in shape]
    padded = "".join(part.zfill(size) for part, size in zip(parts, (5, 4, 2), strict=True))
    assert Ndc.parse("-".join(parts)).digits == padded


@given(digits(10))
def test_ten_bare_digits_are_three_ndcs_and_none_is_guessed(text: str) -> None:
    assert refused(Ndc, text) == "ambiguous_ndc"


@pytest.mark.parametrize(
    "text", ["", "0071-0155", "00071-0155-2-3", "4444-333-22", "0007101552X", "٠٠٠٧١٠١٥٥٢٣", "00071-015523", "1" * 12]
)
def test_other_texts_are_no_ndc(text: str) -> None:
    assert refused(Ndc, text) == "invalid_ndc"


def test_a_refusal_names_the_drug_code_so_that_it_can_be_corrected() -> None:
    with pytest.raises(InvalidCode, match="0071-0155"):
        Ndc.parse("0071-0155")


@pytest.mark.parametrize(
    ("text", "dotted"), [("e119", "E11.9"), ("E11.9", "E11.9"), ("I10", "I10"), ("C4A.0", "C4A.0")]
)
def test_an_icd10_code_is_read_with_and_without_its_dot(text: str, dotted: str) -> None:
    assert Icd10.parse(text).dotted == dotted


def test_an_icd10_code_knows_its_category() -> None:
    assert Icd10.parse("M80.08XA").category == "M80"


@pytest.mark.parametrize(
    "text", ["250.00", "25000", "E884.9", "E11.", "E1.19", "E11.99999", "E11..9", "ßA10", "", "I 10"]
)
def test_icd9_and_broken_codes_are_no_icd10(text: str) -> None:
    assert refused(Icd10, text) == "invalid_icd10"


def with_check_digit(nine: str) -> str:
    total = 24  # what 80840 contributes (CMS, National Provider Identifier check digit)
    for place, digit in enumerate(reversed(nine)):
        doubled = int(digit) * (2 if place % 2 == 0 else 1)
        total += doubled // 10 + doubled % 10
    return nine + str(-total % 10)


@given(st.sampled_from("12"), digits(8))
def test_an_npi_has_exactly_one_check_digit(first: str, rest: str) -> None:
    good = with_check_digit(first + rest)
    assert Npi.parse(good).value == good
    for digit in set(DIGITS) - {good[-1]}:
        assert refused(Npi, good[:-1] + digit) == "invalid_npi"


def test_the_npi_of_the_published_example_is_read() -> None:
    assert Npi.parse("1234567893").value == "1234567893"


@pytest.mark.parametrize("text", ["3234567893", "123456789", "12345678931", "", "123456789X"])
def test_other_texts_are_no_npi(text: str) -> None:
    assert refused(Npi, text) == "invalid_npi"


@given(st.tuples(*(st.sampled_from(alphabet) for alphabet in MBI_POSITIONS)))
def test_an_mbi_is_read_in_lower_case_and_with_hyphens(places: tuple[str, ...]) -> None:
    text = "".join(places)
    printed = f"{text[:4]}-{text[4:7]}-{text[7:]}".lower()
    assert Mbi.parse(printed) == Mbi.parse(text)


@given(st.tuples(*(st.sampled_from(alphabet) for alphabet in MBI_POSITIONS)), st.integers(0, 10), st.data())
def test_an_mbi_with_one_wrong_position_is_refused(places: tuple[str, ...], where: int, data: st.DataObject) -> None:
    wrong = data.draw(st.sampled_from(sorted(set(DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ") - set(MBI_POSITIONS[where]))))
    assert refused(Mbi, "".join((*places[:where], wrong, *places[where + 1 :]))) == "invalid_mbi"


def test_a_refused_mbi_is_not_repeated() -> None:
    with pytest.raises(InvalidCode) as refusal:
        Mbi.parse("1EG4-TE5-MK7S")
    assert "EG4" not in str(refusal.value)


def test_an_mbi_does_not_show_itself_when_printed() -> None:
    assert "EG4" not in repr(Mbi.parse("1EG4-TE5-MK73"))


@pytest.mark.parametrize("text", ["0860975", "", "123456789", "abc", "-1"])
def test_other_texts_are_no_rxcui(text: str) -> None:
    assert refused(Rxcui, text) == "invalid_rxcui"


@given(st.text(max_size=20), st.sampled_from([Ndc, Rxcui, Icd10, Npi, Mbi]))
def test_what_is_read_is_read_again_the_same(text: str, kind: type[Code]) -> None:
    try:
        code = kind.parse(text)
    except InvalidCode:
        return
    assert kind.parse(str(code)) == code
