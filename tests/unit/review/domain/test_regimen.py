"""The regimen of a day: courses, exposures, and what is active."""

from datetime import date, timedelta

import pytest
from mtm_review.domain.medication import Medication, MedicationStatus, Source, Supply
from mtm_review.domain.patient import Stay
from mtm_review.domain.regimen import Regimen, build_regimen
from regimens import AS_OF, a_drug, filled, reported, steadily


def active(regimen: Regimen) -> list[str]:
    return [exposure.ingredient.name for exposure in regimen.exposures if exposure.active]


def test_refills_over_several_records_are_one_course() -> None:
    first = filled("lisinopril", 60, 30, strength="10 MG", medication_id="a")
    second = filled("lisinopril", 1, strength="10 MG", medication_id="b")
    regimen = build_regimen([first, second], AS_OF)
    assert len(regimen.courses) == 1
    assert [m.medication_id for m in regimen.courses[0].medications] == ["a", "b"]


def test_a_combination_is_an_exposure_to_each_ingredient() -> None:
    regimen = build_regimen([steadily("hydrochlorothiazide/lisinopril")], AS_OF)
    assert sorted(active(regimen)) == ["hydrochlorothiazide", "lisinopril"]


@pytest.mark.parametrize(("ago", "is_active"), [(30, True), (44, True), (45, False)])
def test_active_while_supply_and_grace_reach_the_day(ago: int, is_active: bool) -> None:
    assert bool(active(build_regimen([filled("lisinopril", ago)], AS_OF))) is is_active


def test_a_stay_keeps_a_course_active() -> None:
    stay = Stay("snf", AS_OF - timedelta(days=25))
    assert active(build_regimen([filled("lisinopril", 60)], AS_OF)) == []
    assert active(build_regimen([filled("lisinopril", 60)], AS_OF, [stay])) == ["lisinopril"]


def test_nothing_is_active_after_death_or_disenrolment() -> None:
    ends = AS_OF - timedelta(days=1)
    regimen = build_regimen([steadily("lisinopril")], AS_OF, ends=ends)
    assert active(regimen) == []
    assert regimen.courses[0].eras[-1].end == ends


@pytest.mark.parametrize("source", [Source.OTC, Source.HERBAL, Source.SUPPLEMENT, Source.REPORTED, Source.SAMPLE])
def test_what_is_reported_is_active_while_its_status_says_so(source: Source) -> None:
    assert active(build_regimen([reported("naproxen", source=source)], AS_OF)) == ["naproxen"]
    assert active(build_regimen([reported("naproxen", source=source, status="stopped")], AS_OF)) == []


def test_a_reported_medication_has_an_era_from_its_start() -> None:
    medication = reported("naproxen")._replace(start=date(2026, 6, 1))
    (course,) = build_regimen([medication], AS_OF).courses
    assert (course.eras[0].start, course.eras[0].end) == (date(2026, 6, 1), None)


def test_a_claim_that_was_stopped_is_not_active() -> None:
    stopped = steadily("lisinopril")._replace(status=MedicationStatus.STOPPED)
    assert active(build_regimen([stopped], AS_OF)) == []


def test_the_same_fill_told_twice_counts_once() -> None:
    fill = Supply(AS_OF - timedelta(days=10), 30, claim_id="c1")
    drug = a_drug("lisinopril")
    medications = [Medication(name, drug, name, fills=(fill,), source=Source.CLAIM) for name in ("a", "b")]
    (course,) = build_regimen(medications, AS_OF).courses
    assert course.eras[0].fills == 1


@pytest.mark.parametrize(
    ("medication", "code"),
    [
        (Medication("x", None, "frobnicol", problem="unknown_name", problem_detail="No."), "unknown_name"),
        (filled("lisinopril", 10, supply=0), "missing_fact"),
        (filled("lisinopril", -3), "after_as_of"),
        (reported("lisinopril")._replace(start=AS_OF + timedelta(days=1)), "after_as_of"),
        (reported("lisinopril")._replace(start=date(2026, 5, 1), end=date(2026, 4, 1)), "impossible_dates"),
    ],
)
def test_what_cannot_be_used_is_named_with_a_code(medication: Medication, code: str) -> None:
    regimen = build_regimen([medication], AS_OF)
    assert [item.code for item in regimen.unusable] == [code]
    assert regimen.courses == ()


def test_eye_drops_and_tablets_of_one_ingredient_are_two_exposures() -> None:
    regimen = build_regimen([steadily("timolol"), steadily("timolol", route="ophthalmic", medication_id="d")], AS_OF)
    assert sorted(exposure.route for exposure in regimen.exposures) == ["ophthalmic", "oral"]
