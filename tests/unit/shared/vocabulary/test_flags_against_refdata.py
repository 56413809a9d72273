"""The shipped flags against the FDA NDC Directory of 2019 and the Part D claims of 2017; each difference is explained.

The directory is what labelers report: a single row may be wrong, so the majority of a substance's rows is asked, and
where the table `agreement/flags.csv` says why we differ, the difference is held there.
"""

import csv
import gzip
import io
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from mtm_shared.values.drug import Drug
from mtm_shared.vocabulary import Vocabulary, load_vocabulary
from support import refdata

pytestmark = pytest.mark.refdata

HERE = Path(__file__).parent
SCHEDULES = {"CI": "1", "CII": "2", "CIII": "3", "CIV": "4", "CV": "5", "": ""}
# Fewer prescription labels than this are repackagers' mistakes.
SOME_LABELS = 4
# Claims a member had of the drug in the year, by CMS's sums: hardly anybody fills a drug so often that is not taken
# on and on, or so seldom that is.
OFTEN, SELDOM = 5.0, 2.0


@dataclass(slots=True)
class Labels:
    """What the directory's rows with this substance say; `alone` are the rows without another substance."""

    prescription: int = 0
    otc: int = 0
    alone_prescription: int = 0
    alone_otc: int = 0
    schedules: Counter[str] = field(default_factory=Counter)


@pytest.fixture(scope="module")
def labels() -> dict[str, Labels]:
    return _labels()


def test_schedules_are_the_directorys(vocabulary: Vocabulary, labels: dict[str, Labels]) -> None:
    differ, compared = [], 0
    for rxcui, found in labels.items():
        ingredient = vocabulary.ingredients[rxcui]
        if found.schedules:
            compared += 1
            if SCHEDULES[found.schedules.most_common(1)[0][0]] != ingredient.schedule:
                differ.append(ingredient.name)
    controlled = sum(1 for each in vocabulary.ingredients.values() if each.schedule)
    print(f"\nschedule: {compared} compared, {len(differ)} differ; {controlled} controlled ingredients here")

    assert compared > 1_000
    assert sorted(differ) == _explained("schedule")


def test_what_we_call_nonprescription_is_sold_so(vocabulary: Vocabulary, labels: dict[str, Labels]) -> None:
    differ, compared = [], 0
    for rxcui, found in labels.items():
        ingredient = vocabulary.ingredients[rxcui]
        compared += 1
        claimed_in_vain = ingredient.otc and not ingredient.supplement and not found.otc
        if claimed_in_vain or (not ingredient.otc and found.alone_otc > found.alone_prescription):
            differ.append(ingredient.name)
    print(f"\notc: {compared} compared, {len(differ)} differ")

    assert compared > 1_000
    assert sorted(differ) == _explained("otc")


def test_what_part_d_cannot_cover_has_few_prescription_labels(
    vocabulary: Vocabulary, labels: dict[str, Labels]
) -> None:
    differ = []
    for rxcui, found in labels.items():
        ingredient = vocabulary.ingredients[rxcui]
        excluded = not ingredient.part_d and not ingredient.supplement
        never_prescribed = ingredient.otc and found.otc and not found.prescription
        if (excluded and found.alone_prescription >= SOME_LABELS) or (ingredient.part_d and never_prescribed):
            differ.append(ingredient.name)
    print(f"\npart_d: {len(differ)} differ")

    assert sorted(differ) == _explained("part_d_labels")


def test_what_part_d_cannot_cover_has_few_claims(vocabulary: Vocabulary) -> None:
    """CMS's file holds every event, also those that a plan covered beyond Part D."""
    differ = [
        row["generic"]
        for row, drug in _claims(vocabulary)
        if not any((each.part_d and not each.supplement) or each.device for each in drug.ingredients)
    ]
    print(f"\npart_d: claims for {len(differ)} generics that we call excluded")

    assert sorted(differ) == _explained("part_d_claims")


def test_maintenance_drugs_are_filled_again_and_again(vocabulary: Vocabulary) -> None:
    claims: Counter[str] = Counter()
    members: Counter[str] = Counter()
    for row, drug in _claims(vocabulary):
        if len(drug.ingredients) == 1 and row["beneficiaries_sum"].isdecimal():
            claims[drug.key] += int(row["claims"])
            members[drug.key] += int(row["beneficiaries_sum"])
    differ = []
    for rxcui, count in members.items():
        ingredient, each = vocabulary.ingredients[rxcui], claims[rxcui] / max(count, 1)
        if count >= 500 and not ingredient.device and (each >= OFTEN if not ingredient.maintenance else each < SELDOM):
            differ.append(ingredient.name)
    print(f"\nmaintenance: {len(members)} compared, {len(differ)} differ")

    assert len(members) > 600
    assert sorted(differ) == _explained("maintenance")


def _explained(flag: str) -> list[str]:
    with (HERE / "agreement" / "flags.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["flag"] == flag]
    assert all(row["reason"] for row in rows)
    return sorted(row["name"] for row in rows)


def _claims(vocabulary: Vocabulary) -> list[tuple[dict[str, str], Drug]]:
    path = refdata() / "partd_spending" / "partd_2017_by_generic.tsv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    understood = [(row, vocabulary.understand(name=row["generic"])) for row in rows]
    return [(row, drug) for row, drug in understood if isinstance(drug, Drug)]


@cache
def _labels() -> dict[str, Labels]:
    vocabulary = load_vocabulary()
    found: dict[str, Labels] = defaultdict(Labels)
    for row in _directory():
        otc = row["PRODUCTTYPENAME"] == "HUMAN OTC DRUG"
        substances = [each.strip().casefold() for each in row["SUBSTANCENAME"].split(";") if each.strip()]
        for substance in substances:
            rxcui = _ingredient(vocabulary, substance)
            if rxcui is not None:
                _count(found[rxcui], otc=otc, alone=len(substances) == 1, schedule=row["DEASCHEDULE"])
    return dict(found)


def _count(labels: Labels, *, otc: bool, alone: bool, schedule: str) -> None:
    labels.otc += otc
    labels.prescription += not otc
    if alone:
        labels.alone_otc += otc
        labels.alone_prescription += not otc
        labels.schedules[schedule] += 1


def _ingredient(vocabulary: Vocabulary, substance: str) -> str | None:
    drug = vocabulary.understand(name=substance)
    known = isinstance(drug, Drug) and len(drug.ingredients) == 1 and not drug.ingredients[0].device
    return drug.key if isinstance(drug, Drug) and known else None


def _directory() -> list[dict[str, str]]:
    """Drugs for people; homeopathic products carry names of drugs in dilutions that hold none."""
    content = gzip.decompress((refdata() / "fda_ndc_20190429" / "product.txt.gz").read_bytes()).decode("cp1252")
    rows = csv.DictReader(io.StringIO(content), delimiter="\t", quoting=csv.QUOTE_NONE)
    kinds = ("HUMAN OTC DRUG", "HUMAN PRESCRIPTION DRUG")
    return [row for row in rows if row["PRODUCTTYPENAME"] in kinds and "HOMEOPATH" not in row["MARKETINGCATEGORYNAME"]]
