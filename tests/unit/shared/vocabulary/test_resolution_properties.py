"""What holds of every name: nothing is guessed, nothing depends on case or blanks, every suggestion can be taken."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import NotUnderstood, Vocabulary, load_vocabulary
from mtm_shared.vocabulary.names import NameIndex

VOCABULARY = load_vocabulary()
NAMES = sorted(item.name for item in VOCABULARY.ingredients.values())
AROUND = ["tablet", "TAB", "10 mg", "ER", "po", "daily", "con", "capsula", "oral", "solution"]
UNPLACED = ["or", "not", "allergic", "xyzzy", "stop", "quux"]

a_name = st.sampled_from(NAMES)
a_list = st.lists(st.one_of(a_name, st.sampled_from(AROUND), st.text(max_size=8)), min_size=1, max_size=4)


def _said(answer: Drug | NotUnderstood) -> tuple[str, str | None]:
    return (answer.key, answer.strength) if isinstance(answer, Drug) else (answer.code, None)


# The combination that this is a part of has a name longer than any that is read.
@example(text="Streptococcus pneumoniae serotype 10A capsular antigen diphtheria CRM197 protein conjugate vaccine po")
@settings(deadline=None)
@given(text=st.one_of(st.text(max_size=400), a_list.map(" ".join)))
def test_resolution_never_raises_and_every_suggestion_resolves(text: str) -> None:
    answer = VOCABULARY.understand(name=text)

    if isinstance(answer, NotUnderstood):
        assert answer.code in {"unknown_name", "ambiguous_name", "missing_identifier"}
        assert all(isinstance(VOCABULARY.understand(name=name), Drug) for name in answer.suggestions)


@settings(deadline=None)
@given(words=st.lists(st.one_of(a_name, st.sampled_from(AROUND)), max_size=3), place=st.integers(0, 3), data=st.data())
def test_a_word_without_a_place_is_never_passed_over(words: list[str], place: int, data: st.DataObject) -> None:
    text = " ".join([*words[:place], data.draw(st.sampled_from(UNPLACED)), *words[place:]])

    assert not isinstance(VOCABULARY.understand(name=text), Drug)


@settings(deadline=None)
@given(name=a_name, data=st.data())
def test_case_blanks_and_punctuation_around_do_not_matter(name: str, data: st.DataObject) -> None:
    changed = "".join(data.draw(st.sampled_from([letter.upper(), letter.lower()])) for letter in name)
    blanks = data.draw(st.sampled_from(["  ", "\t", "\u00a0", " \n"]))
    before, behind = data.draw(
        st.sampled_from([("", "."), (" ", ","), ("*", " "), ('"', '"'), ("", "  ;"), ("- ", "")])
    )
    written = before + changed.replace(" ", blanks) + behind

    assert _said(VOCABULARY.understand(name=written)) == _said(VOCABULARY.understand(name=name))


@settings(deadline=None)
@given(ndc=st.one_of(st.text(max_size=20), st.from_regex(r"\A[0-9*\- ]{0,16}\Z")))
def test_no_ndc_raises_and_every_unusable_one_has_a_reason(ndc: str) -> None:
    answer = VOCABULARY.understand(ndc=ndc)

    if isinstance(answer, NotUnderstood) and answer.code != "missing_identifier":
        assert answer.code in {"unknown_ndc", "invalid_ndc", "ambiguous_ndc"}
        assert answer.reason
        assert all(isinstance(VOCABULARY.understand(name=name), Drug) for name in answer.suggestions)


def test_every_curated_name_stands_for_its_ingredient() -> None:
    """A name that several ingredients have is ambiguous and lists them; none leads to another drug alone."""
    tables = VOCABULARY.tables.drugs
    wrong = []
    for rxcui, names in tables.names.items():
        for name in (*names.brands, *names.synonyms):
            answer = VOCABULARY.understand(name=name)
            if isinstance(answer, Drug) and answer.key != rxcui and rxcui not in answer.key.split("+"):
                wrong.append((name, tables.ingredients[rxcui].name, answer.name))

    assert wrong == []


def test_no_known_misspelling_resolves() -> None:
    misspellings = VOCABULARY.tables.misspellings
    answers = {written: VOCABULARY.understand(name=written) for written in misspellings}

    assert len(misspellings) >= 400
    assert [written for written, answer in answers.items() if isinstance(answer, Drug)] == []
    assert [written for written, answer in answers.items() if not getattr(answer, "suggestions", ())] == []


def test_first_suggestion_for_a_misspelling_is_the_drug_that_is_meant() -> None:
    wrong = []
    for written, meant in VOCABULARY.tables.misspellings.items():
        answer = VOCABULARY.understand(name=written)
        assert isinstance(answer, NotUnderstood)
        drug = VOCABULARY.understand(name=answer.suggestions[0])
        products, keys = VOCABULARY.products, set()
        for rxcuis in meant:
            keys.add("+".join(products[rxcuis].ingredients) if rxcuis in products else rxcuis)
        if not isinstance(drug, Drug) or drug.key not in keys:
            wrong.append((written, answer.suggestions))

    assert wrong == []


@pytest.mark.parametrize(
    "abbreviation", ["MSO4", "MgSO4", "MS", "MTX", "PTU", "AZT", "TAC", "CPZ", "TAF", "TDF", "HCT"]
)
def test_error_prone_abbreviation_is_only_suggested(vocabulary: Vocabulary, abbreviation: str) -> None:
    answer = vocabulary.understand(name=f"{abbreviation} 50 mg")

    assert isinstance(answer, NotUnderstood)
    assert answer.suggestions


@pytest.mark.parametrize("abbreviation", ["HCTZ", "APAP", "ASA"])
def test_unambiguous_abbreviation_resolves(vocabulary: Vocabulary, abbreviation: str) -> None:
    assert isinstance(vocabulary.understand(name=f"{abbreviation} tab"), Drug)


def test_a_miss_takes_less_than_five_milliseconds() -> None:
    names = NameIndex(VOCABULARY.tables)
    texts = [f"{name[:-1]}x{name[-1]} q 10 mg" for name in NAMES[::10]]
    names.resolve("warm")
    took = []
    for text in texts:
        began = time.process_time()
        names.resolve(text)
        took.append(time.process_time() - began)

    # The ninth of ten, because a pause of the machine is not the search.
    assert sorted(took)[int(len(took) * 0.9)] < 0.005
