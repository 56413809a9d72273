"""Reported lines beside claims: each difference is a question for the consultation."""

from datetime import timedelta

from mtm_review.domain.medication import Medication, MedicationStatus, Source
from mtm_review.domain.reconciling import Difference, differences_of
from mtm_review.domain.regimen import build_regimen
from regimens import AS_OF, a_drug, filled, reported, steadily


def differences(*medications: Medication) -> list[Difference]:
    return list(differences_of(medications, build_regimen(medications, AS_OF)))


def kinds(*medications: Medication) -> list[str]:
    return [difference.kind.value for difference in differences(*medications)]


def test_claims_alone_make_no_difference() -> None:
    assert kinds(steadily("lisinopril"), steadily("metformin")) == []


def test_a_reported_drug_that_claims_show_is_the_same_drug() -> None:
    (same,) = differences(steadily("lisinopril", medication_id="claim"), reported("lisinopril"))
    assert (same.kind.value, [m.medication_id for m in same.claims]) == ("same_drug", ["claim"])


def test_another_strength_than_on_claims_is_asked_about() -> None:
    said = reported("lisinopril")._replace(drug=a_drug("lisinopril", "20 MG"))
    (other,) = differences(steadily("lisinopril", strength="10 MG"), said)
    assert other.because == "Lisinopril is said to be 20 MG; claims show 10 MG."


def test_what_is_bought_over_the_counter_is_on_no_claim() -> None:
    assert kinds(reported("naproxen", source=Source.OTC)) == ["not_on_claims"]


def test_a_drug_that_is_still_taken_after_its_supply_ended() -> None:
    assert kinds(filled("lisinopril", 200, 170), reported("lisinopril")) == ["taken_after_supply_ended"]


def test_a_fill_after_the_day_on_which_a_drug_is_said_to_have_ended() -> None:
    stopped = steadily("lisinopril")._replace(status=MedicationStatus.STOPPED)
    filled_on = AS_OF - timedelta(days=20)
    assert kinds(stopped._replace(end=filled_on)) == []
    assert kinds(stopped._replace(end=filled_on - timedelta(days=1))) == ["stopped_but_filled"]


def test_a_reported_drug_that_was_stopped_is_no_difference() -> None:
    assert kinds(reported("lisinopril", status="stopped")) == []
