"""NDCs and RxCUIs, which of several identifiers answers, and what an unusable one says."""

import pytest
from mtm_shared.values.drug import Drug, ResolvedBy
from mtm_shared.vocabulary import NotUnderstood, Vocabulary

LIPITOR_40 = "00071015723"


@pytest.mark.parametrize("spelling", ["00071015723", "00071-0157-23", "0071-0157-23", " 00071015723 "])
def test_ndc_in_every_spelling(vocabulary: Vocabulary, spelling: str) -> None:
    drug = vocabulary.understand(ndc=spelling)

    assert isinstance(drug, Drug)
    assert (drug.key, drug.strength, drug.brand) == ("83367", "40 MG", "Lipitor")


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"ndc": "0071015723"}, "ambiguous_ndc"),
        ({"ndc": "000000000"}, "invalid_ndc"),
        ({"ndc": "LIPITOR"}, "invalid_ndc"),
        ({"ndc": "99999999999"}, "unknown_ndc"),
        ({"rxcui": "1"}, "unknown_rxcui"),
        ({"rxcui": "lisinopril"}, "unknown_rxcui"),
        ({}, "missing_identifier"),
        ({"ndc": "", "rxcui": " ", "name": ""}, "missing_identifier"),
    ],
)
def test_unusable_identifier_has_a_code(vocabulary: Vocabulary, given: dict[str, str], code: str) -> None:
    answer = vocabulary.understand(**given)

    assert isinstance(answer, NotUnderstood)
    assert answer.code == code


@pytest.mark.parametrize(
    ("given", "code", "reason", "suggested"),
    [
        ("0071015723", "ambiguous_ndc", "ten_digits", ("atorvastatin",)),
        ("000000000", "invalid_ndc", "placeholder", ()),
        ("00000000000", "unknown_ndc", "placeholder", ()),
        # Oxycodone's and others' product codes with two zeros in front: in the Synthea claims.
        ("00000540188", "unknown_ndc", "padded_product_code", ("buprenorphine / naloxone",)),
        ("0071-0157", "invalid_ndc", "product_code", ("atorvastatin",)),
        ("000710157", "invalid_ndc", "product_code", ("atorvastatin",)),
        ("00071-0157-99", "unknown_ndc", "unknown_package", ("atorvastatin",)),
        ("00071-9999-01", "unknown_ndc", "unknown_product", ()),
        ("99998123401", "unknown_ndc", "unknown_labeler", ()),
        ("300710157230", "invalid_ndc", "bar_code", ("atorvastatin",)),
        ("00300710157236", "invalid_ndc", "too_long", ()),
        ("71015723", "invalid_ndc", "too_short", ("atorvastatin",)),
        ("5723", "invalid_ndc", "too_short", ()),
        ("٠٠٠٧١٠١٥٧٢٣", "invalid_ndc", "other_characters", ()),
        ("０００７１０１５７２３", "invalid_ndc", "other_shape", ("atorvastatin",)),
        ("'00071015723", "invalid_ndc", "other_shape", ("atorvastatin",)),
        ('="00071015723"', "invalid_ndc", "other_shape", ("atorvastatin",)),
        ("\ufeff00071015723", "invalid_ndc", "other_shape", ("atorvastatin",)),
        ("00071–0157–23", "invalid_ndc", "other_shape", ("atorvastatin",)),
        ("NDC 0071-0157-23", "invalid_ndc", "other_shape", ("atorvastatin",)),
        # The 12 digits of 21 CFR 207.33 from 2033.
        ("000071-0157-23", "invalid_ndc", "other_shape", ("atorvastatin",)),
        ("000071015723", "invalid_ndc", "other_shape", ("atorvastatin",)),
        ("7.1016E+09", "invalid_ndc", "spreadsheet", ()),
        ("7,1016E+09", "invalid_ndc", "spreadsheet", ()),
        ("0071015723.0", "invalid_ndc", "spreadsheet", ("atorvastatin",)),
        ("00071-015723", "invalid_ndc", "other_shape", ()),
        pytest.param("0" * 100_000, "invalid_ndc", "placeholder", (), id="long"),
        ("7.1015723E+8", "invalid_ndc", "spreadsheet", ()),
        ("71015723.0", "invalid_ndc", "spreadsheet", ("atorvastatin",)),
        ("0071-0157-2*", "invalid_ndc", "other_shape", ()),
        ("00071 0157 23", "invalid_ndc", "other_shape", ("atorvastatin",)),
        ("0071-157-23", "invalid_ndc", "other_shape", ("atorvastatin",)),
        ("LIPITOR", "invalid_ndc", "other_characters", ()),
    ],
)
def test_unusable_ndc_says_what_it_may_be(
    vocabulary: Vocabulary, given: str, code: str, reason: str, suggested: tuple[str, ...]
) -> None:
    answer = vocabulary.understand(ndc=given)

    assert isinstance(answer, NotUnderstood)
    assert (answer.code, answer.reason, answer.suggestions) == (code, reason, suggested)


def test_ten_bare_digits_list_what_the_three_readings_would_be(vocabulary: Vocabulary) -> None:
    answer = vocabulary.understand(ndc="0071015723")

    assert isinstance(answer, NotUnderstood)
    assert "0071-0157-23 (atorvastatin 40 MG Oral Tablet [Lipitor])" in answer.detail
    assert "00710-157-23 (not held), 00710-1572-3 (not held)" in answer.detail


@pytest.mark.parametrize(
    ("rxcui", "key"),
    [
        ("29046", "29046"),  # ingredient
        ("314076", "29046"),  # clinical drug
        ("200809", "4603"),  # branded drug
        ("316672", "36567"),  # drug component
        ("203644", "29046"),  # brand
        ("214619", "5487+52175"),  # combination
        ("221124", "6918"),  # salt
    ],
)
def test_rxcui_of_every_kind_leads_to_ingredients(vocabulary: Vocabulary, rxcui: str, key: str) -> None:
    drug = vocabulary.understand(rxcui=rxcui)

    assert isinstance(drug, Drug)
    assert (drug.key, drug.rxcui, drug.resolved_by) == (key, rxcui, ResolvedBy.RXCUI)


def test_ndc_answers_before_rxcui_and_name(vocabulary: Vocabulary) -> None:
    drug = vocabulary.understand(ndc=LIPITOR_40, rxcui="29046", name="metformin")

    assert isinstance(drug, Drug)
    assert (drug.key, drug.resolved_by) == ("83367", ResolvedBy.NDC)


def test_name_answers_when_the_codes_do_not(vocabulary: Vocabulary) -> None:
    drug = vocabulary.understand(ndc="99999999999", rxcui="1", name="metformin")

    assert isinstance(drug, Drug)
    assert (drug.key, drug.resolved_by) == ("6809", ResolvedBy.NAME)


def test_answer_is_about_the_first_identifier_when_none_leads_to_a_drug(vocabulary: Vocabulary) -> None:
    answer = vocabulary.understand(ndc="99999999999", name="blue pill")

    assert isinstance(answer, NotUnderstood)
    assert (answer.code, answer.value) == ("unknown_ndc", "99999999999")


def test_answers_are_remembered(vocabulary: Vocabulary) -> None:
    assert vocabulary.understand(ndc=LIPITOR_40) is vocabulary.understand(ndc=LIPITOR_40)


def test_brand_and_generic_are_one_drug(vocabulary: Vocabulary) -> None:
    brand, generic = vocabulary.understand(rxcui="200809"), vocabulary.understand(rxcui="313988")

    assert isinstance(brand, Drug)
    assert isinstance(generic, Drug)
    assert brand.key == generic.key
    assert (brand.brand, generic.brand) == ("Lasix", None)


def test_salts_and_enantiomers_share_a_family(vocabulary: Vocabulary) -> None:
    citalopram, escitalopram = vocabulary.ingredient("2556"), vocabulary.ingredient("321988")

    assert citalopram is not None
    assert escitalopram is not None
    assert citalopram.family == escitalopram.family


def test_class_lists_its_ingredients(vocabulary: Vocabulary) -> None:
    statins = vocabulary.ingredients_in_class("statin")

    assert {"83367", "36567", "301542"} <= statins
    assert "29046" not in statins


def test_unknown_class_is_empty(vocabulary: Vocabulary) -> None:
    assert vocabulary.ingredients_in_class("no_such_class") == frozenset()


def test_every_class_has_a_member(vocabulary: Vocabulary) -> None:
    used = {class_id for ingredient in vocabulary.ingredients.values() for class_id in ingredient.classes}

    assert set(vocabulary.classes) == used


@pytest.mark.parametrize(
    ("rxcui", "flag", "value"),
    [
        ("596", "schedule", "4"),  # alprazolam
        ("596", "part_d", True),  # benzodiazepines are coverable since 2013
        ("8134", "part_d", True),  # phenobarbital likewise
        ("8152", "part_d", False),  # phentermine: weight loss
        ("28889", "part_d", False),  # loratadine: sold without prescription
        ("6711", "supplement", True),  # melatonin
        ("11289", "high_alert", True),  # warfarin
        ("29046", "maintenance", True),  # lisinopril
        ("723", "maintenance", False),  # amoxicillin
    ],
)
def test_flags(vocabulary: Vocabulary, rxcui: str, flag: str, value: object) -> None:
    ingredient = vocabulary.ingredient(rxcui)

    assert getattr(ingredient, flag) == value


def test_products_have_ndcs_to_write_samples_with(vocabulary: Vocabulary) -> None:
    # Combinations, and brands beside their generics.
    for rxcui in ("197885", "314076", "200809", "313988", "617311", "861007", "1656346"):
        assert len(vocabulary.ndcs_of(rxcui)) >= 1, rxcui
