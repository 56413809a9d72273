"""The sample plan is reproducible, fit for the wire, and made of drugs and codes that the vocabulary understands."""

import filecmp
from pathlib import Path

import pytest
from mtm_shared.contracts.member import MemberRecord
from mtm_shared.values.codes import Mbi, Npi
from mtm_shared.vocabulary import NotUnderstood, load_vocabulary

from deploy.local.sample.knowledge import conditions, drugs, problems, rows, words
from deploy.local.sample.plan import SampleMember, members
from deploy.local.sample.writing import write_plan

SOME = 120


@pytest.fixture(scope="module")
def plan() -> list[SampleMember]:
    return list(members(SOME, seed=7))


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first, second = (
        write_plan(tmp_path / name, count=40, seed=7, beside=tmp_path / f"{name}-planted")
        for name in ("first", "second")
    )
    assert all(
        filecmp.cmp(one.path, other.path, shallow=False) for one, other in zip(first.files, second.files, strict=True)
    )


def test_a_member_stays_the_same_when_the_plan_grows(plan: list[SampleMember]) -> None:
    assert list(members(5, seed=7)) == plan[:5]


def test_another_seed_is_another_plan(plan: list[SampleMember]) -> None:
    assert list(members(5, seed=8)) != plan[:5]


def test_every_record_is_valid_on_the_wire(plan: list[SampleMember]) -> None:
    assert all(MemberRecord.model_validate(member.record).member.member_id == member.member_id for member in plan)


def test_identifiers_have_the_official_form(plan: list[SampleMember]) -> None:
    for member in plan:
        Mbi.parse(member.record["member"]["mbi"])
        for prescriber in member.record["member"]["prescribers"]:
            Npi.parse(prescriber["npi"])


def test_both_languages_are_spoken(plan: list[SampleMember]) -> None:
    spanish = sum(member.language == "es" for member in plan)
    assert 0.05 * SOME <= spanish <= 0.25 * SOME


def test_claims_are_reversed_and_replaced(plan: list[SampleMember]) -> None:
    codes = {fill["adjustment"] for member in plan for fill in member.record["fills"]}
    assert codes == {"", "A", "D", "R"}


@pytest.mark.parametrize("drug_id", sorted(drugs()))
def test_the_vocabulary_understands_each_ndc_as_the_drug_it_is_said_to_be(drug_id: str) -> None:
    drug = drugs()[drug_id]
    for ndc in filter(None, (drug.ndc, drug.other_ndc)):
        understood = load_vocabulary().understand(ndc=ndc)
        assert not isinstance(understood, NotUnderstood), understood
        assert tuple(sorted(ingredient.name for ingredient in understood.ingredients)) == drug.ingredients


def test_every_diagnosis_is_an_icd10_cm_code() -> None:
    problems_found = {
        code: load_vocabulary().icd10_problem(code) for condition in conditions() for code, _ in condition.icd10
    }
    assert {code: problem for code, problem in problems_found.items() if problem} == {}


def test_tables_name_only_what_exists() -> None:
    products = {product.drug for product in drugs().values()}
    named = {row["drug"] for table in ("regimens", "seasonal", "generics") for row in rows(table)}
    named |= {row[column] for row in rows("changes") for column in ("from_drug", "to_drug")}
    named |= {row[column] for row in rows("problems") for column in ("with_drug", "adds_drug") if row[column]}
    assert named <= products
    assert {drug.directions for drug in drugs().values()} | {drug.reason for drug in drugs().values()} <= set(words())
    assert {problem.condition for problem in problems()} <= {one.condition_id for one in conditions()}
    cited = {
        row["source"] for table in ("regimens", "seasonal", "changes", "rates", "conditions") for row in rows(table)
    }
    assert cited <= {row["id"] for row in rows("sources")}
