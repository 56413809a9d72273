"""SNOMED CT identifiers: the check digit finds what a typist does, and only ids of concepts are taken."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtm_shared.vocabulary import load_vocabulary
from mtm_shared.vocabulary.codings import is_sctid

SHIPPED = sorted(load_vocabulary().tables.conditions.snomed)


@pytest.mark.parametrize("concept", ["44054006", "138875005", "1501000119109"])
def test_concepts_are_taken(concept: str) -> None:
    assert is_sctid(concept)


@pytest.mark.parametrize(
    "other",
    [
        "121589010",  # the description "Diabetes mellitus" of the concept 73211009
        "116680003x",
        "044054006",
        "44054",
        "4405400644054006440",
        "44054006.0",
        "４４０５４００６",
    ],
)
def test_what_is_no_concept_is_refused(other: str) -> None:
    assert not is_sctid(other)


@given(st.sampled_from(SHIPPED), st.data())
def test_one_wrong_digit_is_found(concept: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(concept) - 1))
    digit = data.draw(st.sampled_from([each for each in "0123456789" if each != concept[place]]))

    assert not is_sctid(concept[:place] + digit + concept[place + 1 :])


@given(st.sampled_from(SHIPPED), st.data())
def test_two_neighbours_that_changed_places_are_found(concept: str, data: st.DataObject) -> None:
    places = [place for place in range(len(concept) - 1) if concept[place] != concept[place + 1]]
    place = data.draw(st.sampled_from(places))

    assert not is_sctid(concept[:place] + concept[place + 1] + concept[place] + concept[place + 2 :])
