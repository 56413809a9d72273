"""Which consultation counts (42 CFR 423.153(d)(1)(vii)(B)): who took part, how, when and by whom."""

from dataclasses import replace
from datetime import date

import pytest
from mtm_review.domain.consultation import ConsultationRefused, ProxyNotAllowed, UnknownProviderType, checked
from mtm_review.domain.review import Consultation, Review, ReviewKind
from mtm_review.reference.consultation_rules import load_consultation_rules
from mtm_review.usecases.opening import Order, review_of
from mtm_review.usecases.reading import read_profile
from reviewing import AS_OF, NOW, a_profile, expertise

TODAY = date(2026, 7, 1)
RULES = load_consultation_rules()
CALL = Consultation(
    held_on=TODAY,
    method="telephone",
    recipient="beneficiary",
    provider_name="Pat Lee",
    provider_title="PharmD",
    provider_type="09",
    minutes=30,
    cognitively_impaired="N",
    author="pat",
)
BY_DAUGHTER = replace(
    CALL,
    recipient="caregiver",
    recipient_name="Ann Example",
    relationship="daughter",
    unable_reason="cognitively_impaired",
    cognitively_impaired="Y",
)


@pytest.fixture(scope="module")
def review() -> Review:
    """Of a member who is enrolled since 1 January 2026."""
    subject = read_profile(a_profile().enrolled_in("cms-2026").told(), expertise().vocabulary, AS_OF)
    return review_of(Order("A1", ReviewKind.CMR, AS_OF, "pat"), subject, expertise(), NOW)


def faults(review: Review, given: Consultation) -> list[tuple[str, str]]:
    with pytest.raises(ConsultationRefused) as refused:
        checked(review, given, RULES, TODAY)
    return [(fault.field, fault.code) for fault in refused.value.faults]


def test_a_call_with_the_member_today_counts(review: Review) -> None:
    assert checked(review, CALL, RULES, TODAY) == CALL


def test_a_consultation_tomorrow_has_not_been_held(review: Review) -> None:
    assert faults(review, replace(CALL, held_on=date(2026, 7, 2))) == [("held_on", "in_the_future")]


@pytest.mark.parametrize(("held_on", "counts"), [("2025-12-31", False), ("2026-01-01", True), ("2026-01-02", True)])
def test_a_consultation_counts_from_the_day_of_enrolment(review: Review, held_on: str, counts: bool) -> None:
    given = replace(CALL, held_on=date.fromisoformat(held_on))
    if counts:
        assert checked(review, given, RULES, TODAY) == given
    else:
        assert faults(review, given) == [("held_on", "before_enrollment")]


def test_without_an_enrolment_any_past_day_counts(review: Review) -> None:
    given = replace(CALL, held_on=date(2025, 3, 1))
    assert checked(replace(review, enrolled_on=None), given, RULES, TODAY) == given


def test_telehealth_counts_only_in_real_time(review: Review) -> None:
    video = replace(CALL, method="telehealth")
    assert checked(review, video, RULES, TODAY) == video
    assert faults(review, replace(video, synchronous=False)) == [("synchronous", "not_interactive")]


@pytest.mark.parametrize("code", ["01", "06", "15", "99"])
def test_every_provider_of_the_list_may_hold_it(review: Review, code: str) -> None:
    assert checked(review, replace(CALL, provider_type=code), RULES, TODAY).provider_type == code


@pytest.mark.parametrize("code", ["00", "16", "9", "pharmacist"])
def test_an_unknown_provider_is_refused_with_the_list(review: Review, code: str) -> None:
    with pytest.raises(UnknownProviderType) as refused:
        checked(review, replace(CALL, provider_type=code), RULES, TODAY)
    assert "09 pharmacy benefit manager pharmacist" in refused.value.faults[0].message


@pytest.mark.parametrize("recipient", ["caregiver", "prescriber", "other_authorized"])
@pytest.mark.parametrize("reason", [None, "unreachable", "declined"])
def test_nobody_takes_the_place_of_a_member_who_could_take_part(
    review: Review, recipient: str, reason: str | None
) -> None:
    given = replace(BY_DAUGHTER, recipient=recipient, unable_reason=reason, authority="health-care proxy")
    given = replace(given, cognitively_impaired="U")
    with pytest.raises(ProxyNotAllowed) as refused:
        checked(review, given, RULES, TODAY)
    assert "42 CFR 423.153(d)(1)(vii)(B)(2)" in refused.value.faults[0].message


@pytest.mark.parametrize("reason", ["cognitively_impaired", "other_unable"])
@pytest.mark.parametrize("recipient", ["caregiver", "prescriber", "other_authorized"])
def test_somebody_takes_the_place_of_a_member_who_cannot(review: Review, recipient: str, reason: str) -> None:
    given = replace(BY_DAUGHTER, recipient=recipient, unable_reason=reason, authority="health-care proxy")
    assert checked(review, given, RULES, TODAY) == given


def test_an_impairment_on_record_is_the_reason_that_is_kept(review: Review) -> None:
    given = replace(BY_DAUGHTER, unable_reason=None)
    assert checked(review, given, RULES, TODAY) == BY_DAUGHTER


def test_who_takes_the_place_is_named(review: Review) -> None:
    assert faults(review, replace(BY_DAUGHTER, recipient_name=" ")) == [("recipient_name", "proxy_unnamed")]


def test_an_authorised_individual_says_by_what_right(review: Review) -> None:
    assert faults(review, replace(BY_DAUGHTER, recipient="other_authorized")) == [("authority", "authority_missing")]


def test_impairment_as_the_reason_is_kept_as_impairment(review: Review) -> None:
    unsaid = replace(BY_DAUGHTER, cognitively_impaired="U")
    assert checked(review, unsaid, RULES, TODAY).cognitively_impaired == "Y"
    denied = replace(BY_DAUGHTER, cognitively_impaired="N")
    assert faults(review, denied) == [("cognitively_impaired", "contradicts_reason")]


def test_an_impaired_member_may_take_part_in_person(review: Review) -> None:
    given = replace(CALL, cognitively_impaired="Y")
    assert checked(review, given, RULES, TODAY) == given


def test_a_member_who_took_part_was_not_unable(review: Review) -> None:
    assert faults(review, replace(CALL, unable_reason="other_unable")) == [("unable_reason", "member_took_part")]
