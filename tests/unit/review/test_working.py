"""Reconciliation, decisions, consultation and completion."""

from dataclasses import replace
from datetime import date

import pytest
from mtm_review.domain.lifecycle import (
    ConditionNotFound,
    ConsultationRequired,
    FindingNotFound,
    FindingsUndecided,
    ReviewCompleted,
)
from mtm_review.domain.review import Consultation, Decided, Decision, Review, ReviewKind, ReviewStatus, TodoItem
from mtm_review.reference.consultation_rules import load_consultation_rules
from mtm_review.storage.errors import ReviewChangedMeanwhile
from mtm_review.usecases.opening import Order, open_review
from mtm_review.usecases.working import (
    MedicationNotListed,
    Reconciled,
    annotate_review,
    answer_condition,
    complete_review,
    decide_finding,
    keep_consultation,
    reconcile,
)
from reviewing import AS_OF, NOW, AProfile, FakeProfiles, FakeReviews, a_profile, expertise, two_pain_relievers

CONSULTATION = Consultation(
    held_on=date(2026, 7, 1),
    method="telephone",
    recipient="beneficiary",
    provider_name="Pat Lee",
    provider_title="PharmD",
    provider_type="09",
    minutes=30,
    cognitively_impaired="N",
    author="pat",
)


def anything(_: Review) -> None:
    """No precondition."""


class Desk:
    """One open review and the things that a pharmacist does with it."""

    def __init__(self, review: Review, reviews: FakeReviews) -> None:
        self.review, self.reviews = review, reviews

    @classmethod
    async def with_review_of(cls, profile: AProfile, kind: ReviewKind = ReviewKind.CMR) -> "Desk":
        reviews = FakeReviews()
        order = Order(profile.member_id, kind, AS_OF, "pat")
        return cls(await open_review(order, FakeProfiles.of(profile), reviews, expertise(), NOW), reviews)

    async def reconcile(self, *told: Reconciled) -> Review:
        self.review = await reconcile(self.review.review_id, "pat", told, self.reviews, expertise(), anything, NOW)
        return self.review

    async def decide(
        self, finding_id: str, decision: str, topic: str | None = None, actions: tuple[str, ...] = ()
    ) -> Review:
        decided = Decided(Decision(decision), "because", "pat", NOW)
        self.review = await decide_finding(
            self.review.review_id, finding_id, decided, topic, actions, self.reviews, expertise(), anything
        )
        return self.review

    async def answer(self, code: str, answer: str) -> Review:
        self.review = await answer_condition(
            self.review.review_id, code, answer, "pat", self.reviews, expertise(), anything, NOW
        )
        return self.review

    async def decide_all(self, decision: str) -> Review:
        for finding in self.review.findings:
            await self.decide(finding.finding_id, decision)
        return self.review

    async def consult(self) -> Review:
        self.review = await keep_consultation(
            self.review.review_id, CONSULTATION, self.reviews, load_consultation_rules(), anything, NOW
        )
        return self.review

    async def complete(self, *items: TodoItem) -> Review:
        self.review = await complete_review(
            self.review.review_id, "pat", items, self.reviews, expertise(), anything, NOW
        )
        return self.review


async def test_an_otc_drug_told_by_the_member_makes_a_new_finding() -> None:
    desk = await Desk.with_review_of(a_profile().filling("naproxen 500 mg"))
    assert desk.review.findings == ()
    review = await desk.reconcile(Reconciled(None, name="ibuprofen 200 mg", said={"source": "otc"}))
    assert [finding.screen for finding in review.findings] == ["duplicate_therapy"]
    assert [(line.medication_id, line.source) for line in review.medications] == [("m1", "claim"), ("m2", "otc")]


async def test_stopping_a_drug_settles_the_finding_but_keeps_the_decision_on_it() -> None:
    desk = await Desk.with_review_of(a_profile().filling("naproxen 500 mg").filling("meloxicam 15 mg"))
    (finding,) = desk.review.findings
    await desk.decide(finding.finding_id, "accepted")
    review = await desk.reconcile(Reconciled("m1", said={"status": "stopped"}))
    assert [(kept.finding_id, kept.decided is not None) for kept in review.findings] == [(finding.finding_id, True)]
    assert len(review.todo_items) == 1


async def test_a_finding_without_decision_goes_when_its_drug_is_stopped() -> None:
    desk = await Desk.with_review_of(a_profile().filling("naproxen 500 mg").filling("meloxicam 15 mg"))
    review = await desk.reconcile(Reconciled("m1", said={"status": "stopped"}))
    assert review.findings == ()


async def test_a_decision_survives_a_reconciliation_of_something_else() -> None:
    desk = await Desk.with_review_of(two_pain_relievers())
    finding = desk.review.findings[0]
    await desk.decide(finding.finding_id, "deferred")
    review = await desk.reconcile(Reconciled(None, name="melatonin", said={"source": "supplement"}))
    kept = next(kept for kept in review.findings if kept.finding_id == finding.finding_id)
    assert kept.decided is not None
    assert kept.decided.decision is Decision.DEFERRED


async def test_a_drug_that_claims_lost_sight_of_is_active_when_the_member_says_so() -> None:
    desk = await Desk.with_review_of(
        a_profile().filling("naproxen 500 mg", last=date(2026, 1, 1), times=1).filling("meloxicam 15 mg")
    )
    assert desk.review.findings == ()
    naproxen = next(line for line in desk.review.medications if "naproxen" in line.name)
    review = await desk.reconcile(Reconciled(naproxen.medication_id, said={"status": "active"}))
    line = next(line for line in review.medications if "naproxen" in line.name)
    assert (line.status, line.source, line.end) == ("active", "reported", None)
    assert [finding.screen for finding in review.findings] == ["duplicate_therapy"]


async def test_what_the_member_says_of_a_drug_is_kept_and_the_rest_stays() -> None:
    desk = await Desk.with_review_of(a_profile().filling("lisinopril 10 mg").seeing("Alma Ruiz, MD"))
    said = {"directions": "one tablet in the morning", "reason": "blood pressure"}
    (line,) = (await desk.reconcile(Reconciled("m1", said=said))).medications
    assert (line.directions, line.reason) == ("one tablet in the morning", "blood pressure")
    assert (line.prescriber, line.source, line.status) == ("Alma Ruiz, MD", "claim", "active")


async def test_a_medication_that_is_not_on_the_list_is_refused_by_its_place() -> None:
    desk = await Desk.with_review_of(a_profile().filling("lisinopril 10 mg"))
    with pytest.raises(MedicationNotListed) as refused:
        await desk.reconcile(Reconciled("m1", said={"notes": "x"}), Reconciled("m9", said={"notes": "x"}))
    assert refused.value.position == 1


async def test_an_accepted_finding_becomes_the_given_todo_item() -> None:
    desk = await Desk.with_review_of(two_pain_relievers())
    finding = desk.review.findings[0]
    review = await desk.decide(
        finding.finding_id, "accepted", "Two pain medicines", ("Ask Dr. Ruiz which one to keep.",)
    )
    expected = TodoItem("Two pain medicines", ("Ask Dr. Ruiz which one to keep.",), finding.finding_id)
    assert review.todo_items == (expected,)


async def test_a_drafted_item_names_the_condition_in_everyday_words() -> None:
    desk = await Desk.with_review_of(a_profile().filling("naproxen 500 mg").diagnosed("I50.9"))
    review = await desk.decide_all("accepted")
    assert [item.topic.rpartition(": ")[2] for item in review.todo_items] == ["heart failure"]


async def test_a_denied_condition_silences_its_findings_and_says_so() -> None:
    desk = await Desk.with_review_of(a_profile().filling("naproxen 500 mg").diagnosed("I50.9"))
    (finding,) = desk.review.findings
    review = await desk.answer("I509", "denied")
    assert review.findings == ()
    assert [(one.rule_id, one.reason) for one in review.suppressed] == [(finding.rule_id, "denied_condition")]
    review = await desk.answer("I50.9", "confirmed")
    assert [found.finding_id for found in review.findings] == [finding.finding_id]


async def test_a_condition_that_is_not_on_record_cannot_be_answered() -> None:
    desk = await Desk.with_review_of(a_profile().diagnosed("I50.9"))
    with pytest.raises(ConditionNotFound):
        await desk.answer("I10", "denied")


async def test_changing_the_mind_takes_the_todo_item_back() -> None:
    desk = await Desk.with_review_of(two_pain_relievers())
    finding_id = desk.review.findings[0].finding_id
    await desk.decide(finding_id, "accepted")
    review = await desk.decide(finding_id, "dismissed")
    assert review.todo_items == ()
    assert [change.change for change in review.changes[1:]] == [
        f"finding {finding_id} accepted",
        f"finding {finding_id} dismissed",
    ]


async def test_a_finding_that_is_not_there_cannot_be_decided() -> None:
    desk = await Desk.with_review_of(two_pain_relievers())
    with pytest.raises(FindingNotFound):
        await desk.decide("0" * 16, "accepted")


async def test_a_comprehensive_review_is_not_complete_without_its_consultation() -> None:
    desk = await Desk.with_review_of(a_profile())
    with pytest.raises(ConsultationRequired):
        await desk.complete()


async def test_a_targeted_review_needs_no_consultation() -> None:
    desk = await Desk.with_review_of(a_profile(), ReviewKind.TMR)
    assert (await desk.complete()).status is ReviewStatus.COMPLETED


async def test_a_serious_finding_needs_a_decision_before_completion() -> None:
    desk = await Desk.with_review_of(two_pain_relievers())
    await desk.consult()
    serious = {f.finding_id for f in desk.review.findings if f.severity in {"contraindicated", "major"}}
    assert serious
    with pytest.raises(FindingsUndecided) as refused:
        await desk.complete()
    assert set(refused.value.finding_ids) == serious


async def test_a_list_without_items_encourages() -> None:
    desk = await Desk.with_review_of(a_profile().speaking("es"))
    await desk.consult()
    (item,) = (await desk.complete()).todo_items
    assert item.actions[0] == "Siga tomando sus medicamentos como se los recetaron."


async def test_items_given_at_completion_join_the_accepted_findings() -> None:
    desk = await Desk.with_review_of(two_pain_relievers())
    await desk.decide_all("accepted")
    await desk.consult()
    own = TodoItem("Flu vaccine", ("Get your flu vaccine in October.",))
    review = await desk.complete(own)
    assert review.todo_items[-1] == own
    assert len(review.todo_items) == len(review.findings) + 1


async def test_nothing_changes_after_completion() -> None:
    desk = await Desk.with_review_of(two_pain_relievers())
    await desk.decide_all("dismissed")
    await desk.consult()
    await desk.complete()
    finding_id = desk.review.findings[0].finding_id
    for attempt in (
        desk.reconcile(Reconciled(None, name="aspirin 81 mg")),
        desk.decide(finding_id, "accepted"),
        desk.consult(),
        desk.complete(),
        annotate_review(desk.review.review_id, "pat", {"notes": "x"}, desk.reviews, anything, NOW),
    ):
        with pytest.raises(ReviewCompleted):
            await attempt


async def test_every_change_is_kept_with_author_and_time() -> None:
    desk = await Desk.with_review_of(a_profile())
    await annotate_review(
        desk.review.review_id, "kim", {"scheduled_for": date(2026, 7, 9)}, desk.reviews, anything, NOW
    )
    changes = desk.reviews.kept[desk.review.review_id].changes
    assert [(change.change, change.author, change.at) for change in changes] == [
        ("review opened", "pat", NOW),
        ("scheduled_for changed", "kim", NOW),
    ]


async def test_two_changes_from_the_same_state_cannot_both_be_kept() -> None:
    desk = await Desk.with_review_of(a_profile())
    stale = desk.review
    await desk.consult()
    with pytest.raises(ReviewChangedMeanwhile):
        await desk.reviews.save(replace(stale, version=stale.version + 1))
