"""Labelled cases of sponsors' policies: what a pharmacist expects a policy to hide, and what it must leave alone.

Each was labelled before it was run; `because` says why. `shown` are the rules of the findings that stay, in any order;
`hidden` those that come back as suppressed by policy. Only the two screens that they speak of run, so that a label
does not change with every screen that is added.
"""

from dataclasses import dataclass, field
from typing import Any

import pytest
from mtm_review.domain.finding import Screen, Screening, Severity, SuppressionReason
from mtm_review.domain.medication import Medication
from mtm_review.domain.policed import Asked
from mtm_review.domain.screening import ScreeningOptions, screen
from policies import a_policy
from regimens import AS_OF, KNOWLEDGE, a_patient, filled, steadily

TWO_ACE = (steadily("lisinopril"), steadily("enalapril"))
ACE_ARB = (steadily("lisinopril"), steadily("losartan"))
THREE_RAS = (*TWO_ACE, steadily("losartan"))
TWO_NSAIDS = (steadily("naproxen", by="A"), steadily("meloxicam", by="B"))
NEW_NSAID = (filled("naproxen", 20, by="A"), steadily("meloxicam", by="B"))
CILOSTAZOL = (steadily("cilostazol"),)
DIURETIC_TWICE = (steadily("hydrochlorothiazide/lisinopril", by="A"), steadily("hydrochlorothiazide", by="B"))
HEART_FAILURE = "I50.9"
SPOKEN_OF = frozenset({Screen.DUPLICATE_THERAPY, Screen.DRUG_DISEASE})

ACE, RAS = "duplicate_therapy.ace_inhibitors", "duplicate_therapy.ras_inhibitors"
NSAIDS, SAME = "duplicate_therapy.nsaids", "duplicate_therapy.same_ingredient"
NSAIDS_HF, CILOSTAZOL_HF = "drug_disease.nsaids_heart_failure", "drug_disease.cilostazol_heart_failure"


@dataclass(frozen=True)
class Case:
    case_id: str
    because: str
    policy: dict[str, Any]
    taken: tuple[Medication, ...]
    shown: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    severities: dict[str, str] = field(default_factory=dict)


CASES = (
    Case(
        "policy-class-off",
        "The plan does not act on two ACE inhibitors; the pair is settled at that level, so nothing broader speaks.",
        {"off": [{"class": "ace_inhibitors"}]},
        TWO_ACE,
        hidden=(ACE,),
    ),
    Case(
        "policy-class-off-parent-speaks",
        "With an ARB the problem is another one: the wider class is not off.",
        {"off": [{"class": "ace_inhibitors"}]},
        THREE_RAS,
        shown=(RAS,),
        hidden=(ACE,),
    ),
    Case(
        "policy-rule-off",
        "Only the rule that is named is off.",
        {"off": [{"rule": NSAIDS}]},
        TWO_NSAIDS,
        shown=(NSAIDS_HF, NSAIDS_HF),
        hidden=(NSAIDS,),
        conditions=(HEART_FAILURE,),
    ),
    Case(
        "policy-screen-off",
        "The whole screen is off, and the other one is not.",
        {"off": [{"screen": "drug_disease"}]},
        TWO_NSAIDS,
        shown=(NSAIDS,),
        hidden=(NSAIDS_HF, NSAIDS_HF),
        conditions=(HEART_FAILURE,),
    ),
    Case(
        "policy-contraindicated-rule-stays",
        "The label forbids cilostazol in heart failure: no sponsor may hide that.",
        {"off": [{"rule": CILOSTAZOL_HF}]},
        CILOSTAZOL,
        shown=(CILOSTAZOL_HF,),
        conditions=(HEART_FAILURE,),
    ),
    Case(
        "policy-contraindicated-screen-stays",
        "Switching off the screen hides the major findings and not the contraindicated one.",
        {"off": [{"screen": "drug_disease"}]},
        (*CILOSTAZOL, steadily("naproxen")),
        shown=(CILOSTAZOL_HF,),
        hidden=(NSAIDS_HF,),
        conditions=(HEART_FAILURE,),
    ),
    Case(
        "policy-allowance-two",
        "Two are allowed and two are taken.",
        {"allowance": [{"class": "ace_inhibitors", "allowance": 2}]},
        TWO_ACE,
        hidden=(ACE,),
    ),
    Case(
        "policy-allowance-two-of-three",
        "Two are allowed and three are taken.",
        {"allowance": [{"class": "ras_inhibitors", "allowance": 2}]},
        THREE_RAS,
        shown=(RAS, ACE),
    ),
    Case(
        "policy-allowance-three",
        "Three are allowed in the wide class; the narrow one still allows one.",
        {"allowance": [{"class": "ras_inhibitors", "allowance": 3}]},
        THREE_RAS,
        shown=(ACE,),
        hidden=(RAS,),
    ),
    Case(
        "policy-exempt-pair",
        "The clinic combines just these two on purpose.",
        {"exempt": [{"drugs": ["lisinopril", "losartan"], "class": "ras_inhibitors"}]},
        ACE_ARB,
        hidden=(RAS,),
    ),
    Case(
        "policy-exempt-pair-combination-product",
        "The same two drugs, one of them in a combination tablet.",
        {"exempt": [{"drugs": ["lisinopril", "losartan"], "class": "ras_inhibitors"}]},
        (steadily("hydrochlorothiazide/lisinopril"), steadily("losartan")),
        hidden=(RAS,),
    ),
    Case(
        "policy-exempt-other-pair",
        "Another ARB is another pair.",
        {"exempt": [{"drugs": ["lisinopril", "valsartan"], "class": "ras_inhibitors"}]},
        ACE_ARB,
        shown=(RAS,),
    ),
    Case(
        "policy-exempt-pair-and-a-third",
        "A third drug of the class makes it another problem.",
        {"exempt": [{"drugs": ["lisinopril", "losartan"], "class": "ras_inhibitors"}]},
        THREE_RAS,
        shown=(RAS, ACE),
    ),
    Case(
        "policy-exempt-set-and-a-second-of-it",
        "Of a drug set one drug is exempt with the other, not two of it.",
        {"exempt": [{"drugs": ["nsaids", "meloxicam"], "screen": "duplicate_therapy"}]},
        TWO_NSAIDS,
        shown=(NSAIDS,),
    ),
    Case(
        "policy-exempt-one-drug",
        "Naproxen is exempt in heart failure; meloxicam is not.",
        {"exempt": [{"drugs": ["naproxen"], "rule": NSAIDS_HF}]},
        TWO_NSAIDS,
        shown=(NSAIDS, NSAIDS_HF),
        hidden=(NSAIDS_HF,),
        conditions=(HEART_FAILURE,),
    ),
    Case(
        "policy-exempt-by-rxcui-and-set",
        "A drug by its RxCUI (losartan is 52175), the other by a drug set.",
        {"exempt": [{"drugs": ["52175", "ace_inhibitors"], "class": "ras_inhibitors"}]},
        ACE_ARB,
        hidden=(RAS,),
    ),
    Case(
        "policy-exempt-one-drug-not-its-combinations",
        "Lisinopril twice is exempt; here it is the diuretic of the combination that is taken twice.",
        {"exempt": [{"drugs": ["lisinopril"], "rule": SAME}]},
        DIURETIC_TWICE,
        shown=(SAME,),
    ),
    Case(
        "policy-lowered-one-step",
        "Major is shown as moderate.",
        {"severity": [{"rule": RAS, "to": "moderate"}]},
        ACE_ARB,
        shown=(RAS,),
        severities={RAS: "moderate"},
    ),
    Case(
        "policy-lowered-and-too-mild",
        "What is lowered to moderate is below a minimum of major.",
        {
            "severity": [{"rule": RAS, "to": "moderate"}],
            "min": [{"screen": "duplicate_therapy", "severity": "major"}],
        },
        ACE_ARB,
        hidden=(RAS,),
    ),
    Case(
        "policy-minimum-on-the-bound",
        "A minimum of moderate shows what is moderate.",
        {"min": [{"screen": "duplicate_therapy", "severity": "moderate"}]},
        TWO_ACE,
        shown=(ACE,),
    ),
    Case(
        "policy-minimum-above",
        "A minimum of major hides what is moderate.",
        {"min": [{"screen": "duplicate_therapy", "severity": "major"}]},
        TWO_ACE,
        hidden=(ACE,),
    ),
    Case(
        "policy-tier-on-the-bound",
        "Tiers to 2 are shown: a drug that was filled once is tier 2.",
        {"min": [{"screen": "duplicate_therapy", "tier": 2}]},
        NEW_NSAID,
        shown=(NSAIDS,),
    ),
    Case(
        "policy-tier-above",
        "Only tier 1 is shown: a drug that was filled once is tier 2.",
        {"min": [{"screen": "duplicate_therapy", "tier": 1}]},
        NEW_NSAID,
        hidden=(NSAIDS,),
    ),
    Case(
        "policy-limit",
        "One finding is shown; the gravest, which prescribers also split.",
        {"show": {"max_findings": 1}},
        TWO_NSAIDS,
        shown=(NSAIDS,),
        hidden=(NSAIDS_HF, NSAIDS_HF),
        conditions=(HEART_FAILURE,),
    ),
    Case(
        "policy-limit-frees-a-place",
        "The duplicate is off, so that its place is another's.",
        {"show": {"max_findings": 1}, "off": [{"rule": NSAIDS}]},
        TWO_NSAIDS,
        shown=(NSAIDS_HF,),
        hidden=(NSAIDS, NSAIDS_HF),
        conditions=(HEART_FAILURE,),
    ),
)


def screened(case: Case, *, shadow: bool = False) -> Screening:
    options = ScreeningOptions(screens=SPOKEN_OF, policy=Asked(AS_OF, a_policy(**case.policy), shadow))
    return screen(a_patient(*case.conditions), case.taken, AS_OF, KNOWLEDGE, options)


def plainly(case: Case) -> Screening:
    return screen(a_patient(*case.conditions), case.taken, AS_OF, KNOWLEDGE, ScreeningOptions(screens=SPOKEN_OF))


def by_policy(answer: Screening) -> list[str]:
    return sorted(item.rule_id for item in answer.suppressed if item.reason is SuppressionReason.POLICY)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case_id)
def test_the_policy_hides_what_the_label_says(case: Case) -> None:
    answer = screened(case)
    assert sorted(finding.rule_id for finding in answer.findings) == sorted(case.shown), case.because
    assert by_policy(answer) == sorted(case.hidden), case.because
    for rule_id, severity in case.severities.items():
        assert {f.severity for f in answer.findings if f.rule_id == rule_id} == {Severity(severity)}, case.because


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case_id)
def test_a_shadow_policy_changes_nothing_and_tells_what_acting_would(case: Case) -> None:
    plain, shadow, acting = plainly(case), screened(case, shadow=True), screened(case)
    assert (shadow.findings, shadow.suppressed, shadow.not_checked) == (
        plain.findings,
        plain.suppressed,
        plain.not_checked,
    )
    assert shadow.policy is not None
    assert acting.policy is not None
    assert shadow.policy.hides == acting.policy.hides
    before, after = ({finding.finding_id for finding in one.findings} for one in (plain, acting))
    assert {moved.finding_id for moved in shadow.policy.hides} == before - after
    assert {moved.finding_id for moved in shadow.policy.shows} == after - before


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case_id)
def test_nothing_that_fired_gets_lost(case: Case) -> None:
    plain, acting = plainly(case), screened(case)
    fired = sorted([*(f.rule_id for f in plain.findings), *by_policy(plain)])
    assert sorted([*(f.rule_id for f in acting.findings), *by_policy(acting)]) == fired


def test_at_least_a_third_of_the_cases_hides_nothing() -> None:
    assert sum(not case.hidden for case in CASES) * 3 >= len(CASES)
