"""A review that was opened weeks before the talk is read again: claims anew, what people said as it was."""

from datetime import date, timedelta

import pytest
from mtm_review.domain.lifecycle import ReviewCompleted
from mtm_review.domain.preparation import prepared
from mtm_review.domain.review import Decided, Decision, ListedMedication, Review, ReviewKind
from mtm_review.usecases.opening import Order, open_review
from mtm_review.usecases.refreshing import refresh
from mtm_review.usecases.removing import NoSuchMedication, ToldByClaims, remove_medication
from mtm_review.usecases.working import Reconciled, answer_condition, complete_review, decide_finding, reconcile
from reviewing import AS_OF, NOW, AProfile, FakeProfiles, FakeReviews, a_profile, expertise, two_pain_relievers

LATER = AS_OF + timedelta(days=14)


def anything(_: Review) -> None:
    """No precondition."""


class Desk:
    """An open review and an eligibility service that may learn more."""

    def __init__(self, profile: AProfile) -> None:
        self.profiles, self.reviews = FakeProfiles.of(profile), FakeReviews()
        self.review_id = ""

    @classmethod
    async def of(cls, profile: AProfile, kind: ReviewKind = ReviewKind.TMR) -> "Desk":
        desk = cls(profile)
        order = Order(profile.member_id, kind, AS_OF, "pat")
        desk.review_id = (await open_review(order, desk.profiles, desk.reviews, expertise(), NOW)).review_id
        return desk

    @property
    def review(self) -> Review:
        return self.reviews.kept[self.review_id]

    def line(self, text: str) -> ListedMedication:
        (found,) = [line for line in self.review.medications if text in line.name.lower()]
        return found

    async def say(self, *told: Reconciled) -> None:
        await reconcile(self.review_id, "pat", told, self.reviews, expertise(), anything, NOW)

    async def refresh(self, profile: AProfile, as_of: date = LATER) -> Review:
        self.profiles.known = {profile.member_id: profile}
        return await refresh(self.review_id, as_of, "pat", self.profiles, self.reviews, expertise(), anything, NOW)

    async def remove(self, medication_id: str) -> Review:
        return await remove_medication(
            self.review_id, medication_id, "by mistake", "pat", self.reviews, expertise(), anything, NOW
        )


async def test_a_new_drug_comes_onto_the_list_and_is_screened() -> None:
    before = a_profile().filling("lisinopril 10 mg")
    desk = await Desk.of(before)
    assert not desk.review.findings
    after = await desk.refresh(before.filling("naproxen 500 mg").filling("meloxicam 15 mg"))
    assert [line.medication_id for line in after.medications] == ["m1", "m2", "m3"]
    assert any(finding.screen == "duplicate_therapy" for finding in after.findings)
    assert (after.as_of, after.version) == (LATER, 2)
    assert after.changes[-1].change.startswith(f"profile read again as of {LATER}; findings: ")


async def test_directions_decisions_and_reported_medications_stay() -> None:
    desk = await Desk.of(two_pain_relievers())
    naproxen = desk.line("naproxen")
    await desk.say(
        Reconciled(naproxen.medication_id, said={"directions": "one a day", "reason": "back pain", "as_needed": True}),
        Reconciled(None, name="fish oil", said={"source": "supplement", "directions": "one capsule"}),
    )
    finding = desk.review.findings[0]
    decided = Decided(Decision.ACCEPTED, "agreed", "pat", NOW)
    await decide_finding(desk.review_id, finding.finding_id, decided, None, (), desk.reviews, expertise(), anything)
    items = desk.review.todo_items
    after = await desk.refresh(two_pain_relievers().filling("furosemide 40 mg"))
    kept = desk.line("naproxen")
    assert (kept.medication_id, kept.directions, kept.reason, kept.as_needed, kept.source) == (
        naproxen.medication_id,
        "one a day",
        "back pain",
        True,
        "claim",
    )
    assert (desk.line("fish oil").source, desk.line("fish oil").directions) == ("supplement", "one capsule")
    assert next(one.decided for one in after.findings if one.finding_id == finding.finding_id) == decided
    assert after.todo_items == items
    assert len({line.medication_id for line in after.medications}) == len(after.medications) == 5


async def test_an_answer_about_a_condition_stays() -> None:
    desk = await Desk.of(two_pain_relievers())
    await answer_condition(desk.review_id, "I50.9", "denied", "pat", desk.reviews, expertise(), anything, NOW)
    after = await desk.refresh(two_pain_relievers().diagnosed("E11.9"))
    told = {condition.given: condition.denied for condition in after.patient.conditions}
    assert told == {"I50.9": True, "I10": False, "E11.9": False}


async def test_a_stated_stop_holds_until_a_later_fill() -> None:
    before = a_profile().filling("lisinopril 10 mg")
    desk = await Desk.of(before)
    await desk.say(Reconciled("m1", said={"status": "stopped"}))
    assert (await desk.refresh(before)).medications[0].status == "stopped"
    filled = a_profile().filling("lisinopril 10 mg", last=LATER - timedelta(days=1))
    assert (await desk.refresh(filled)).medications[0].status == "active"


async def test_what_no_claim_tells_any_more_goes_unless_somebody_spoke_of_it() -> None:
    desk = await Desk.of(a_profile().filling("lisinopril 10 mg").filling("furosemide 40 mg"))
    await desk.say(Reconciled(desk.line("furosemide").medication_id, said={"directions": "mornings"}))
    after = await desk.refresh(a_profile())
    assert [(line.source, line.directions) for line in after.medications] == [("reported", "mornings")]


async def test_a_completed_review_is_not_read_again() -> None:
    desk = await Desk.of(a_profile().filling("lisinopril 10 mg"))
    await complete_review(desk.review_id, "pat", (), desk.reviews, expertise(), anything, NOW)
    with pytest.raises(ReviewCompleted):
        await desk.refresh(a_profile())


async def test_an_entry_made_by_mistake_is_taken_off_with_its_findings() -> None:
    desk = await Desk.of(a_profile().filling("naproxen 500 mg"))
    await desk.say(Reconciled(None, name="ibuprofen 200 mg", said={"source": "otc"}))
    assert desk.review.findings
    after = await desk.remove(desk.line("ibuprofen").medication_id)
    assert ([line.name.split()[0].lower() for line in after.medications], after.findings) == (["naproxen"], ())
    assert after.changes[-1].change.startswith("medication m2 removed: by mistake")


async def test_what_was_filled_is_not_taken_off() -> None:
    desk = await Desk.of(a_profile().filling("naproxen 500 mg"))
    with pytest.raises(ToldByClaims):
        await desk.remove("m1")
    with pytest.raises(NoSuchMedication):
        await desk.remove("m9")


async def test_the_sheet_asks_what_claims_do_not_say() -> None:
    desk = await Desk.of(
        two_pain_relievers()
        .filling("carbidopa/levodopa 25 mg/100 mg")
        .filling("furosemide 40 mg", last=AS_OF - timedelta(days=200))
        .filling("a drug that nobody knows")
    )
    await desk.say(Reconciled(desk.line("naproxen").medication_id, said={"directions": "one a day"}))
    sheet = prepared(desk.review)
    asked = {(one.about, one.name.split()[0].lower()) for one in sheet.medication_questions}
    assert ("directions", "naproxen") not in asked
    assert {("reason", "naproxen"), ("directions", "meloxicam"), ("reason", "meloxicam")} <= asked
    assert ("still_taking", "furosemide") in asked
    assert ("unreadable", "a") in asked
    assert [one.state for one in sheet.condition_questions] == ["inferred"]
    assert [finding.rank for finding in sheet.findings] == sorted(finding.rank for finding in sheet.findings)
    assert len(sheet.findings) == len(desk.review.findings)
    assert sheet.not_asked_yet == ("otc_herbal_supplements", "allergies", "labs")


async def test_the_sheet_leaves_out_what_was_settled() -> None:
    desk = await Desk.of(two_pain_relievers())
    await answer_condition(desk.review_id, "I50.9", "denied", "pat", desk.reviews, expertise(), anything, NOW)
    for finding in desk.review.findings:
        decided = Decided(Decision.DISMISSED, "known", "pat", NOW)
        await decide_finding(desk.review_id, finding.finding_id, decided, None, (), desk.reviews, expertise(), anything)
    said = {"directions": "as told", "reason": "as told"}
    lines = [Reconciled(line.medication_id, said=said) for line in desk.review.medications]
    await desk.say(*lines, Reconciled(None, name="fish oil", said={"source": "supplement", **said}))
    sheet = prepared(desk.review)
    assert (sheet.medication_questions, sheet.findings) == ((), ())
    assert [(one.condition, one.state) for one in sheet.condition_questions] == [("I50.9", "denied")]
    assert sheet.not_asked_yet == ("allergies", "labs")
