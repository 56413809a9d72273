"""The longest prefix decides: the index against a naive reading of the tables, drawn ones and those that ship."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st
from mtm_shared.values.citation import Citation, Status
from mtm_shared.vocabulary import ConditionDefinition, EvidencePolicy, Vocabulary, load_vocabulary
from mtm_shared.vocabulary.conditions import ConditionTables
from mtm_shared.vocabulary.diagnoses import ConditionIndex

# Few letters, so that codes lie below one another often.
CODES = st.builds(
    lambda category, rest: category + rest, st.sampled_from(["A00", "A01", "B20"]), st.text("01X", max_size=4)
)
PREFIXES = st.dictionaries(CODES, st.booleans(), min_size=1, max_size=8)
POLICY = EvidencePolicy(("inpatient",), 1, 2, 1, 730, Citation("a rule", Status.UNVERIFIED))


def a_condition(identifier: str, prefixes: Mapping[str, bool]) -> ConditionDefinition:
    includes = tuple(sorted(code for code, included in prefixes.items() if included))
    excludes = tuple(sorted(code for code, included in prefixes.items() if not included))
    reasons = dict.fromkeys(prefixes, "drawn")
    return ConditionDefinition(identifier, identifier, None, includes, excludes, POLICY, reasons=reasons)


def naive(condition: ConditionDefinition, code: str) -> bool | None:
    """Whether the longest prefix of the code includes it; None without any. Looks at every prefix there is."""
    fitting = [(len(prefix), True) for prefix in condition.includes if code.startswith(prefix)]
    fitting += [(len(prefix), False) for prefix in condition.excludes if code.startswith(prefix)]
    return max(fitting)[1] if fitting else None


@given(st.lists(PREFIXES, min_size=1, max_size=4), CODES)
def test_index_answers_as_a_naive_reading_does(tables: list[dict[str, bool]], code: str) -> None:
    conditions = {f"c{place}": a_condition(f"c{place}", prefixes) for place, prefixes in enumerate(tables)}
    index = ConditionIndex(ConditionTables(conditions, dict.fromkeys(("A00", "A01", "B20"), "a title")), {})
    expected = {identifier: naive(condition, code) for identifier, condition in conditions.items()}

    assert index.conditions_of(code) == {identifier for identifier, holds in expected.items() if holds}
    assert {match.condition: match.included for match in index.why(code)} == {
        identifier: holds for identifier, holds in expected.items() if holds is not None
    }
    for match in index.why(code):
        longest = max(prefix for prefix in tables[int(match.condition[1:])] if code.startswith(prefix))
        assert match.prefix == longest


def _shipped_prefixes() -> list[str]:
    conditions = load_vocabulary().conditions.values()
    return sorted({prefix for condition in conditions for prefix in (*condition.includes, *condition.excludes)})


@given(st.sampled_from(_shipped_prefixes()), st.text("0123456789AX", max_size=3))
def test_shipped_conditions_answer_as_a_naive_reading_does(prefix: str, rest: str) -> None:
    vocabulary = load_vocabulary()
    code = (prefix + rest)[:7]

    assert vocabulary.conditions_of(code) == {
        condition.id for condition in vocabulary.conditions.values() if naive(condition, code)
    }


@given(st.lists(PREFIXES, min_size=2, max_size=4), CODES)
def test_wider_condition_holds_wherever_the_narrower_does(tables: list[dict[str, bool]], code: str) -> None:
    conditions = {
        f"c{place}": a_condition(f"c{place}", {**prefixes, "A00": True}) for place, prefixes in enumerate(tables)
    }
    index = ConditionIndex(ConditionTables(conditions, dict.fromkeys(("A00", "A01", "B20"), "a title")), {})

    for shown in index.conditions_of(code):
        assert index.implied_by(shown) <= index.conditions_of(code)


def test_wider_conditions_of_the_shipped_list(vocabulary: Vocabulary) -> None:
    assert vocabulary.implied_by("systolic_heart_failure") == {"systolic_heart_failure", "chronic_heart_failure"}
    assert vocabulary.implied_by("ckd_stage_4") == {"ckd_stage_4", "ckd_stage_4_or_5", "chronic_kidney_disease"}
    assert vocabulary.implied_by("alzheimers_disease") == {
        *("alzheimers_disease", "dementia", "dementia_or_cognitive_impairment")
    }
    assert vocabulary.implied_by("diabetes") == {"diabetes"}
    assert vocabulary.implied_by("heart_trouble") == frozenset()


def test_snomed_concepts_carry_the_wider_conditions_too(vocabulary: Vocabulary) -> None:
    for concept in vocabulary.tables.conditions.snomed.values():
        wider = frozenset[str]().union(*map(vocabulary.implied_by, concept.conditions))
        assert wider == concept.conditions, concept
