"""Programme files: the eight that ship, and every mistake that must stop a service from starting."""

import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from mtm_eligibility.domain.program import Comparison, CountBy, DrugUniverse
from mtm_eligibility.reference import PROGRAMS, ReferenceDataError, load_programs, rules_fingerprint
from mtm_shared.values.citation import Status
from mtm_shared.vocabulary import load_vocabulary

IDS = (
    "aetna-2021", "cms-2022", "cms-2023", "cms-2024", "cms-2025", "cms-2026", "cms-2027", "health-options-2024",
)  # fmt: skip


def test_the_eight_programmes_ship() -> None:
    assert tuple(load_programs()) == IDS


@pytest.mark.parametrize(
    ("program_id", "threshold", "comparison"),
    [
        ("aetna-2021", "4376.00", Comparison.MORE_THAN),
        ("health-options-2024", "5330.00", Comparison.AT_LEAST),
        ("cms-2022", "4696.00", Comparison.AT_LEAST),
        ("cms-2023", "4935.00", Comparison.AT_LEAST),
        ("cms-2024", "5330.00", Comparison.AT_LEAST),
        ("cms-2025", "1623.00", Comparison.AT_LEAST),
        ("cms-2026", "1276.00", Comparison.AT_LEAST),
        ("cms-2027", "1340.00", Comparison.AT_LEAST),
    ],
)
def test_thresholds(program_id: str, threshold: str, comparison: Comparison) -> None:
    cost = load_programs()[program_id].annual_cost
    assert (cost.threshold.value, cost.comparison.value) == (Decimal(threshold), comparison)


def test_the_threshold_that_one_source_alone_gives_is_unverified() -> None:
    program = load_programs()["cms-2027"]
    assert (program.status, program.annual_cost.threshold.citation.status) == (Status.UNVERIFIED, Status.UNVERIFIED)


@pytest.mark.parametrize("program_id", IDS)
def test_minimums_are_the_largest_that_cms_allows(program_id: str) -> None:
    program = load_programs()[program_id]
    assert (program.chronic_conditions.minimum.value, program.part_d_drugs.minimum.value) == (3, 8)


@pytest.mark.parametrize("program_id", ["cms-2025", "cms-2026", "cms-2027"])
def test_all_ten_core_diseases_and_all_maintenance_drugs_from_2025(program_id: str) -> None:
    program = load_programs()[program_id]
    core = {condition.core_category for condition in program.chronic_conditions.conditions}
    assert (len(core), program.part_d_drugs.universe.value) == (10, DrugUniverse.PART_D_MAINTENANCE)


def test_the_plans_pages_list_single_conditions() -> None:
    counted = {name: load_programs()[name].chronic_conditions.count_by.value for name in IDS}
    assert {name for name, by in counted.items() if by is CountBy.CONDITION} == {"aetna-2021", "health-options-2024"}


def test_the_chronic_drugs_alone_make_the_cost_of_health_options() -> None:
    universes = {name: load_programs()[name].annual_cost.universe.value for name in IDS}
    assert [name for name, each in universes.items() if each is DrugUniverse.PART_D_MAINTENANCE] == [
        "health-options-2024"
    ]


def test_health_options_leaves_a_pin_of_seven_digits() -> None:
    identity = load_programs()["health-options-2024"].identity
    assert (identity.pin_digits.value, identity.also_asks.value) == (7, ("birth_date", "zip_code"))


@pytest.mark.parametrize("program_id", IDS)
def test_every_programme_can_be_called_to_opt_out(program_id: str) -> None:
    channel = load_programs()[program_id].contact.for_purpose("opt_out")[0]
    assert channel.value
    assert channel.tty
    assert channel.hours
    assert channel.hours_es


@pytest.mark.parametrize("program_id", [each for each in IDS if each.startswith("cms-")])
def test_a_baseline_says_that_its_contact_is_to_be_filled_in(program_id: str) -> None:
    channels = load_programs()[program_id].contact.channels
    assert {channel.citation.status for channel in channels} == {Status.UNVERIFIED}


@pytest.mark.parametrize("program_id", IDS)
def test_every_condition_is_one_that_the_vocabulary_knows(program_id: str) -> None:
    known = load_vocabulary().conditions
    for condition in load_programs()[program_id].chronic_conditions.conditions:
        assert known[condition.condition_id].core_category == condition.core_category


def test_fingerprints_tell_programmes_apart() -> None:
    assert len({rules_fingerprint(program_id) for program_id in IDS}) == len(IDS)


def test_no_fingerprint_for_a_programme_that_does_not_exist() -> None:
    with pytest.raises(KeyError):
        rules_fingerprint("cms-1999")


def load_changed(folder: Path, program_id: str, old: str, new: str) -> None:
    text = (PROGRAMS / f"{program_id}.toml").read_text(encoding="utf-8")
    assert old in text, "the test changes something that is there"
    changed = text.replace(old, new)
    tomllib.loads(changed)
    (folder / f"{program_id}.toml").write_text(changed, encoding="utf-8")
    load_programs(folder)


MINIMUM = "minimum = { value = 3"
HIV = """[[chronic_conditions.condition]]
id = "hiv_aids"
name = "HIV/AIDS"
core_category = "hiv_aids"
plan_types = ["MA-PD", "PDP"]
source = "core"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (MINIMUM, "minimum = { value = 4", "chronic_conditions.minimum: must be from 2 to 3, but is 4"),
        ("minimum = { value = 8", "minimum = { value = 9", "part_d_drugs.minimum: must be from 2 to 8, but is 9"),
        ('value = "1276.00"', 'value = "1276.01"', "annual_cost.threshold: must be at most 1276.00"),
        ("targets_at_risk = { value = true", "targets_at_risk = { value = false", "targets_at_risk: must be true"),
        (HIV, "", "must hold at least 10 core diseases for MA-PD members"),
        ("plan_year = 2026", "plan_year = 2031", "plan_year: has no bounds in guardrails.toml, but is 2031"),
        ("plan_year = 2026", 'plan_year = "2026"', "plan_year: must be a whole number"),
        ("plan_year = 2026", "plan_year = 2026\nplan_yaer = 2026", "unknown key 'plan_yaer'"),
        ("plan_year = 2026\n", "", "plan_year: missing"),
        ("[score]", "[score]\nage = 5", "unknown key 'age'"),
        ("part_d_drugs = 33", "part_d_drugs = 34", "the three weights together must be 100, but is 101"),
        ("recent_stay = { each = 15, at_most = 15", "recent_stay = { each = 15, at_most = 16", "must be at most 100"),
        ('id = "copd"', 'id = "asthma"', "must not be listed twice, but is 'asthma'"),
        ('core_category = "esrd"', 'core_category = "ckd"', "core_category: must be none or one of"),
        ('value = "single_claim"', 'value = "one_claim"', "must be one of single_claim, ccw, but is 'one_claim'"),
        ('plan_types = ["MA-PD", "PDP"]', 'plan_types = ["HMO"]', "must be one or more of MA-PD, PDP"),
        ('unit = "USD", source = "threshold"', 'unit = "USD", source = "nowhere"', "must be one of"),
        ("[sources.rule]", '[sources.idle]\ncitation = "x"\nstatus = "final"\n[sources.rule]', "the source of a value"),
        ('channels = { value = ["phone"]', 'channels = { value = ["web"]', "the contact block's opt_out channels"),
        ("uses_pin = { value = false", "uses_pin = { value = true", "must be above 0 exactly where a PIN is used"),
        ('tty = "711"', "", "tty: missing"),
        ('program_id = "cms-2026"', 'program_id = "cms-2025"', "program_id: must be the file's name, 'cms-2026'"),
    ],
)
def test_a_mistake_is_refused_with_file_key_and_value(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(ReferenceDataError) as refused:
        load_changed(tmp_path, "cms-2026", old, new)
    assert message in str(refused.value)
    assert str(refused.value).startswith("cms-2026.toml")


def test_a_programme_may_not_be_surer_than_its_threshold(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match="must be no surer than unverified"):
        load_changed(
            tmp_path, "cms-2027", 'plan_year = 2027\nstatus = "unverified"', 'plan_year = 2027\nstatus = "final"'
        )


def test_a_folder_without_programmes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match="holds no programme"):
        load_programs(tmp_path)
