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


def test_pharmacies_stand_in_the_evidence_where_they_differ() -> None:
    apart = [at_pharmacy("clopidogrel", "1003000126"), at_pharmacy("cilostazol", "1003000134")]
    (finding,) = screened(*apart).findings
    assert finding.pharmacies_differ
    assert not finding.prescribers_differ
    assert finding.because.endswith("from different pharmacies.")
    assert [line.rpartition(", pharmacy ")[2] for line in finding.evidence[:2]] == ["1003000134", "1003000126"]
    together = [at_pharmacy("clopidogrel", "1003000126"), at_pharmacy("cilostazol", "1003000126")]
    assert "pharmacy" not in "".join(screened(*together).findings[0].evidence)


def test_a_finding_says_how_long_the_drugs_were_together() -> None:
    (finding,) = screened(steadily("lisinopril"), steadily("benazepril")).findings
    assert finding.evidence[-1] == "on hand together: 180 days from 2026-01-11"


def test_three_of_a_kind_from_two_pharmacies_are_one_finding() -> None:
    drugs = [steadily("lisinopril"), at_pharmacy("benazepril", "1003000126"), at_pharmacy("ramipril", "1003000134")]
    assert [finding.pharmacies_differ for finding in screened(*drugs).findings] == [True]


def test_two_supplies_of_a_vitamin_are_minor() -> None:
    (finding,) = screened(
        steadily("cholecalciferol", strength="1000 UNT"),
        steadily("cholecalciferol", by="1234567893", strength="50000 UNT"),
    ).findings
    assert (finding.rule_id, finding.severity) == ("duplicate_therapy.same_ingredient", Severity.MINOR)


def test_strengths_that_make_a_dose_are_meant_only_from_one_prescriber() -> None:
    def two(first: str, second: str) -> Screening:
        return screened(
            steadily("warfarin", strength="5 MG", by=first), steadily("warfarin", strength="1 MG", by=second)
        )

    assert [item.reason for item in two("1234567893", "1234567893").suppressed] == ["intended_combination"]
    assert two("1234567893", "1245319599").findings
    assert two("", "").findings


def test_a_pen_beside_a_vial_is_meant_only_from_one_prescriber() -> None:
    def two(first: str, second: str) -> Screening:
        return screened(in_form("Pen Injector", first), in_form("Injectable Solution", second))

    assert [item.reason for item in two("1234567893", "1234567893").suppressed] == ["intended_combination"]
    assert two("1234567893", "1245319599").findings


def in_form(form: str, by: str) -> Medication:
    medication = steadily("insulin lispro", strength="100 UNT/ML", by=by, route="injection", medication_id=form)
    assert medication.drug is not None
    return medication._replace(drug=replace(medication.drug, dose_form=form))


def at_pharmacy(name: str, pharmacy: str) -> Medication:
    medication = steadily(name)
    return medication._replace(fills=tuple(fill._replace(pharmacy_npi=pharmacy) for fill in medication.fills))
