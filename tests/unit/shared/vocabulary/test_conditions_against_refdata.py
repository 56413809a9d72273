"""Conditions against the published lists: ICD-10-CM FY2026, CMS's Chronic Conditions Warehouse (CCW) and RxHCC V08.

Agreement is held, not hoped for: every code in which a condition differs from CCW's has a reason in
`agreement/ccw.csv`, and how each RxHCC category lies to the conditions stands in `agreement/rxhcc_v08.csv`. A
difference without a reason, or a reason without a difference, fails.
"""

import csv
import gzip
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path

import pytest
from mtm_shared.vocabulary import Vocabulary, load_vocabulary
from mtm_shared.vocabulary.dictionary import PACKAGED_DATA
from support import refdata

pytestmark = pytest.mark.refdata

AGREEMENT = Path(__file__).parent / "agreement"
REASONS = {
    *("newer", "omitted_by_ccw", "other_disease", "regulation", "history", "symptom_or_test", "complication"),
    *("cause", "seventh_character", "status_code"),
}
_C30, _OTHER = ("inpatient", "skilled_nursing", "home_health"), ("inpatient",)
# How CCW words its claim rules: claims of the named settings that do alone, and how many others are needed.
CLAIM_RULES = {
    "At least 1 inpatient/SNF/HHA claim OR 2": (_C30, 2),
    "At least 1 inpatient/SNF claim OR 2": (("inpatient", "skilled_nursing"), 2),
    "At least 1 inpatient claim OR 2": (_OTHER, 2),
    "At least 1 HOP or carrier claim": (("inpatient", "skilled_nursing"), 1),
    "At least 1 inpatient, HOP or carrier claim": (("inpatient", "skilled_nursing"), 1),
    "At least 1 inpatient, SNF, HOP or carrier claim": (("inpatient", "skilled_nursing"), 1),
    "3 or more non-drug claims": (_OTHER, 3),
}
# One inpatient claim alone shows an acute infarction to CCW; here it is one claim of any setting, as a review asks. The
# groups are several conditions of CCW with claim rules of their own.
OTHER_CLAIM_RULE = {"acute_myocardial_infarction", "cardiovascular_disorders", "opioid_overdose"}


def _file(path: Path) -> Iterator[dict[str, str]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    delimiter = "\t" if ".tsv" in path.name else ","
    return iter(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=delimiter))


@cache
def _titles() -> Mapping[str, str]:
    """Every code and every group of codes of ICD-10-CM FY2026, without dots."""
    codes = _file(refdata() / "icd10cm_2026/icd10cm_all_codes.tsv.gz")
    return {row["code"].replace(".", ""): row["description"] for row in codes}


@cache
def _billable() -> frozenset[str]:
    codes = _file(refdata() / "icd10cm_2026/icd10cm_all_codes.tsv.gz")
    return frozenset(row["code"].replace(".", "") for row in codes if row["billable"] == "1")


@cache
def _members() -> Mapping[str, frozenset[str]]:
    """The billable codes of each condition."""
    found: dict[str, set[str]] = defaultdict(set)
    for code in _billable():
        for condition in load_vocabulary().conditions_of(code):
            found[condition].add(code)
    return {condition: frozenset(codes) for condition, codes in found.items()}


@cache
def _ccw() -> Mapping[str, tuple[frozenset[str], str]]:
    """Codes and claim rule of each CCW condition."""
    codes: dict[str, set[str]] = defaultdict(set)
    rules = {}
    for row in _file(refdata() / "ccw_chronic_conditions/chronic_conditions.csv"):
        if (row["code_system"], row["inclusion_type"]) == ("ICD-10-CM", "Include"):
            codes[row["condition"]].add(row["code"])
            rules[row["condition"]] = row["claims_qualification"]
    return {condition: (frozenset(found), rules[condition]) for condition, found in codes.items()}


def test_every_prefix_exists_under_the_title_that_it_is_given() -> None:
    titles = _titles()
    wrong = [
        (condition.id, prefix, reason)
        for condition in load_vocabulary().conditions.values()
        for prefix, reason in condition.reasons.items()
        if prefix not in titles
        or (reason.startswith("ICD-10-CM FY2026: ") and reason != f"ICD-10-CM FY2026: {titles[prefix]}")
    ]

    assert wrong == []


def test_categories_are_icd10cms_with_their_titles() -> None:
    with (PACKAGED_DATA / "icd10cm_categories.csv").open(encoding="utf-8", newline="") as file:
        shipped = {row["code"]: row["title"] for row in csv.DictReader(file)}

    assert shipped == {code: title for code, title in _titles().items() if len(code) == 3}


def test_every_code_gets_an_answer_and_a_reason(vocabulary: Vocabulary) -> None:
    for code in _titles():
        if "-" in code:
            continue  # a block such as A00-A09 is not a code
        assert vocabulary.icd10_problem(code) is None, code
        nearest = vocabulary.icd10(code)
        assert nearest is not None, code
        assert code.startswith(nearest.code), code
        shown = {match.condition for match in vocabulary.why(code) if match.included}
        assert vocabulary.conditions_of(code) == shown, code


def test_every_condition_has_billable_codes(vocabulary: Vocabulary) -> None:
    assert set(vocabulary.conditions) == set(_members())


@cache
def _comparisons() -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
    """What is compared: our conditions taken together, and CCW's."""
    pairs = _file(AGREEMENT / "ccw_conditions.csv")
    return {
        row["comparison"]: (frozenset(row["conditions"].split(";")), frozenset(row["ccw"].split(";"))) for row in pairs
    }


@cache
def _explained() -> Mapping[tuple[str, str], list[dict[str, str]]]:
    found: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in _file(AGREEMENT / "ccw.csv"):
        assert row["reason"] in REASONS, row
        assert row["explanation"].endswith("."), row
        found[(row["comparison"], row["only_in"])].append(row)
    return found


def _differences(comparison: str) -> tuple[int, dict[str, frozenset[str]]]:
    """How many codes agree, and those that only one side has. Codes that were split since CCW's list do not count."""
    conditions, theirs = _comparisons()[comparison]
    ours = frozenset[str]().union(*(_members()[condition] for condition in conditions))
    ccw = frozenset[str]().union(*(_ccw()[condition][0] for condition in theirs)) & _billable()
    return len(ours & ccw), {"ours": ours - ccw, "ccw": ccw - ours}


def test_every_difference_from_ccw_is_explained_and_every_explanation_needed() -> None:
    unexplained, idle, lines = [], [], []
    for comparison in _comparisons():
        agreeing, differences = _differences(comparison)
        for side, codes in differences.items():
            rows = _explained().get((comparison, side), [])
            unexplained += [
                (comparison, side, code)
                for code in sorted(codes)
                if not any(fnmatchcase(code, row["codes"]) for row in rows)
            ]
            idle += [row for row in rows if not any(fnmatchcase(code, row["codes"]) for code in codes)]
        only_ours, only_theirs = len(differences["ours"]), len(differences["ccw"])
        lines.append(f"{comparison:42} {agreeing:5} both {only_ours:5} only ours {only_theirs:5} only CCW")
    print("\n".join(lines))

    assert unexplained == []
    assert idle == []


def test_comparisons_with_ccw_are_all_that_there_can_be(vocabulary: Vocabulary) -> None:
    compared = {condition for conditions, _ in _comparisons().values() for condition in conditions}
    core = {condition.id for condition in vocabulary.conditions.values() if condition.core_category}

    # CCW has no end-stage renal disease, and counts bronchiectasis as obstructive disease.
    assert core - compared == {"esrd", "chronic_lung_other"}
    assert len(_comparisons()) >= 50
    assert {comparison for comparison, _ in _explained()} <= set(_comparisons())


@pytest.mark.parametrize("comparison", sorted(row["comparison"] for row in _file(AGREEMENT / "ccw_conditions.csv")))
def test_evidence_policy_is_ccws_claim_rule(vocabulary: Vocabulary, comparison: str) -> None:
    conditions, theirs = _comparisons()[comparison]
    worded = {_ccw()[condition][1] for condition in theirs}
    expected = {rule for text in worded for words, rule in CLAIM_RULES.items() if text.startswith(words)}
    for condition in conditions - OTHER_CLAIM_RULE:
        policy = vocabulary.conditions[condition].evidence
        assert (policy.single_claim_settings, policy.other_claim_minimum) in expected, (condition, worded)
        quoted = policy.citation.source.replace(": at", ": At").replace(" or 2", " OR 2")
        assert any(words in quoted for words in CLAIM_RULES if any(text.startswith(words) for text in worded)), quoted


@cache
def _rxhcc() -> Mapping[str, frozenset[str]]:
    """The billable codes of each RxHCC category, model V08."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in _file(refdata() / "hcc/ra_dx_to_cc_2026.csv.gz"):
        if row["model_name"] == "RxHCC Model V08" and row["diagnosis_code"] in _billable():
            found[f"RXHCC{row['cc']}"].add(row["diagnosis_code"])
    return {category: frozenset(codes) for category, codes in found.items()}


def test_rxhcc_categories_are_all_there_under_cmss_labels(vocabulary: Vocabulary) -> None:
    labels = {
        row["cc"]: row["label"] for row in _file(refdata() / "hcc/ra_labels_2026.csv") if row["model_version"] == "R08"
    }
    shipped = {entry.category: entry.label for entry in vocabulary.tables.conditions.rxhcc.values()}

    assert shipped == {category: labels[category] for category in _rxhcc()}


def test_rxhcc_agreement_is_what_was_written_down(vocabulary: Vocabulary) -> None:
    """Of the category: the share of its codes that show the condition; of the condition: the share in the category."""
    written = list(_file(AGREEMENT / "rxhcc_v08.csv"))
    for row in written:
        theirs, ours = _rxhcc()[row["category"]], _members()[row["condition"]]
        found = (f"{len(theirs & ours) / len(theirs):.3f}", f"{len(theirs & ours) / len(ours):.3f}")
        print(f"{row['category']:9} {row['condition']:36} {row['relation']:9} {found[0]} {found[1]}")
        assert found == (row["of_the_category"], row["of_the_condition"]), row
    linked = {
        (entry.category, link.condition, link.relation)
        for entry in vocabulary.tables.conditions.rxhcc.values()
        for link in entry.links
    }
    assert linked == {(row["category"], row["condition"], row["relation"]) for row in written}


# CMS's label says so of every member, though codes of the same category do not: insulin use, a catheter's complication.
BY_LABEL = {
    *(("RXHCC31", "diabetes"), ("RXHCC261", "chronic_kidney_disease"), ("RXHCC261", "ckd_stage_4_or_5")),
    *(("RXHCC261", "ckd_stage_5"), ("RXHCC261", "esrd")),
}
# Three rare codes of RXHCC188 show none of them: two ruptures in the heart, and a malformation of coronary vessels.
RARE = {
    *(("RXHCC188", "ischemic_heart_disease"), ("RXHCC188", "cardiovascular_disorders")),
    ("RXHCC188", "atherosclerotic_cardiovascular_disease"),
}


def test_category_that_shows_a_condition_always_does() -> None:
    """A few codes can be many members, so that a share of the codes proves nothing until it is all of them."""
    low = {
        (row["category"], row["condition"])
        for row in _file(AGREEMENT / "rxhcc_v08.csv")
        if row["relation"] != "overlaps" and row["of_the_category"] != "1.000"
    }

    assert low == BY_LABEL | RARE
