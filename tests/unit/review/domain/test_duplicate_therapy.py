"""Details of duplicate therapy that the labelled cases do not reach."""

from dataclasses import replace

from mtm_review.domain.finding import Screening, Severity, finding_id
from mtm_review.domain.medication import Medication
from mtm_review.domain.screening import ScreeningOptions, screen
from mtm_shared.values.drug import Drug, ResolvedBy
from regimens import AS_OF, KNOWLEDGE, a_drug, a_patient, an_ingredient, filled, reported, steadily


def screened(*medications: Medication) -> Screening:
    return screen(a_patient(), medications, AS_OF, KNOWLEDGE, ScreeningOptions(100))


def test_three_drugs_of_a_class_are_one_finding() -> None:
    (finding,) = screened(steadily("lisinopril"), steadily("benazepril"), steadily("ramipril")).findings
    assert finding.because.startswith("Benazepril, lisinopril and ramipril are all ACE inhibitors")
    assert len(finding.medications) == 3


def test_an_allowance_is_counted() -> None:
    known = KNOWLEDGE.duplicates
    classes = {**known.classes, "ace_inhibitors": replace(known.classes["ace_inhibitors"], allowance=2)}
    duplicates = known.of(known.general.values(), classes.values(), known.pairs)
    knowledge = replace(KNOWLEDGE, duplicates=duplicates)
    two = [steadily("lisinopril"), steadily("benazepril")]
    assert screen(a_patient(), two, AS_OF, knowledge).findings == ()
    assert len(screen(a_patient(), [*two, steadily("ramipril")], AS_OF, knowledge).findings) == 1


def test_a_pair_settled_by_a_class_is_not_told_again_by_its_parent() -> None:
    rules = [finding.rule_id for finding in screened(steadily("lisinopril"), steadily("benazepril")).findings]
    assert rules == ["duplicate_therapy.ace_inhibitors"]


def test_an_early_refill_by_another_prescriber_is_no_duplicate() -> None:
    medications = [
        filled("amlodipine", 120, 60, strength="5 MG", by="1234567893"),
        filled("amlodipine", 93, 33, strength="5 MG", by="1245319599"),
        filled("amlodipine", 6, strength="5 MG", by="1234567893", medication_id="third"),
    ]
    assert screened(*medications).findings == ()


def test_a_vitamin_beside_a_multivitamin_is_meant() -> None:
    parts = tuple(an_ingredient(name, supplement=True) for name in ("iron", "zinc", "thiamine", "biotin"))
    multivitamin = Drug("9", "multivitamin", parts, ResolvedBy.NAME, route="oral")
    medications = [
        reported("iron")._replace(drug=replace(a_drug("iron"), ingredients=parts[:1])),
        reported("multivitamin")._replace(drug=multivitamin),
    ]
    answer = screened(*medications)
    assert answer.findings == ()
    assert [item.reason for item in answer.suppressed] == ["intended_combination"]


def test_a_high_risk_class_is_raised_when_prescribers_differ() -> None:
    same = screened(steadily("clopidogrel", by="1234567893"), steadily("cilostazol", by="1234567893"))
    split = screened(steadily("clopidogrel", by="1234567893"), steadily("cilostazol", by="1245319599"))
    assert same.findings[0].severity is Severity.MODERATE
    assert split.findings[0].severity is Severity.MAJOR


def test_an_id_is_the_same_whatever_the_order_of_the_drugs() -> None:
    assert finding_id("rule", ["2", "1"], "set") == finding_id("rule", ["1", "2"], "set")
    assert finding_id("rule", ["1", "2"], "set") != finding_id("rule", ["1", "2"], "other")
    assert finding_id("rule", ["1", "1"]) != finding_id("rule", ["1"])
