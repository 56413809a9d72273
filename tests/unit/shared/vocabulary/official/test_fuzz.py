"""Damaged files: a reader refuses, or gives rows that are right; it never crashes and never makes up a row.

What can be held differs by how much a file repeats itself. An RxNorm drug is stated several times over (relations from
both ends, a name made of its parts), so its ingredients and strengths must come out right or not at all, whatever was
done to one table. An NDC, a price or a title stands in one row only: a digit changed there makes another valid value,
which no reader can tell; such a row must at least be one of the lines that were changed.
"""

import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from random import Random
from typing import TypeVar, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mtm_shared.vocabulary.official.icd10cm import read_icd10cm
from mtm_shared.vocabulary.official.medrt import read_medrt
from mtm_shared.vocabulary.official.nadac import read_nadac
from mtm_shared.vocabulary.official.ndc_directory import read_ndc_directory
from mtm_shared.vocabulary.official.records import OfficialFileError, Package, RxNormContent, SourceFile
from mtm_shared.vocabulary.official.rxnorm import read_rxnorm
from mutations import Mutation, changed_lines, mutations
from official_samples import (
    MEDRT,
    NADAC,
    SMALL,
    TABULAR,
    TOLERANT,
    SmallRelease,
    a_directory,
    a_release,
    an_order_file,
    quiet,
    write,
)

_QUICK = settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
_HELD = ("tty", "ingredients", "strength", "form", "route", "brand")
_T = TypeVar("_T")
Damage = tuple[Mutation, int]


def _read(files: Mapping[str, bytes], reader: Callable[[Path], _T]) -> _T | None:
    """What the reader makes of the files; None when it refuses them."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            return reader(write(Path(folder), dict(files)))
        except OfficialFileError:
            return None


_WHOLE: dict[str, object] = {}


def _once(files: Mapping[str, bytes], reader: Callable[[Path], _T]) -> _T:
    """What the reader makes of the whole files, read the first time only."""
    if reader.__name__ not in _WHOLE:
        _WHOLE[reader.__name__] = _read(files, reader)
    whole = _WHOLE[reader.__name__]
    assert whole is not None
    return cast(_T, whole)


def _damaged(files: Mapping[str, bytes], name: str, damage: Damage) -> tuple[dict[str, bytes], str]:
    """The files with one of them damaged, and the lines that changed."""
    mutate, seed = damage
    after = mutate(files[name], Random(seed))
    return {**files, name: after}, changed_lines(files[name], after)


def _all_accounted_for(files: Iterable[SourceFile]) -> bool:
    return all(
        file.rows == file.used + sum(file.set_aside.values()) + sum(file.rejected.values()) and file.used >= 0
        for file in files
    )


def _release(folder: Path) -> RxNormContent:
    return read_rxnorm(folder, quiet, limits=TOLERANT)


_RELEASE = a_release().files()


@_QUICK
@given(st.sampled_from(sorted(_RELEASE)), mutations())
def test_a_damaged_release_makes_no_wrong_drug(name: str, damage: Damage) -> None:
    files, changed = _damaged(_RELEASE, name, damage)
    true, read = _once(_RELEASE, _release), _read(files, _release)
    if read is None:
        return
    assert _all_accounted_for(read.files)
    for rxcui, product in read.products.items():
        truth = true.products.get(rxcui)
        if truth is None or product.tty in ("SCDC", "BN", "PIN", "MIN"):
            assert truth == product or rxcui in changed or product.name in changed, (product, truth)
        else:
            assert [getattr(product, held) for held in _HELD] == [getattr(truth, held) for held in _HELD]
            assert product.name == truth.name or product.name in changed
        assert set(product.ingredients) <= read.ingredients.keys()
    for ndc, rxcui in read.ndcs.items():
        assert true.ndcs.get(ndc) == rxcui or ndc in changed


_DIRECTORY = a_directory()


def _packages(folder: Path) -> Mapping[str, Package]:
    read = read_ndc_directory(folder, quiet, limits=TOLERANT)
    assert _all_accounted_for(read.files)
    return read.packages


@_QUICK
@given(st.sampled_from(sorted(_DIRECTORY)), mutations())
def test_a_damaged_directory_makes_no_unexplained_package(name: str, damage: Damage) -> None:
    files, changed = _damaged(_DIRECTORY, name, damage)
    true, read = _once(_DIRECTORY, _packages), _read(files, _packages)
    for ndc, package in (read or {}).items():
        assert true.get(ndc) == package or package.product_ndc in changed
        assert len(ndc) == 11
        assert len(package.strengths) in (0, len(package.substances))


_MEDRT = {"medrt.xml": MEDRT.encode()}


def _assertions(folder: Path) -> set[tuple[str, ...]]:
    read = read_medrt(folder / "medrt.xml", quiet, limits=TOLERANT)
    assert _all_accounted_for(read.files)
    return set(read.assertions)


@_QUICK
@given(mutations())
def test_a_damaged_medrt_makes_no_unexplained_assertion(damage: Damage) -> None:
    files, changed = _damaged(_MEDRT, "medrt.xml", damage)
    true = _once(_MEDRT, _assertions)
    for assertion in (_read(files, _assertions) or set()) - true:
        assert _moves_lines(damage) or any(field in changed for field in assertion if field), assertion


def _moves_lines(damage: Damage) -> bool:
    """XML elements that span lines may be put together differently when whole lines are moved, lost or repeated."""
    return damage[0].__name__ in {"swap_lines", "repeat_a_line", "insert_bytes", "splice_with_itself", "delete_bytes"}


_ORDER = {"icd10cm_order_2027.txt": an_order_file()}


def _codes(folder: Path) -> dict[str, tuple[str, bool]]:
    (file,) = folder.iterdir()
    read = read_icd10cm(file, quiet, limits=TOLERANT)
    assert _all_accounted_for(read.files)
    return {code: (found.title, found.billable) for code, found in read.codes.items()}


@_QUICK
@given(mutations())
def test_a_damaged_order_file_makes_no_unexplained_code(damage: Damage) -> None:
    files, changed = _damaged(_ORDER, "icd10cm_order_2027.txt", damage)
    true, read = _once(_ORDER, _codes), _read(files, _codes)
    for code, found in (read or {}).items():
        assert true.get(code) == found or code in changed


@_QUICK
@given(mutations())
def test_a_damaged_tabular_list_is_refused_or_read(damage: Damage) -> None:
    whole = {"icd10cm_tabular_2027.xml": TABULAR.encode()}
    files, _ = _damaged(whole, "icd10cm_tabular_2027.xml", damage)
    for code, (title, _billable) in (_read(files, _codes) or {}).items():
        assert title
        assert code.isalnum()
        assert 3 <= len(code) <= 7


_NADAC = {"nadac.csv": NADAC.encode()}


def _prices(folder: Path) -> Mapping[str, object]:
    read = read_nadac(folder / "nadac.csv", quiet, limits=TOLERANT)
    assert _all_accounted_for(read.files)
    return read.prices


@_QUICK
@given(mutations())
def test_a_damaged_price_list_makes_no_unexplained_price(damage: Damage) -> None:
    files, changed = _damaged(_NADAC, "nadac.csv", damage)
    true, read = _once(_NADAC, _prices), _read(files, _prices)
    older = "0.04520"
    for ndc, price in (read or {}).items():
        assert true.get(ndc) == price or ndc in changed or older in str(price)


_ALL_FILES = {**_RELEASE, **_DIRECTORY, **_NADAC, **_ORDER}


@_QUICK
@given(st.sampled_from(sorted(_RELEASE)), st.sampled_from(sorted(_ALL_FILES)), st.floats(0, 1), st.floats(0, 1))
def test_a_table_spliced_with_another_file_makes_no_wrong_drug(name: str, other: str, start: float, end: float) -> None:
    own, foreign = _RELEASE[name], _ALL_FILES[other]
    after = own[: int(start * len(own))] + foreign[int(end * len(foreign)) :]
    read = _read({**_RELEASE, name: after}, _release)
    changed, whole = changed_lines(own, after), _once(_RELEASE, _release)
    for rxcui, product in (read.products if read else {}).items():
        held = (product.ingredients, product.strength)
        true = whole.products.get(rxcui)
        assert (true is not None and held == (true.ingredients, true.strength)) or rxcui in changed


_WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12)
_AMOUNTS = st.decimals("0.001", "1000", places=3).map(lambda amount: f"{amount.normalize():f}")


@_QUICK
@given(st.lists(st.tuples(_WORDS, _AMOUNTS), min_size=1, max_size=5, unique_by=lambda part: part[0]), st.randoms())
def test_any_drug_made_of_its_parts_comes_back(parts: list[tuple[str, str]], random: Random) -> None:
    release, numbers = SmallRelease().atom(1, "DF", "Oral Tablet"), random.sample(range(2, 99_999_999), 20)
    drug, made = numbers[0], []
    for (name, amount), ingredient, component in zip(parts, numbers[1:], numbers[7:], strict=False):
        release.atom(ingredient, "IN", name).atom(component, "SCDC", f"{name} {amount} MG")
        release.relate(component, "has_ingredient", ingredient).relate(drug, "consists_of", component)
        made.append((ingredient, f"{amount} MG"))
    release.atom(drug, "SCD", " / ".join(f"{name} {amount} MG" for name, amount in sorted(parts)) + " Oral Tablet")
    release.relate(drug, "has_dose_form", 1).attribute(drug, "NDC", "00000000001")
    read = _read(release.files(), lambda folder: read_rxnorm(folder, quiet, limits=SMALL))
    assert read is not None
    product = read.products[str(drug)]
    assert list(zip(map(int, product.ingredients), product.strengths, strict=True)) == sorted(made)
