"""Replays: nothing differs on the same version, and every difference names the rule that made it."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from knowledge_versions import HEART_FAILURE, a_copy, rewrite, with_rule, without_rule
from mtm_review.domain.replaying import Cause, Replay
from mtm_review.domain.review import Decided, Decision, Review, ReviewKind
from mtm_review.reference import read_knowledge
from mtm_review.reference.shelf import Shelf
from mtm_review.storage import codec
from mtm_review.usecases.opening import Order, review_of
from mtm_review.usecases.ports import Expertise
from mtm_review.usecases.reading import read_profile
from mtm_review.usecases.replaying import Replayer, screened_again
from mtm_shared.vocabulary import load_vocabulary
from pydantic import TypeAdapter
from regimens import NAMES
from reviewing import AS_OF, NOW, AProfile, a_profile, expertise, two_pain_relievers

RULE = f"drug_disease.{HEART_FAILURE}"


def a_review(profile: AProfile, known: Expertise) -> Review:
    subject = read_profile(profile.told(), known.vocabulary, AS_OF)
    return review_of(Order(profile.member_id, ReviewKind.CMR, AS_OF, "lee"), subject, known, NOW)


def on(folder: Path, review: Review, as_of: date | None = None) -> Replay:
    """The review replayed on the knowledge in the folder, with today's on the shelf."""
    known = expertise()
    other = read_knowledge(folder)
    shelf = Shelf(known.knowledge, load_vocabulary(), {other.version: folder}, {other.version: other})
    return Replayer(known, shelf, other.version).replay(review, as_of)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return a_copy(tmp_path / "next")


REVIEW = a_review(two_pain_relievers(), expertise())


def told(replay: Replay) -> dict[str, list[tuple[str, tuple[Cause, ...]]]]:
    kinds = {"added": replay.added, "removed": replay.removed, "changed": replay.changed}
    return {kind: [(each.finding.rule_id, each.causes) for each in found] for kind, found in kinds.items() if found}


def test_the_same_version_differs_in_nothing() -> None:
    known = expertise()
    replay = Replayer(known, Shelf.of(known.knowledge, load_vocabulary()), None).replay(REVIEW)
    assert (replay.differs, replay.unchanged, replay.made_before) == (False, len(REVIEW.findings), replay.made_after)


def test_a_rule_that_is_gone_takes_its_findings_away(folder: Path) -> None:
    replay = on(without_rule(folder, HEART_FAILURE), REVIEW)
    assert list(told(replay)) == ["removed"]
    assert set(told(replay)["removed"]) == {(RULE, (Cause.RULE_GONE,))}
    assert replay.rules[RULE].what == "gone"


def test_a_rule_that_changed_changes_its_findings_and_names_the_field(folder: Path) -> None:
    replay = on(with_rule(folder, HEART_FAILURE, severity="moderate"), REVIEW)
    assert set(told(replay)["changed"]) == {(RULE, (Cause.RULE_CHANGED,))}
    assert {each.fields for each in replay.changed} == {("severity",)}
    assert [each.field for each in replay.rules[RULE].fields] == ["severity"]
    assert {each.before.severity for each in replay.changed if each.before} == {"major"}


def test_a_new_rule_adds_its_findings(folder: Path) -> None:
    replay = on(with_rule(folder, HEART_FAILURE, rule_id="new_one"), REVIEW)
    assert set(told(replay)["added"]) == {("drug_disease.new_one", (Cause.RULE_NEW,))}
    assert set(told(replay)["removed"]) == {(RULE, (Cause.RULE_GONE,))}


def test_a_member_whom_a_rule_does_not_touch_sees_no_difference(folder: Path) -> None:
    other = a_review(a_profile().filling("lisinopril 10 mg").diagnosed("I10"), expertise())
    assert not on(without_rule(folder, HEART_FAILURE), other).differs


def test_a_finding_that_gives_way_to_other_rules_says_so(folder: Path) -> None:
    # Twelve findings are shown: new ones push others off the list.
    def more(rows: list[dict[str, str]]) -> list[dict[str, str]]:
        like = next(row for row in rows if row["rule_id"] == HEART_FAILURE)
        paired = {row["condition"] for row in rows if row["drug_set"] == "nsaids"}
        conditions = sorted({row["condition"] for row in rows} - paired)
        return [*rows, *(like | {"rule_id": f"a_new_{name}", "condition": name} for name in conditions)]

    rewrite(folder, "drug_disease.csv", more)
    codes = ("I10", "E11.9", "I48.91", "N18.4", "F03.90", "G20", "J45.909", "K25.9", "I50.9", "M81.0", "G40.909")
    review = a_review(two_pain_relievers().diagnosed(*codes), expertise())
    removed = on(folder, review).removed
    assert removed
    assert {cause for each in removed for cause in each.causes} == {Cause.OTHER_RULES}


def test_another_vocabulary_is_told_apart_from_the_knowledge(folder: Path) -> None:
    naproxen = next(line.medication_id for line in REVIEW.medications if "naproxen" in line.name)
    # The kept review was made when the dictionary did not know the drug yet.
    kept = replace(
        REVIEW,
        findings=tuple(f for f in REVIEW.findings if all(m.medication_id != naproxen for m in f.medications)),
        made_by=replace(REVIEW.made_by, vocabulary_version="1999.01"),
    )
    replay = on(folder, kept)
    assert {causes for _, causes in told(replay)["added"]} == {(Cause.VOCABULARY_CHANGED,)}


def test_another_day_is_told_apart_from_the_knowledge(folder: Path) -> None:
    replay = on(folder, REVIEW, date(2027, 6, 30))
    assert {causes for _, causes in told(replay)["removed"]} == {(Cause.DAY_CHANGED,)}


def test_a_version_that_is_not_at_hand_leaves_the_cause_to_the_knowledge_as_a_whole(folder: Path) -> None:
    kept = replace(REVIEW, made_by=replace(REVIEW.made_by, knowledge_version="1999.01+00000000"))
    replay = on(without_rule(folder, HEART_FAILURE), kept)
    assert {causes for _, causes in told(replay)["removed"]} == {(Cause.KNOWLEDGE_CHANGED,)}
    assert replay.rules == {}


def test_a_decided_finding_that_went_with_the_list_is_settled_and_no_difference(folder: Path) -> None:
    finding = replace(REVIEW.findings[0], finding_id="gone", decided=Decided(Decision.ACCEPTED, "Stopped.", "lee", NOW))
    replay = on(folder, replace(REVIEW, findings=(*REVIEW.findings, finding)))
    assert (replay.differs, replay.settled) == (False, ("gone",))


@st.composite
def profiles(draw: st.DrawFn) -> AProfile:
    codes = st.lists(st.sampled_from(["I50.9", "I10", "N18.4", "F03.90", "K25.9"]), unique=True)
    profile = a_profile().diagnosed(*draw(codes))
    for name in draw(st.lists(st.sampled_from(sorted(NAMES)), max_size=6, unique=True)):
        profile = profile.filling(name, times=draw(st.integers(1, 4)), every=draw(st.sampled_from([30, 90])))
    return profile


def bytes_of(*sections: Any) -> bytes:
    return b"|".join(TypeAdapter(Any).dump_json(section) for section in sections)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(profiles())
def test_a_replay_gives_the_bytes_that_were_kept(profile: AProfile) -> None:
    known = expertise()
    review = a_review(profile, known)
    stored = codec.MEDICATIONS.read(codec.MEDICATIONS.write(review.medications))
    patient = codec.PATIENT.read(codec.PATIENT.write(review.patient))
    kept = replace(review, medications=stored, patient=patient)
    once, twice = (screened_again(kept, kept.as_of, known) for _ in range(2))
    assert bytes_of(once) == bytes_of(twice)
    assert bytes_of(once.findings, once.suppressed, once.not_checked, once.coverage, once.made_by) == bytes_of(
        review.findings, review.suppressed, review.not_checked, review.coverage, review.made_by
    )
