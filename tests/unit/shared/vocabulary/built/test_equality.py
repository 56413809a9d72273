"""The built file and the tables in memory answer alike."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from mtm_shared.vocabulary import Vocabulary, load_vocabulary

PACKAGED = load_vocabulary()
NDCS = sorted(PACKAGED.tables.drugs.ndcs)
RXCUIS = [*PACKAGED.ingredients, *PACKAGED.products]
NAMES = [
    *(ingredient.name for ingredient in PACKAGED.ingredients.values()),
    *(product.name for product in PACKAGED.products.values()),
    *(alias.name for alias in PACKAGED.tables.drugs.aliases),
]
PREFIXES = [code for condition in PACKAGED.conditions.values() for code in (*condition.includes, *condition.excludes)]
CODES = [*PACKAGED.tables.conditions.categories, *PREFIXES]
EXAMPLES = settings(max_examples=300, deadline=None)


def written(values: Sequence[str]) -> st.SearchStrategy[str]:
    """A known value as it is, or spoiled: cut, with something behind it, or anything at all."""
    known = st.sampled_from(values)
    return st.one_of(
        known,
        st.builds(lambda value, cut: value[:cut], known, st.integers(1, 12)),
        st.builds(lambda value, more: value + more, known, st.text(max_size=6)),
        st.text(max_size=30),
    )


@EXAMPLES
@given(ndc=written(NDCS))
def test_ndc_is_understood_alike(vocabulary: Vocabulary, built: Vocabulary, ndc: str) -> None:
    assert built.understand(ndc=ndc) == vocabulary.understand(ndc=ndc)


@EXAMPLES
@given(rxcui=written(RXCUIS))
def test_rxcui_is_understood_alike(vocabulary: Vocabulary, built: Vocabulary, rxcui: str) -> None:
    assert built.understand(rxcui=rxcui) == vocabulary.understand(rxcui=rxcui)


@EXAMPLES
@given(name=written(NAMES))
def test_name_is_understood_alike(vocabulary: Vocabulary, built: Vocabulary, name: str) -> None:
    assert built.understand(name=name) == vocabulary.understand(name=name)


@EXAMPLES
@given(code=written(CODES))
def test_diagnosis_shows_the_same_conditions(vocabulary: Vocabulary, built: Vocabulary, code: str) -> None:
    assert built.conditions_of(code) == vocabulary.conditions_of(code)
    assert built.icd10_problem(code) == vocabulary.icd10_problem(code)
    assert built.icd10(code) == vocabulary.icd10(code)
    assert built.icd10_listed(code) is vocabulary.icd10_listed(code) is None


def test_tables_are_equal(vocabulary: Vocabulary, built: Vocabulary) -> None:
    assert dict(built.ingredients.items()) == vocabulary.ingredients
    assert dict(built.products.items()) == vocabulary.products
    assert dict(built.tables.drugs.ndcs.items()) == vocabulary.tables.drugs.ndcs
    assert dict(built.conditions.items()) == vocabulary.conditions
    assert built.counts() == vocabulary.counts()


def test_classes_and_packages_are_equal(vocabulary: Vocabulary, built: Vocabulary) -> None:
    members = {class_id: built.ingredients_in_class(class_id) for class_id in built.classes}
    assert members == {class_id: vocabulary.ingredients_in_class(class_id) for class_id in vocabulary.classes}
    assert built.ndcs_of("617320") == vocabulary.ndcs_of("617320") != ()


def test_edition_is_named(vocabulary: Vocabulary, built: Vocabulary) -> None:
    assert built.version == vocabulary.version
    assert len(built.sha256) == len("sha256:") + 64
