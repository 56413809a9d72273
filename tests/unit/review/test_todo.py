"""What members read on their to-do list."""

from dataclasses import replace
from pathlib import Path

import pytest
from mtm_review.domain.readable import readable_rules
from mtm_review.domain.review import KeptFinding, NamedMedication, Review, ReviewKind
from mtm_review.domain.todo import draft_item
from mtm_review.reference.todo_wording import FILE, load_todo_wording
from mtm_review.usecases.opening import Order, review_of
from mtm_review.usecases.reading import read_profile
from mtm_shared.contracts.common import Language
from mtm_shared.reference import ReferenceDataError
from mtm_shared.values.citation import Citation, Status
from reviewing import AS_OF, NOW, a_profile, expertise

WORDING = load_todo_wording()
NAME = "heart failure"
SAME_INGREDIENT = "duplicate_therapy.same_ingredient"


def a_review(language: Language = "en", *, prescribers: tuple[str, ...] = ("Alma Ruiz, MD",)) -> Review:
    profile = a_profile().speaking(language)
    for place, name in enumerate(prescribers):
        npi = f"{1000000000 + place}"
        profile = profile.filling(("naproxen 500 mg", "meloxicam 15 mg")[place], npi=npi).seeing(name, npi)
    subject = read_profile(profile.told(), expertise().vocabulary, AS_OF)
    return review_of(Order("A1", ReviewKind.CMR, AS_OF, "pat"), subject, expertise(), NOW)


def a_finding(screen: str = "duplicate_therapy", severity: str = "moderate", *names: str) -> KeptFinding:
    named = names or ("naproxen 500 mg", "meloxicam 15 mg")
    return KeptFinding(
        finding_id="f1",
        screen=screen,
        rule_id="r1",
        dur_code="TD",
        severity=severity,
        tier=1,
        confidence="reported",
        medications=tuple(NamedMedication(f"m{place}", name) for place, name in enumerate(named, 1)),
        condition="I50.9" if screen == "drug_disease" else None,
        because="Cyclo-oxygenase inhibition twice.",
        consequence="Gastrointestinal haemorrhage.",
        recommendation="Discontinue one of them.",
        evidence=(),
        citation=Citation("label", Status.FINAL),
        rank=1,
    )


def test_both_medications_are_named_as_the_list_names_them() -> None:
    item = draft_item(a_review(), a_finding(), WORDING, None)
    assert item.topic == "You may be taking medicines that do the same job: naproxen 500 mg and meloxicam 15 mg"


def test_a_condition_is_named_in_english_and_left_out_in_spanish() -> None:
    finding = a_finding("drug_disease", "major", "naproxen 500 mg")
    assert "heart failure" in draft_item(a_review(), finding, WORDING, NAME).topic
    assert "heart failure" not in draft_item(a_review("es"), finding, WORDING, NAME).topic


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_condition_that_only_drugs_show_is_not_called_on_record(language: Language) -> None:
    finding = replace(a_finding("drug_disease"), confidence="inferred_high", dur_code="DC")
    item = draft_item(a_review(language), finding, WORDING, NAME)
    assert NAME not in item.topic
    assert not {"record", "historial"} & set(item.topic.split())


def test_the_same_medicine_twice_is_not_called_two_medicines() -> None:
    finding = replace(a_finding("duplicate_therapy", "moderate", "lisinopril 10 mg"), rule_id=SAME_INGREDIENT)
    item = draft_item(a_review(), finding, WORDING, None)
    assert item.topic == "You may be getting the same medicine more than once: lisinopril 10 mg"


def test_every_rule_with_words_of_its_own_exists() -> None:
    known = readable_rules(expertise().knowledge)
    worded = {rule_id for language in WORDING.languages.values() for rule_id in language.by_rule}
    assert worded <= set(known)
    assert SAME_INGREDIENT in worded


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("screen", ["duplicate_therapy", "drug_disease", "adherence"])
@pytest.mark.parametrize("severity", ["contraindicated", "minor"])
def test_no_clinical_text_and_no_order_to_stop_reaches_the_member(
    language: Language, screen: str, severity: str
) -> None:
    item = draft_item(a_review(language), a_finding(screen, severity), WORDING, NAME)
    text = " ".join((item.topic, *item.actions)).lower()
    for word in ("{", "haemorrhage", "discontinue", "stop taking", "deje de tomar", "cyclo"):
        assert word not in text


def test_one_prescriber_is_named_and_two_are_not_narrowed_to_one() -> None:
    one = draft_item(a_review(), a_finding("drug_disease", "major", "naproxen 500 mg"), WORDING, NAME)
    assert "Alma Ruiz, MD" in one.actions[0]
    two = a_review(prescribers=("Alma Ruiz, MD", "Ben Cho, MD"))
    assert "your prescriber" in draft_item(two, a_finding(), WORDING, NAME).actions[0]


def test_a_medication_may_be_called_anything() -> None:
    item = draft_item(a_review(), a_finding("duplicate_therapy", "minor", "{prescriber} $5 #x", "b"), WORDING, NAME)
    assert "{prescriber} $5 #x and b" in item.topic


def test_a_screen_that_does_not_exist_is_refused_when_the_file_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "todo.toml"
    path.write_text(FILE.read_text().replace("[en.screens.drug_disease]", "[en.screens.drug_diseases]"))
    with pytest.raises(ReferenceDataError):
        load_todo_wording(path)
