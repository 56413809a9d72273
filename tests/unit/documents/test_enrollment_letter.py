"""The enrolment letter says what it must, from the programme's own facts (42 CFR 423.153(d)(1)(v), 422.111(j))."""

from dataclasses import replace
from decimal import Decimal

import pytest
from mtm_documents.domain.gaps import GapCode
from mtm_documents.domain.parties import Channel, ChannelKind, Contact, Meeting, Purpose
from mtm_documents.forms.enrollment_letter.value import (
    Comparison,
    CriterionKind,
    EnrollmentLetter,
    Qualification,
)
from mtm_documents.rendering import render
from unit.documents.samples import HEALTH_OPTIONS, SITES, a_letter, an_aetna_letter
from unit.documents.structure import text_of


def said(value: EnrollmentLetter, language: str = "en") -> str:
    return text_of(render("enrollment_letter", language, value).content)


def gaps(value: EnrollmentLetter, language: str = "en") -> list[GapCode]:
    return [gap.code for gap in render("enrollment_letter", language, value).gaps]


def test_enrolment_is_automatic_free_voluntary_and_no_benefit() -> None:
    text = said(a_letter())
    for sentence in (
        "As of April 1, 2024, you are in the Health Options Program Medication Therapy Management (MTM) program",
        "You do not have to do a thing.",
        "You pay nothing more",
        "You can leave at any time.",
        "It is not a benefit of your plan.",
        "Optum Rx runs the program for us.",
    ):
        assert sentence in text


def test_it_says_how_the_member_qualified_with_the_programmes_numbers() -> None:
    text = said(a_letter())
    assert "You have 3 or more of the long-term health problems" in text
    assert "You take 8 or more medicines for long-term use" in text
    assert "in 2024 will likely be $5,330 or more" in text


def test_more_than_is_not_at_least() -> None:
    text = said(an_aetna_letter())
    assert "in 2021 will likely be more than $4,376." in text
    assert "Es probable que sus medicinas de la Parte D cuesten más de $4,376" in said(an_aetna_letter(), "es")


@pytest.mark.parametrize("comparison", Comparison)
@pytest.mark.parametrize("criterion", [kind for kind in CriterionKind if kind is not CriterionKind.DRUG_MANAGEMENT])
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_criterion_has_words(criterion: CriterionKind, comparison: Comparison, language: str) -> None:
    qualification = Qualification(criterion, Decimal("1276.50"), comparison)
    assert "1,276.5" in said(a_letter(qualified_by=(qualification,)), language)


def test_drug_management_qualifies_without_a_number() -> None:
    text = said(a_letter(qualified_by=(Qualification(CriterionKind.DRUG_MANAGEMENT),)))
    assert "You are in our drug management program." in text


def test_without_criteria_the_letter_offers_to_explain_and_the_gap_is_reported() -> None:
    letter = a_letter(qualified_by=())
    assert "Call us and we will explain them to you." in said(letter)
    assert GapCode.MISSING_QUALIFICATION in gaps(letter)


def test_what_a_review_is_and_how_to_set_it_up() -> None:
    text = said(a_letter())
    assert "It takes about 30 minutes, by phone or in person." in text
    assert (
        "call 1-866-352-5305 (TTY: 711), Monday through Friday, 8:00 a.m. to 8:00 p.m. CT. Please call by May 31"
        in text
    )
    three = a_letter(cmr_methods=(Meeting.PHONE, Meeting.IN_PERSON, Meeting.TELEHEALTH), schedule_by=None)
    assert "by phone, in person or by video call." in said(three)
    assert "Please call by" not in said(three)


def test_every_way_to_leave_is_named_with_its_hours() -> None:
    text = said(a_letter())
    assert "By phone: 1-866-352-5305 (TTY: 711), Monday through Friday" in text
    assert "By mail: Health Options Program, P.O. Box 1764" in text
    assert "If you leave, your drug coverage stays the same." in text


def test_without_a_channel_for_leaving_the_telephones_are_named_and_the_gap_is_reported() -> None:
    phone = Channel(ChannelKind.PHONE, "1-800-555-0100", Purpose.QUESTIONS)
    letter = a_letter(contact=Contact("Plan", channels=(phone,)))
    assert "By phone: 1-800-555-0100" in said(letter)
    assert gaps(letter) == [GapCode.MISSING_OPT_OUT_CHANNEL]


def test_calling_back_takes_a_pin_only_where_the_programme_uses_one() -> None:
    with_pin, without = said(a_letter()), said(an_aetna_letter())
    for part in ("1-855-773-8254 or 1-866-352-5305", "seven-digit PIN", "date of birth and your ZIP code"):
        assert part in with_pin
        assert part not in without


def test_the_six_items_on_safe_disposal() -> None:
    text = said(a_letter()).replace(" ", "")
    for item in (
        "as soon as you can",
        "www.deatakeback.com",
        "apps2.deadiversion.usdoj.gov/pubdispsearch",
        "is the best way",
        "Walnut Street Pharmacy 1200 Walnut Street, Harrisburg, PA 17101 1-717-555-0142 0.8 miles away",
        "Mix the medicine with dirt, cat litter or used coffee grounds",
        "Scratch out or cover your name",
        "home disposal kit",
        "Flush a medicine down the toilet only if",
        "www.hhs.gov/opioids/prevention/safely-dispose-drugs",
    ):
        assert item.replace(" ", "") in text


@pytest.mark.parametrize("count", [0, 1])
def test_with_fewer_than_two_sites_it_says_how_to_find_one(count: int) -> None:
    letter = a_letter(take_back_sites=SITES[:count])
    assert "To find a site near you, ask your pharmacist" in said(letter)
    assert gaps(letter) == [GapCode.TOO_FEW_TAKE_BACK_SITES]


def test_hours_without_spanish_are_printed_as_given_and_reported() -> None:
    channels = tuple(replace(channel, hours_es="") for channel in HEALTH_OPTIONS.channels)
    letter = a_letter(contact=replace(HEALTH_OPTIONS, channels=channels))
    assert "Monday through Friday" in said(letter, "es")
    assert gaps(letter, "es") == [GapCode.UNTRANSLATED_HOURS]
    assert gaps(letter, "en") == []


def test_a_programme_without_a_telephone_is_reported() -> None:
    found = gaps(a_letter(contact=Contact("Plan")))
    assert found == [GapCode.MISSING_PHONE, GapCode.MISSING_OPT_OUT_CHANNEL]
