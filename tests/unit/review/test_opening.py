"""What a review makes of a member's profile."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from mtm_review.domain.review import ListedMedication, Review, ReviewKind
from mtm_review.usecases.opening import AsOfTooFarAhead, Order, open_review
from mtm_review.usecases.ports import MemberNotFound
from mtm_shared.contracts.common import NotChecked
from reviewing import (
    AS_OF,
    CARDIOLOGIST,
    NOW,
    AProfile,
    FakeProfiles,
    FakeReviews,
    a_profile,
    expertise,
    two_pain_relievers,
)


async def opened(profile: AProfile, as_of: date = AS_OF) -> Review:
    order = Order(profile.member_id, ReviewKind.CMR, as_of, "pharmacist")
    return await open_review(order, FakeProfiles.of(profile), FakeReviews(), expertise(), NOW)


def line(review: Review, name: str) -> ListedMedication:
    (found,) = [line for line in review.medications if name in line.name]
    return found


async def test_refills_of_one_product_are_one_line_with_its_fills() -> None:
    review = await opened(
        a_profile().filling("lisinopril 10 mg", times=4).filling("lisinopril 10 mg", npi=CARDIOLOGIST)
    )
    assert [(line.name, len(line.fills)) for line in review.medications] == [("lisinopril 10 mg", 8)]


async def test_a_brand_beside_its_generic_is_two_lines_and_a_finding() -> None:
    review = await opened(a_profile().filling("Lasix 40 mg").filling("furosemide 40 mg", npi=CARDIOLOGIST))
    assert [line.name for line in review.medications] == ["furosemide 40 mg", "Lasix (furosemide) 40 mg"]
    assert [finding.screen for finding in review.findings] == ["duplicate_therapy", "cost"]


async def test_the_findings_name_medications_as_the_list_does() -> None:
    review = await opened(two_pain_relievers())
    named = {medication.name for finding in review.findings for medication in finding.medications}
    assert {"naproxen 500 mg", "meloxicam 15 mg"} <= named <= {line.name for line in review.medications}


async def test_duplicates_and_conditions_are_both_screened() -> None:
    review = await opened(two_pain_relievers())
    assert {finding.screen for finding in review.findings} >= {"duplicate_therapy", "drug_disease"}


async def test_a_drug_that_ran_out_is_stopped_since_its_last_day_on_hand() -> None:
    last = date(2026, 1, 1)
    review = await opened(a_profile().filling("lisinopril 10 mg", last=last, times=1))
    lapsed = line(review, "lisinopril")
    assert (lapsed.status, lapsed.end) == ("stopped", last + timedelta(days=29))


async def test_days_in_a_nursing_facility_do_not_use_up_the_supply() -> None:
    ran_out = a_profile().filling("lisinopril 10 mg", last=date(2026, 4, 1), times=2)
    assert line(await opened(ran_out), "lisinopril").status == "stopped"
    in_facility = ran_out.staying("snf", date(2026, 4, 20), AS_OF)
    assert line(await opened(in_facility), "lisinopril").status == "active"


async def test_nothing_is_active_after_the_member_died() -> None:
    review = await opened(a_profile().filling("lisinopril 10 mg").dying(AS_OF - timedelta(days=2)))
    assert line(review, "lisinopril").status == "stopped"
    assert "ended_before_as_of" in [gap.code for gap in review.not_checked]


async def test_a_drug_that_nobody_knows_stays_on_the_list_and_is_named_as_not_checked() -> None:
    review = await opened(a_profile().filling(ndc="99999999999").filling("lisinopril 10 mg"))
    assert line(review, "99999999999").drug is None
    gap = next(gap for gap in review.not_checked if gap.value == "99999999999")
    assert gap.code == "unknown_ndc"
    assert (review.coverage.medications, review.coverage.medications_checked) == (2, 1)


async def test_a_drug_that_neither_service_knows_is_named_once() -> None:
    told = NotChecked(what="fill", value="no such drug", code="unknown_name", detail="Unknown to eligibility.")
    other = NotChecked(what="fill", value="c9", code="after_as_of", detail="Filled after the day.")
    profile = replace(a_profile().filling("no such drug").diagnosed("I10"), gaps=(told, other))
    review = await opened(profile)
    assert [(gap.what, gap.value) for gap in review.not_checked] == [("medication", "no such drug"), ("fill", "c9")]


async def test_a_prescriber_is_named_only_when_the_record_names_one() -> None:
    profile = (
        a_profile().filling("lisinopril 10 mg").filling("naproxen 500 mg", npi=CARDIOLOGIST).seeing("Alma Ruiz, MD")
    )
    review = await opened(profile)
    assert line(review, "lisinopril").prescriber == "Alma Ruiz, MD"
    assert line(review, "naproxen").prescriber is None


async def test_claims_give_no_directions_and_none_are_invented() -> None:
    review = await opened(a_profile().filling("lisinopril 10 mg"))
    assert (line(review, "lisinopril").directions, line(review, "lisinopril").reason) == (None, None)


async def test_an_icd9_code_is_named_as_not_checked() -> None:
    review = await opened(a_profile().diagnosed("4280", "I10"))
    assert [gap.value for gap in review.not_checked if gap.what == "condition" and "icd10" in gap.code] == ["4280"]


async def test_the_review_says_what_made_it() -> None:
    review = await opened(a_profile().enrolled_in("cms-2026"))
    known = expertise()
    assert review.made_by.rules_fingerprint == known.knowledge.fingerprint
    assert (review.made_by.vocabulary_version, review.made_by.program_id) == (known.vocabulary.version, "cms-2026")


async def test_a_member_whom_eligibility_does_not_know_is_said_so() -> None:
    order = Order("nobody", ReviewKind.CMR, AS_OF, "pharmacist")
    with pytest.raises(MemberNotFound):
        await open_review(order, FakeProfiles(), FakeReviews(), expertise(), NOW)


async def test_a_day_more_than_a_year_ahead_is_refused_before_anyone_is_asked() -> None:
    profiles = FakeProfiles.of(a_profile())
    order = Order("A1", ReviewKind.CMR, NOW.date() + timedelta(days=367), "pharmacist")
    with pytest.raises(AsOfTooFarAhead):
        await open_review(order, profiles, FakeReviews(), expertise(), NOW)
    assert profiles.asked == []
