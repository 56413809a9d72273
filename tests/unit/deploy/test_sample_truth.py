"""What the sample says of itself is so: prevalences as cited, planted problems in the truth, formats that agree."""

import csv
from collections import Counter
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from mtm_review.uploading import read_rows
from mtm_shared.reference import read_csv
from mtm_shared.vocabulary import NotUnderstood, load_vocabulary

from deploy.local.sample.calendars import LAST, NEW_YEAR, iso
from deploy.local.sample.chance import stream
from deploy.local.sample.knowledge import DATA, conditions, drugs, problems, rates, reported
from deploy.local.sample.member import Member, condition_ids, conditions_of, make_member
from deploy.local.sample.people import person
from deploy.local.sample.run import Order, write_sample

MANY = 20_000
SOME = 1500


@cache
def counted() -> tuple[Counter[tuple[int, int]], Counter[tuple[int, int, str]]]:
    """Members by sex and age, and with each condition, among twenty thousand."""
    people: Counter[tuple[int, int]] = Counter()
    held: Counter[tuple[int, int, str]] = Counter()
    for number in range(1, MANY + 1):
        draw = stream(11, number)
        someone = person(number, draw)
        people[someone.sex, someone.age] += 1
        for place in conditions_of(someone.sex, someone.age, draw):
            held[someone.sex, someone.age, conditions()[place].condition_id] += 1
    return people, held


@cache
def plan() -> tuple[Member, ...]:
    return tuple(make_member(2026, number) for number in range(1, SOME + 1))


@pytest.mark.parametrize("condition", conditions(), ids=lambda one: one.condition_id)
def test_a_condition_is_as_common_as_its_table_says(condition: Any) -> None:
    people, held = counted()
    sexes = {"women": (0,), "men": (1,)}.get(condition.among, (0, 1))
    whole = sum(count for (sex, _), count in people.items() if sex in sexes)
    found = sum(count for (sex, _, one), count in held.items() if one == condition.condition_id) / whole
    assert abs(found - condition.share) < 0.004 + 3.5 * sqrt(condition.share * (1 - condition.share) / whole)


def test_conditions_come_with_age_and_sex_as_the_table_says() -> None:
    people, held = counted()

    def share(condition: str, sex: int, age: int) -> float:
        return held[sex, age, condition] / people[sex, age]

    assert share("atrial_fibrillation", 0, 3) > 2 * share("atrial_fibrillation", 0, 1)
    assert share("osteoporosis", 0, 2) > 3 * share("osteoporosis", 1, 2)
    assert share("schizophrenia", 1, 0) > 4 * share("schizophrenia", 1, 1)
    assert held[0, 1, "prostate_enlargement"] == 0


def test_illnesses_come_together() -> None:
    ids = [set(condition_ids(member)) for member in plan()]
    failing = [one for one in ids if "chronic_heart_failure" in one]
    others = [one for one in ids if "chronic_heart_failure" not in one]
    assert sum("atrial_fibrillation" in one for one in failing) / len(failing) > 2 * sum(
        "atrial_fibrillation" in one for one in others
    ) / len(others)
    assert all("diabetes" in one for one in ids if "diabetic_neuropathy" in one)


def test_the_tables_are_as_large_as_was_asked_for() -> None:
    assert len(conditions()) >= 60
    assert len(drugs()) >= 300
    assert sum(drug.brand for drug in drugs().values()) >= 50
    assert sum(len(drug.ingredients) > 1 for drug in drugs().values()) >= 20


@pytest.mark.parametrize("table", sorted(DATA.glob("*.csv")), ids=lambda path: path.stem)
def test_each_table_says_where_it_comes_from(table: Path) -> None:
    header = table.read_text(encoding="utf-8").splitlines()[0]
    assert read_csv(table, columns=tuple(header.split(",")))


def test_every_planted_problem_is_dispensed_and_every_one_stands_in_the_truth() -> None:
    by_id = {problem.problem_id: problem for problem in problems()}
    for member in plan():
        dispensed = Counter(drugs_of(member))
        for event in member.events:
            if event.kind == "planted_problem":
                assert dispensed[by_id[event.name].adds_drug] >= 1
                assert not by_id[event.name].with_drug or dispensed[by_id[event.name].with_drug] >= 1
        told = {event.name for event in member.events if event.kind in ("planted_problem", "problem_by_chance")}
        there = {
            problem.problem_id
            for problem in problems()
            if problem.condition in condition_ids(member)
            and not problem.with_drug
            and not problem.unless
            and dispensed[problem.adds_drug]
        }
        assert there <= told


def drugs_of(member: Member) -> list[str]:
    products = list(drugs().values())
    return [products[fill.product].drug for fill in member.fills]


def test_problems_are_planted_at_a_rate_that_shows() -> None:
    planted = sum(any(event.kind == "planted_problem" for event in member.events) for member in plan())
    assert 0.05 < planted / SOME < 0.15
    assert sum(event.kind == "switch" for member in plan() for event in member.events) > SOME / 50


def test_refills_crowd_before_and_after_the_new_year() -> None:
    days = Counter(fill.day for member in plan() for fill in member.fills)
    late_december = sum(days[day] for day in range(NEW_YEAR - 11, NEW_YEAR)) / 11
    january = sum(days[day] for day in range(NEW_YEAR + 1, NEW_YEAR + 9)) / 8
    usual = sum(days[day] for day in range(NEW_YEAR - 100, NEW_YEAR - 30)) / 70
    assert late_december > 1.08 * usual
    assert january > usual


def test_antivirals_are_for_winter_and_vaccines_for_autumn() -> None:
    many = [fill for number in range(1, 6001) for fill in make_member(5, number).fills]
    products = list(drugs().values())
    antivirals = [iso(fill.day)[5:7] for fill in many if products[fill.product].drug == "oseltamivir"]
    vaccines = [iso(fill.day)[5:7] for fill in many if products[fill.product].use == "vaccine"]
    assert sum(month in ("12", "01", "02") for month in antivirals) > 0.7 * len(antivirals)
    assert sum(month in ("08", "09", "10", "11") for month in vaccines) > 0.45 * len(vaccines)


def test_some_die_some_leave_some_join_and_some_change_plans() -> None:
    happened = Counter(event.name for member in plan() for event in member.events if event.kind == "coverage")
    assert set(happened) == {"death", "disenrolled", "joined", "joined_last_weeks", "plan_change"}
    assert abs(happened["plan_change"] / SOME - rates()["plan_change"]) < 0.03
    assert all(fill.day <= (member.person.death or LAST) for member in plan() for fill in member.fills)


def test_parquet_and_csv_tell_the_same(tmp_path: Path) -> None:
    for form in ("csv", "parquet"):
        (tmp_path / form).mkdir()
        write_sample(Order(tmp_path / form, 200, 7, form), progress=False)
    for table, columns in {
        "fills": ("member_id", "claim_id", "ndc", "days_supply", "coverage_status", "adjustment", "pharmacy_npi"),
        "diagnoses": ("member_id", "claim_id", "icd10", "setting"),
    }.items():
        ours = pq.read_table(tmp_path / "parquet" / f"{table}-00000.parquet", columns=list(columns)).to_pylist()
        theirs = csv.DictReader((tmp_path / "csv" / f"{table}-00000.csv").read_text(encoding="utf-8").splitlines())
        as_text = [tuple(str(row[column] or "") for column in columns) for row in ours]
        assert as_text == [tuple(row[column] for column in columns) for row in theirs]


def test_parquet_holds_cents_and_dates(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_sample(Order(tmp_path / "out", 100, 7, "parquet"), progress=False)
    schema = pq.read_schema(tmp_path / "out" / "fills-00000.parquet")
    assert str(schema.field("fill_date").type) == "date32[day]"
    assert str(schema.field("ingredient_cost_cents").type) == "int32"


def test_a_review_can_import_every_reported_medication(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    write_sample(Order(tmp_path / "out", 300, 7, "csv"), progress=False)
    with (tmp_path / "out" / "reported-00000.csv").open(encoding="utf-8", newline="") as lines:
        rows, rejected = read_rows(lines)
    assert rejected == []
    assert len(rows) > 100


@pytest.mark.parametrize("thing", reported(), ids=lambda one: one.reported_id)
def test_what_members_report_is_an_ingredient_of_the_vocabulary(thing: Any) -> None:
    understood = load_vocabulary().understand(name=thing.ingredient)
    assert not isinstance(understood, NotUnderstood)
