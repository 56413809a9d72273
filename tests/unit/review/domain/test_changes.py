"""What changed in a regimen: read from fills, with the days that show it."""

from datetime import date

from mtm_review.domain.changes import ChangeKind, RegimenChange, changes_of
from mtm_review.domain.medication import Medication
from mtm_review.domain.regimen import build_regimen
from regimens import AS_OF, KNOWLEDGE, filled, reported, steadily


def changes(*medications: Medication) -> list[RegimenChange]:
    return list(changes_of(build_regimen(medications, AS_OF), KNOWLEDGE))


def kinds(*medications: Medication) -> list[str]:
    return [change.kind.value for change in changes(*medications)]


def test_a_drug_taken_for_longer_than_half_a_year_is_no_news() -> None:
    assert kinds(filled("lisinopril", *range(10, 340, 30))) == []


def test_a_first_fill_is_a_start() -> None:
    (change,) = changes(filled("lisinopril", 50, 20))
    assert (change.kind, date.fromordinal(change.on)) == (ChangeKind.START, date(2026, 5, 11))
    assert change.because == "Lisinopril was first filled on 2026-05-11."


def test_a_supply_that_ran_out_is_a_stop_on_its_last_day() -> None:
    (change,) = changes(filled("lisinopril", *range(90, 300, 30)))
    assert (change.kind, change.on) == (ChangeKind.STOP, AS_OF.toordinal() - 61)


def test_a_supply_within_its_grace_is_no_stop() -> None:
    assert kinds(filled("lisinopril", *range(44, 300, 30))) == []
    assert kinds(filled("lisinopril", *range(45, 300, 30))) == ["stop"]


def test_filling_again_after_a_long_gap_is_a_restart() -> None:
    (change,) = changes(filled("lisinopril", 300, 270, 40, 10))
    assert change.kind is ChangeKind.RESTART
    assert "200 days after its supply had run out" in change.because


def test_one_statin_after_another_is_a_switch_and_neither_a_stop_nor_a_start() -> None:
    old = filled("atorvastatin", *range(100, 300, 30))
    assert kinds(old, filled("rosuvastatin", 65, 35, 5)) == ["switch"]


def test_a_drug_of_another_class_is_no_switch() -> None:
    old = filled("atorvastatin", *range(100, 300, 30))
    assert kinds(old, filled("lisinopril", 65, 35, 5)) == ["stop", "start"]


def test_a_successor_more_than_a_month_later_is_no_switch() -> None:
    old = filled("atorvastatin", *range(130, 300, 30))
    assert kinds(old, filled("rosuvastatin", 71, 41, 11)) == ["switch"]
    assert kinds(old, filled("rosuvastatin", 70, 40, 10)) == ["stop", "start"]


def test_two_statins_side_by_side_are_no_switch() -> None:
    assert "switch" not in kinds(steadily("atorvastatin"), steadily("rosuvastatin"))


def test_another_strength_by_the_next_fill_is_a_titration() -> None:
    change = changes(
        filled("sertraline", *range(100, 340, 30), strength="50 MG"),
        filled("sertraline", 70, 40, 10, strength="100 MG"),
    )
    assert [(c.kind, c.because) for c in change] == [
        (ChangeKind.TITRATION, "Sertraline was changed from 50 MG to 100 MG.")
    ]


def test_two_strengths_that_are_both_filled_are_no_titration() -> None:
    both = [filled("warfarin", *range(10, 340, 30), strength=strength) for strength in ("5 MG", "1 MG")]
    assert kinds(*both) == []


def test_three_falling_strengths_are_a_taper() -> None:
    steps = [filled("prednisone", ago, supply=7, strength=f"{mg} MG") for ago, mg in ((40, 20), (33, 10), (26, 5))]
    assert kinds(*steps) == ["start", "taper", "stop"]


def test_two_falling_strengths_are_a_titration() -> None:
    steps = [filled("prednisone", ago, supply=7, strength=f"{mg} MG") for ago, mg in ((40, 20), (33, 10))]
    assert "taper" not in kinds(*steps)


def test_what_a_member_reports_is_no_change_of_the_claims() -> None:
    assert kinds(reported("lisinopril")) == []
    old = filled("atorvastatin", *range(100, 300, 30))
    assert kinds(old, filled("rosuvastatin", 65, 35, 5), reported("rosuvastatin")) == ["switch"]
