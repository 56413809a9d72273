"""What a release of RxNorm is read into, on a few drugs of which the answer is known."""

import zipfile
from pathlib import Path

import pytest
from mtm_shared.vocabulary.model import Product
from mtm_shared.vocabulary.official.records import OfficialFileError, RxNormContent
from mtm_shared.vocabulary.official.rxnorm import read_rxnorm
from official_samples import SMALL, TOLERANT, SmallRelease, a_release, quiet, write


def _read(folder: Path, release: SmallRelease) -> RxNormContent:
    return read_rxnorm(write(folder, release.files()), quiet, limits=SMALL)


@pytest.fixture
def content(tmp_path: Path) -> RxNormContent:
    """The small release as read."""
    return _read(tmp_path, a_release())


def test_a_clinical_drug_has_its_ingredient_strength_form_and_route(content: RxNormContent) -> None:
    assert content.products["617311"] == Product(
        "617311", "SCD", "atorvastatin 40 MG Oral Tablet", ("83367",), "40 MG", "Oral Tablet", "oral", ""
    )


def test_strengths_stand_in_the_order_of_the_ingredients_rxcuis(content: RxNormContent) -> None:
    combination = content.products["823982"]
    assert (combination.ingredients, combination.strengths, combination.brand) == (
        ("5487", "29046"),
        ("12.5 MG", "10 MG"),
        "Zestoretic",
    )


def test_a_salt_leads_to_its_ingredient_and_a_duration_is_no_strength(content: RxNormContent) -> None:
    assert content.products["221124"].ingredients == ("6918",)
    assert content.products["866436"].strengths == ("50 MG",)


def test_salts_of_one_ingredient_in_one_drug_are_added_up(tmp_path: Path) -> None:
    release = a_release().atom(1, "IN", "betamethasone").atom(2, "PIN", "betamethasone acetate")
    release.atom(3, "SCDC", "betamethasone 3.25 MG/ML").atom(4, "SCDC", "betamethasone acetate 3 MG/ML")
    release.atom(5, "SCD", "betamethasone 3.25 MG/ML / betamethasone acetate 3 MG/ML Injection").atom(
        6, "DF", "Injection"
    )
    release.relate(2, "form_of", 1).relate(3, "has_ingredient", 1).relate(4, "has_ingredient", 1)
    release.relate(4, "has_precise_ingredient", 2).relate(5, "consists_of", 3, 4).relate(5, "has_dose_form", 6)
    product = _read(tmp_path, release).products["5"]
    assert (product.ingredients, product.strength, product.route) == (("1",), "6.25 MG/ML", "injection")


def test_a_pack_holds_its_members_and_their_ingredients(content: RxNormContent) -> None:
    assert content.members["999001"] == ("314076", "617311")
    assert content.products["999001"].ingredients == ("29046", "83367")


def test_brands_of_one_ingredient_and_other_names_go_with_the_ingredient(content: RxNormContent) -> None:
    atorvastatin = content.ingredients["83367"]
    assert (atorvastatin.brands, atorvastatin.synonyms) == (("Lipitor",), ("atorvastatinum",))
    assert content.ingredients["29046"].brands == ()
    assert content.synonyms["617311"] == ("atorvastatin 40 mg tab",)


def test_only_rxnorms_own_ndcs_are_taken(content: RxNormContent) -> None:
    assert content.ndcs["00093505698"] == "617311"
    assert len(content.ndcs) == 4


def test_every_row_is_accounted_for(content: RxNormContent) -> None:
    for file in content.files:
        assert file.rows == file.used + sum(file.set_aside.values()) + sum(file.rejected.values())
    assert dict(content.files[0].set_aside) == {"other_source": 1, "suppressed": 1}


def test_the_zip_as_downloaded_reads_like_the_folder(content: RxNormContent, tmp_path: Path) -> None:
    archive = tmp_path / "RxNorm_full_prescribe_11022026.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, data in a_release().files().items():
            zipped.writestr(f"rrf/{name}", data)
    read = read_rxnorm(archive, quiet, limits=SMALL)
    assert (read.products, read.ndcs) == (content.products, content.ndcs)
    assert [file.sha256 for file in read.files] == [file.sha256 for file in content.files]
    assert read.files[0].edition == "2026-11-02"


def test_relations_the_wrong_way_round_refuse_the_release(tmp_path: Path) -> None:
    release = a_release()
    release.rel = [_turned(row) for row in release.rel]
    with pytest.raises(OfficialFileError, match="wrong way round") as refused:
        _read(tmp_path, release)
    assert refused.value.code == "wrong_direction"


def _turned(row: str) -> str:
    field = row.split("|")
    field[0], field[4] = field[4], field[0]
    return "|".join(field)


def test_a_drug_that_lost_a_component_is_set_aside_and_never_half_a_drug(tmp_path: Path) -> None:
    release = a_release()
    release.rel = [row for row in release.rel if not ("316047" in row and "197885" in row)]
    with pytest.raises(OfficialFileError, match="name_disagrees") as refused:
        _read(tmp_path, release)
    assert refused.value.code == "mixed_releases"


def test_a_relation_stated_from_one_end_only_is_rejected_with_both_numbers(tmp_path: Path) -> None:
    release = a_release()
    release.rel = [row for row in release.rel if not ("316047" in row and "197885" in row and "constitutes" in row)]
    with pytest.raises(OfficialFileError, match="197885 and 316047 are joined by consists_of but not") as refused:
        _read(tmp_path, release)
    assert refused.value.code == "one_sided"


def test_tables_of_two_releases_are_refused(tmp_path: Path) -> None:
    release = a_release()
    for number in range(10):
        release.attribute(700_000 + number, "NDC", f"9999900{number:04}")
    with pytest.raises(OfficialFileError, match="take both from one release") as refused:
        _read(tmp_path, release)
    assert (refused.value.code, refused.value.file) == ("mixed_releases", "RXNSAT.RRF")


def test_one_rxcui_with_two_names_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OfficialFileError, match="RXCUI 83367 is IN 'rosuvastatin' here") as refused:
        _read(tmp_path, a_release().atom(83367, "IN", "rosuvastatin"))
    assert refused.value.code == "conflicting_rows"


def test_one_ndc_of_two_products_belongs_to_neither(tmp_path: Path) -> None:
    release = a_release().attribute(314076, "NDC", "00093505698")
    read = read_rxnorm(write(tmp_path, release.files()), quiet, limits=TOLERANT)
    assert "00093505698" not in read.ndcs
    assert read.files[2].rejected == {"conflicting_rows": 2}


def test_a_retired_rxcui_leads_to_what_stands_for_it_now(tmp_path: Path) -> None:
    folder = write(tmp_path, a_release().files())
    rows = ["111|08AA_080303F|10AA_100104F|1|222|", "222|10AA|12AA|1|83367|", "333|a|b|2|29046|", "333|a|b|2|5487|"]
    (folder / "RXNCUI.RRF").write_text("\n".join([*rows, "444|a|b|1||", "83367|a|b|1|29046|", ""]))
    archive = ["", "", "old", "t", "t", "t", "555", "", "ENG", "", "", "", "555", "RXNORM", "SCD", "617311", ""]
    (folder / "RXNATOMARCHIVE.RRF").write_text("|".join(archive) + "\n")
    read = read_rxnorm(folder, quiet, limits=SMALL)
    assert dict(read.retired) == {
        "111": ("83367",),
        "222": ("83367",),
        "333": ("5487", "29046"),
        "555": ("617311",),
    }
    assert read.files[3].set_aside == {"no_successor": 1, "still_in_use": 1}


def test_half_of_a_split_is_not_taken_for_the_successor(tmp_path: Path) -> None:
    folder = write(tmp_path, a_release().files())
    gone, unread, circle = (
        ["111|a|b|2|83367|", "111|a|b|2|222|"],
        ["333|a|b|2|83367|", "333|a|b|2|444|"],
        ["5|a|b|1|6|"],
    )
    rows = [*gone, *unread, "444|a|b|1|29046|", *circle, "6|a|b|1|5|"]
    (folder / "RXNCUI.RRF").write_text("\n".join([*rows, ""]))
    read = read_rxnorm(folder, quiet, limits=SMALL)

    assert dict(read.retired) == {"333": ("29046", "83367"), "444": ("29046",)}


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("RXNCONSO.RRF", b"617311|ENG", b"617312|ENG"),
        ("RXNSAT.RRF", b"314076|||", b"617311|||"),
    ],
)
def test_an_rxcui_that_its_row_does_not_repeat_is_rejected(tmp_path: Path, file: str, old: bytes, new: bytes) -> None:
    files = a_release().files()
    files[file] = files[file].replace(old, new, 1)
    read = read_rxnorm(write(tmp_path, files), quiet, limits=TOLERANT)
    (spoiled,) = (one for one in read.files if one.name == file)
    assert dict(spoiled.rejected) == {"bad_value": 1}
    assert "617312" not in read.products
    assert read.ndcs.get("00093111301") != "617311"
