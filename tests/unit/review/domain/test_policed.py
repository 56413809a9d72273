"""When a policy acts, what it says where it does not, and what no policy can do."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtm_review.domain.finding import PolicyState, Screen, Screening, Severity, SuppressionReason
from mtm_review.domain.medication import Medication
from mtm_review.domain.policed import Asked
from mtm_review.domain.policy import Policy
from mtm_review.domain.screening import ScreeningOptions, screen
from mtm_review.reference.policy_tables import Ground, read_policy
from mtm_shared.vocabulary import load_vocabulary
from policies import a_policy, document
from regimens import AS_OF, KNOWLEDGE, a_patient, regimens, steadily

TWO_ACE = [steadily("lisinopril"), steadily("enalapril")]
OFF = [{"class": "ace_inhibitors"}]
DAY = timedelta(days=1)


def screened(policy: Policy | None, *, day: date = AS_OF, taken: list[Medication] = TWO_ACE, **words: Any) -> Screening:
    return screen(a_patient("I50.9"), taken, AS_OF, KNOWLEDGE, ScreeningOptions(policy=Asked(day, policy, **words)))


def told(answer: Screening) -> list[tuple[str, str]]:
    return [(gap.code, gap.detail) for gap in answer.not_checked if gap.what == "policy"]


@pytest.mark.parametrize(
    ("day", "state", "shown"),
    [
        (date(2025, 12, 31), PolicyState.NOT_YET, 1),
        (date(2026, 1, 1), PolicyState.ACTIVE, 0),
        (date(2026, 12, 31), PolicyState.ACTIVE, 0),
        (date(2027, 1, 1), PolicyState.EXPIRED, 1),
    ],
)
def test_a_policy_acts_from_its_first_to_its_last_day(day: date, state: PolicyState, shown: int) -> None:
    answer = screened(a_policy(off=OFF), day=day)
    assert answer.policy is not None
    assert (answer.policy.state, len(answer.findings)) == (state, shown)
    assert (len(told(answer)) == 1) is (state is not PolicyState.ACTIVE)


def test_a_policy_that_ended_says_what_it_would_have_changed_and_is_silent_where_it_would_not() -> None:
    policy, after = a_policy(off=OFF), date(2027, 1, 1)
    assert told(screened(policy, day=after)) == [
        ("policy_expired", "Policy example-2026 ended on 2026-12-31: 1 finding that it would change.")
    ]
    assert told(screened(policy, day=after, taken=[steadily("lisinopril")])) == []


def test_a_policy_to_come_says_when_it_begins() -> None:
    answer = screened(a_policy(off=OFF), day=date(2025, 12, 31))
    assert told(answer) == [
        ("policy_not_yet", "Policy example-2026 acts from 2026-01-01: 1 finding that it would change.")
    ]


@pytest.mark.parametrize(("after", "shown"), [(0, 0), (1, 1)])
@pytest.mark.parametrize("entry", ["off", "allowance", "exempt", "min"])
def test_an_entry_ends_on_its_own_last_day(entry: str, after: int, shown: int) -> None:
    entries: dict[str, dict[str, Any]] = {
        "off": {"class": "ace_inhibitors"},
        "allowance": {"class": "ace_inhibitors", "allowance": 2},
        "exempt": {"drugs": ["lisinopril", "enalapril"], "class": "ace_inhibitors"},
        "min": {"screen": "duplicate_therapy", "severity": "major"},
    }
    policy = a_policy(**{entry: [{**entries[entry], "expires_on": AS_OF}]})
    answer = screened(policy, day=AS_OF + after * DAY)
    assert len(answer.findings) == shown
    text = "Entries of policy example-2026 ended on 2026-06-30: 1 finding that it would change."
    assert told(answer) == ([("policy_entry_expired", text)] if after else [])


def test_two_allowances_end_one_after_the_other() -> None:
    allowance = [
        {"class": "ace_inhibitors", "allowance": 2, "expires_on": AS_OF},
        {"class": "nsaids", "allowance": 2},
    ]
    taken = [*TWO_ACE, steadily("naproxen"), steadily("meloxicam")]

    def found(day: date) -> set[str]:
        answer = screened(a_policy(allowance=allowance), day=day, taken=taken)
        return {f.rule_id for f in answer.findings if f.screen is Screen.DUPLICATE_THERAPY}

    assert found(AS_OF) == set()
    assert found(AS_OF + DAY) == {"duplicate_therapy.ace_inhibitors"}


def test_what_a_policy_hides_names_the_policy_its_people_its_reason_and_its_end() -> None:
    (hidden,) = screened(a_policy(off=OFF)).suppressed
    assert hidden.reason is SuppressionReason.POLICY
    assert hidden.because.endswith(
        "Policy example-2026 (Clinical pharmacist, approved by P&T committee) hides it until 2026-12-31: "
        "Agreed on by the committee."
    )


def test_an_entry_may_have_people_of_its_own() -> None:
    entry = {"class": "ace_inhibitors", "author": "Cardiology lead", "second_approver": "Medical director"}
    (hidden,) = screened(a_policy(off=[entry])).suppressed
    assert "(Cardiology lead, approved by Medical director)" in hidden.because


def test_a_contraindicated_finding_stays_and_the_answer_says_that_the_policy_may_not_hide_it() -> None:
    answer = screened(a_policy(off=[{"rule": "drug_disease.cilostazol_heart_failure"}]), taken=[steadily("cilostazol")])
    assert [finding.severity for finding in answer.findings] == [Severity.CONTRAINDICATED]
    assert answer.policy is not None
    assert [moved.rule_id for moved in answer.policy.may_not_hide] == ["drug_disease.cilostazol_heart_failure"]
    ((code, detail),) = told(answer)
    assert code == "policy_may_not_hide"
    assert detail.endswith("It is contraindicated and stays shown: policy example-2026 may not hide it.")


def test_a_resting_policy_of_the_member_is_told_beside_the_one_that_acts() -> None:
    ended = a_policy(policy_id="example-2025", effective_from=date(2025, 1, 1), expires_on=date(2025, 12, 31), off=OFF)
    answer = screened(a_policy(show={"max_findings": 5}), resting=(ended,))
    assert [code for code, _ in told(answer)] == ["policy_expired"]
    assert answer.policy is not None
    assert answer.policy.policy_id == "example-2026"
    only_resting = screened(None, resting=(ended,))
    assert (only_resting.policy, [code for code, _ in told(only_resting)]) == (None, ["policy_expired"])


@pytest.mark.parametrize(("asked", "shown"), [(None, 1), (2, 2)])
def test_the_number_that_a_caller_asks_for_goes_before_the_policys(asked: int | None, shown: int) -> None:
    taken = [*TWO_ACE, steadily("naproxen"), steadily("meloxicam")]
    options = ScreeningOptions(asked, policy=Asked(AS_OF, a_policy(show={"max_findings": 1})))
    assert len(screen(a_patient(), taken, AS_OF, KNOWLEDGE, options).findings) == shown


def test_a_lower_allowance_shows_what_the_knowledge_lets_pass() -> None:
    generous = replace(KNOWLEDGE, duplicates=KNOWLEDGE.duplicates.allowing({"ace_inhibitors": 2}))
    said = document(allowance=[{"class": "ace_inhibitors", "allowance": 1}])
    policy = read_policy(said, "policy.toml", Ground.of(generous, load_vocabulary()))
    options = ScreeningOptions(policy=Asked(AS_OF, policy, shadow=True))
    answer = screen(a_patient(), TWO_ACE, AS_OF, generous, options)
    assert answer.findings == ()
    assert answer.policy is not None
    assert [moved.because for moved in answer.policy.shows] == [
        "Policy example-2026 allows less of the class at a time."
    ]


RULES = sorted(KNOWLEDGE.rules)
CLASSES = sorted(name for name, each in KNOWLEDGE.duplicates.classes.items() if each.allowance != 3)
DRUGS = ["cilostazol", "dronedarone", "itraconazole", "naproxen", "meloxicam", "lisinopril", "losartan", "enalapril"]


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    targets = st.one_of(
        st.sampled_from(list(Screen)).map(lambda screen: {"screen": screen.value}),
        st.sampled_from(RULES).map(lambda rule: {"rule": rule}),
        st.sampled_from(CLASSES).map(lambda name: {"class": name}),
    )
    exempt = st.builds(lambda drug, target: {"drugs": [drug], **target}, st.sampled_from(DRUGS), targets)
    minimum = st.builds(
        lambda screen, tier: {"screen": screen.value, "severity": "contraindicated", "tier": tier},
        st.sampled_from(list(Screen)),
        st.integers(1, 3),
    )
    return a_policy(
        off=draw(st.lists(targets, max_size=4)),
        exempt=draw(st.lists(exempt, max_size=4)),
        min=draw(st.lists(minimum, max_size=3)),
        allowance=[{"class": name, "allowance": 3} for name in draw(st.sets(st.sampled_from(CLASSES), max_size=3))],
        show={"max_findings": draw(st.integers(1, 3))},
    )


@given(policies(), regimens(DRUGS))
def test_no_policy_hides_what_is_contraindicated_and_none_loses_a_finding(
    policy: Policy, taken: list[Medication]
) -> None:
    plain, acting = screened(None, taken=taken), screened(policy, taken=taken)

    def grave(answer: Screening) -> list[str]:
        return sorted(f.finding_id for f in answer.findings if f.severity is Severity.CONTRAINDICATED)

    assert grave(acting) == grave(plain)
    assert [finding.rank for finding in acting.findings] == sorted(finding.rank for finding in acting.findings)
    shown = {finding.finding_id for finding in acting.findings}
    hidden = {moved.finding_id for moved in acting.policy.hides} if acting.policy else set()
    assert shown.isdisjoint(hidden)
    assert {finding.finding_id for finding in plain.findings} <= shown | hidden
