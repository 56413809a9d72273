"""ICD-10-CM, MED-RT and NADAC in a built vocabulary."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from mtm_shared.vocabulary.building.draft import Conflict, Draft
from mtm_shared.vocabulary.building.further import add_icd10cm, add_medrt, add_nadac, check_condition_codes
from mtm_shared.vocabulary.official.records import (
    Assertion,
    DiagnosisCode,
    Icd10Cm,
    MedRt,
    Nadac,
    OfficialFileError,
    Price,
    SourceFile,
)

from .conftest import Finish


def edition(*codes: str) -> Icd10Cm:
    """These codes; billable when five characters long."""
    return Icd10Cm("FY", {code: DiagnosisCode(code, f"title {code}", len(code) == 5) for code in codes}, ())


def test_listed_code_has_its_title(draft: Draft, finished: Finish) -> None:
    add_icd10cm(draft, edition("E78", "E780", "E7800", "E786", "QA0", "QA05"))
    vocabulary, _ = finished(draft)

    assert [vocabulary.icd10_listed(code) for code in ("E78.00", "e7800 ", "E78", "QA0.5")] == [True] * 4
    assert vocabulary.icd10_problem("QA0.5") is None
    assert vocabulary.icd10("e78.00") == DiagnosisCode("E7800", "title E7800", True)
    assert vocabulary.conditions_of("E78.00") == {"dyslipidemia"}


def test_code_that_is_newer_than_the_list_keeps_its_conditions(draft: Draft, finished: Finish) -> None:
    add_icd10cm(draft, edition("E78", "E780", "E7800", "E786"))
    vocabulary, _ = finished(draft)

    assert vocabulary.icd10_listed("E78.01") is False
    assert vocabulary.icd10_problem("E78.01") is None
    assert vocabulary.conditions_of("E78.01") == {"dyslipidemia"}


def test_shape_and_category_still_decide(draft: Draft, finished: Finish) -> None:
    add_icd10cm(draft, edition("E78", "E7800", "E786"))
    vocabulary, _ = finished(draft)

    assert vocabulary.icd10_problem("272.4") == "invalid_icd10"
    assert vocabulary.icd10_problem("U99.1") == "unknown_icd10"
    assert [vocabulary.icd10_listed(code) for code in ("272.4", "U99.1")] == [False, False]


def test_code_of_an_earlier_edition_stays_known(draft: Draft, finished: Finish) -> None:
    add_icd10cm(draft, edition("E78", "E7801", "E786"))
    add_icd10cm(draft, edition("E78", "E7800", "E786"))
    vocabulary, report = finished(draft)

    assert vocabulary.icd10_listed("E78.01")
    assert vocabulary.icd10_listed("E78.00")
    assert report.counts["codes_of_earlier_editions"] == 1


@pytest.mark.parametrize(
    ("year", "digest", "code"), [("2026", "a", "given_twice"), ("2025", "b", "wrong_order"), ("2026", "b", "")]
)
def test_editions_are_given_once_and_oldest_first(draft: Draft, year: str, digest: str, code: str) -> None:
    file = SourceFile("ICD-10-CM order", "order.txt", "2026", "a", 1, 1, 1, {}, {})
    add_icd10cm(draft, edition("E785")._replace(files=(file,)))
    second = edition("E786")._replace(files=(file._replace(edition=year, sha256=digest),))

    if not code:
        add_icd10cm(draft, second)
        return
    with pytest.raises(OfficialFileError) as refused:
        add_icd10cm(draft, second)
    assert refused.value.code == code


def test_prefix_of_a_condition_that_no_code_has_is_listed(draft: Draft) -> None:
    add_icd10cm(draft, edition("E7800"))
    check_condition_codes(draft)

    assert draft.conflicts == [Conflict("condition_code", "dyslipidemia", "E786", "no such code")]


def test_headers_above_billable_codes_are_known(draft: Draft, finished: Finish) -> None:
    add_icd10cm(draft, edition("E7800", "E786XXA"))
    vocabulary, _ = finished(draft)

    assert [vocabulary.icd10_listed(code) for code in ("E78", "E78.0", "E78.6")] == [True] * 3
    assert vocabulary.icd10_listed("E78.6X") is False


def test_without_the_official_list_nobody_can_tell(draft: Draft, finished: Finish) -> None:
    check_condition_codes(draft)
    vocabulary, report = finished(draft)

    assert vocabulary.icd10_listed("E78.01") is None
    assert report.conflicts == ()


def test_assertions_of_known_ingredients(draft: Draft, finished: Finish) -> None:
    treats = Assertion("83367", "may_treat", "MeSH", "M0010590", "Hypercholesterolemia")
    add_medrt(draft, MedRt("2026", (treats, treats._replace(rxcui="404")), ()))
    vocabulary, report = finished(draft)

    assert vocabulary.assertions("83367") == (treats,)
    assert vocabulary.assertions("36567") == ()
    assert report.counts["assertions_on_unknown_ingredients"] == 1


def test_price_is_exact(draft: Draft, finished: Finish) -> None:
    price = Price("00071015723", Decimal("0.06070"), "EA", date(2026, 10, 21), date(2026, 11, 18), False)
    add_nadac(draft, Nadac({price.ndc: price}, ()))
    vocabulary, _ = finished(draft)
    found = vocabulary.price("00071015723")

    assert found == price
    assert found is not None
    assert str(found.price) == "0.06070"
    assert vocabulary.price("00071015799") is None
