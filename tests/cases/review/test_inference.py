"""The whitelist of inferred conditions is held to a specificity of 0.95 for each, or the condition is not inferred."""

import re
from pathlib import Path

import pytest
from cases.review.inferring import Measured, measure, of_bundles, of_claims, of_the_sample
from mtm_review.domain.finding import Confidence
from mtm_review.reference import load_knowledge
from support import cases

LEAST = 0.95
MEMBERS = 2000
PAGE = Path(__file__).parents[3] / "docs" / "inference.md"

whitelist = load_knowledge().inference.by_id


def failing(measured: dict[str, Measured]) -> dict[str, float]:
    return {name: one.specificity for name, one in measured.items() if one.specificity < LEAST}


def test_every_condition_is_specific_in_the_sample() -> None:
    measured = measure(of_the_sample(MEMBERS))
    assert failing(measured) == {}
    assert sum(one.rightly > 0 for one in measured.values()) >= 15


@pytest.mark.realcases
def test_every_condition_is_specific_in_synthetic_records() -> None:
    assert failing(measure(of_bundles(cases() / "synthea-seniors" / "bundles"))) == {}
    assert failing(measure(of_claims(cases() / "rif-synthea"))) == {}


@pytest.mark.parametrize(
    "name",
    [
        "metoprolol", "carvedilol", "gabapentin", "pregabalin", "amitriptyline", "duloxetine", "semaglutide",
        "dulaglutide", "metformin", "spironolactone", "emtricitabine", "tenofovir disoproxil", "bimatoprost",
        "brimonidine", "timolol", "ropinirole", "lamotrigine", "levetiracetam", "valproate", "pioglitazone",
        "empagliflozin", "tamoxifen", "finasteride", "tamsulosin", "aspirin", "colchicine",
    ],
)  # fmt: skip
def test_drugs_with_several_common_uses_begin_no_inference_of_their_own(name: str) -> None:
    alone = {rxcui for each in whitelist.values() if not each.with_drugs for rxcui in each.drugs}
    rxcui = {held: rxcui for sets in load_knowledge().drug_sets.values() for rxcui, held in sets.names.items()}.get(
        name
    )
    assert rxcui not in alone


def test_nothing_is_inferred_from_who_the_member_is() -> None:
    names = {slot for each in whitelist.values() for slot in each.__dataclass_fields__}
    assert not names & {"min_age", "max_age", "sex"}


def test_each_has_a_reason_a_source_and_a_confidence_below_reported() -> None:
    for each in whitelist.values():
        assert each.confidence is not Confidence.REPORTED
        assert each.condition in each.shows
        assert len(each.reason) > 20
        assert len(each.citation.source) > 10


def test_the_page_tells_every_condition_that_is_inferred() -> None:
    told = set(re.findall(r"^\| `([a-z0-9_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert {each.condition for each in whitelist.values()} <= told


def test_only_what_was_measured_is_inferred_with_high_confidence() -> None:
    row = re.compile(r"^\| `([a-z0-9_]+)` \| [\d,]+ \| ([\d,]+) \|", re.MULTILINE)
    counted = {name: int(found.replace(",", "")) for name, found in row.findall(PAGE.read_text(encoding="utf-8"))}
    high = {each.condition for each in whitelist.values() if each.confidence is Confidence.INFERRED_HIGH}
    assert [name for name in sorted(high) if not counted[name]] == []
