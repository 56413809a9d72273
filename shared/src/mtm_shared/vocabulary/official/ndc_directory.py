"""Reading the FDA National Drug Code Directory: `product.txt` and `package.txt`, as a folder or the zip (ndctext.zip).

Source: U.S. Food and Drug Administration, NDC Directory (21 CFR part 207); public domain. What it says is reported by
labelers and not checked by FDA: a single row is weak evidence, a majority of rows is not.
"""

import re
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from mtm_shared.vocabulary.official.delimited import compact_date, one_of, read_rows, tabs
from mtm_shared.vocabulary.official.ndc_codes import LongNdc, classes_of, ndc11
from mtm_shared.vocabulary.official.reading import OfficialFile
from mtm_shared.vocabulary.official.records import NdcDirectory, Package, Progress
from mtm_shared.vocabulary.official.sources import find_required
from mtm_shared.vocabulary.official.tally import REAL, Limits, Tally, shown

PRODUCT_COLUMNS: Final = (
    "PRODUCTID",
    "PRODUCTNDC",
    "PRODUCTTYPENAME",
    "PROPRIETARYNAME",
    "PROPRIETARYNAMESUFFIX",
    "NONPROPRIETARYNAME",
    "DOSAGEFORMNAME",
    "ROUTENAME",
    "STARTMARKETINGDATE",
    "ENDMARKETINGDATE",
    "MARKETINGCATEGORYNAME",
    "APPLICATIONNUMBER",
    "LABELERNAME",
    "SUBSTANCENAME",
    "ACTIVE_NUMERATOR_STRENGTH",
    "ACTIVE_INGRED_UNIT",
    "PHARM_CLASSES",
    "DEASCHEDULE",
    "NDC_EXCLUDE_FLAG",
    "LISTING_RECORD_CERTIFIED_THROUGH",
)
PACKAGE_COLUMNS: Final = (
    "PRODUCTID",
    "PRODUCTNDC",
    "NDCPACKAGECODE",
    "PACKAGEDESCRIPTION",
    "STARTMARKETINGDATE",
    "ENDMARKETINGDATE",
    "NDC_EXCLUDE_FLAG",
    "SAMPLE_PACKAGE",
)
_SCHEDULES: Final = frozenset({"", "CI", "CII", "CIII", "CIV", "CV"})
_SAMPLE: Final = {"Y": True, "N": False, "": False}
_EXCLUDED: Final = {"N": False, "": False, "E": True, "U": True, "I": True, "Y": True}


_BARE_SHARE: Final = 0.1
_CODE: Final = re.compile(r"[0-9]{4,6}-[0-9]{3,4}-[0-9]{1,2}")


class _Product(NamedTuple):
    """A row of product.txt; `package` holds what every package of it has in common."""

    product_ndc: str
    package: Package


def read_ndc_directory(folder: Path, progress: Progress, *, limits: Limits = REAL) -> NdcDirectory:
    """The directory by 11-digit NDC; raises `OfficialFileError` when either file must not be used."""
    product_file = find_required(folder, r"product\.txt", "product.txt of the NDC Directory")
    package_file = find_required(folder, r"package\.txt", "package.txt of the NDC Directory")
    product_tally = Tally("NDC product", OfficialFile(product_file, progress), limits)
    products = _read_products(product_tally)
    about_products = product_tally.finish()
    tally = Tally("NDC package", OfficialFile(package_file, progress), limits)
    bare = set(products)
    packages = _read_packages(tally, products, bare)
    _refuse_above(limits, tally, "unknown_product", "mixed_releases", "name products that product.txt does not have")
    _refuse_above(limits, tally, "listed_twice", "conflicting_rows", "give one NDC to different products")
    about_packages = tally.finish()
    if len(bare) > _BARE_SHARE * len(products):
        problem = f"has no package for {len(bare):,} of {len(products):,} products; it was cut short"
        raise tally.file.refuse("truncated", problem)
    return NdcDirectory(MappingProxyType(packages), (about_products, about_packages))


def _refuse_above(limits: Limits, tally: Tally, reason: str, code: str, what: str) -> None:
    """Labelers list a few packages twice under two documents; many such rows are a file put together wrongly."""
    count = tally.set_aside[reason]
    if count > limits.unknown_share * tally.rows:
        raise tally.file.refuse(
            code, f"{count:,} of its {tally.rows:,} rows {what}; take both files whole from one release"
        )


def _read_products(tally: Tally) -> dict[str, _Product]:
    products: dict[str, _Product] = {}
    conflicting: set[str] = set()
    shared: dict[str, str] = {}
    for line, field in read_rows(tally, PRODUCT_COLUMNS, tabs):
        try:
            product = _product(field, shared)
        except ValueError as error:
            tally.reject("bad_value", line, str(error))
            continue
        before = products.get(field[0])
        if before is None:
            products[field[0]] = product
            tally.used += 1
        elif before == product:
            tally.set_aside["repeated"] += 1
        else:
            tally.reject("conflicting_rows", line, f"PRODUCTID {shown(field[0])} stands twice with different values")
            conflicting.add(field[0])
    for key in conflicting:
        tally.take_back("conflicting_rows", f"PRODUCTID {shown(key)} stands twice with different values")
        del products[key]
    return products


def _product(field: list[str], shared: dict[str, str]) -> _Product:
    """One row; `shared` keeps one copy of each text, of which many rows have the same."""
    product_id, product_ndc = field[0], field[1]
    if not product_id.startswith(f"{product_ndc}_"):
        raise ValueError(f"PRODUCTID {shown(product_id)} does not begin with PRODUCTNDC {shown(product_ndc)}")
    if field[17] not in _SCHEDULES:
        raise ValueError(f"DEASCHEDULE {shown(field[17])} is not one of CI to CV")
    if not field[2] or not field[12]:
        raise ValueError("PRODUCTTYPENAME or LABELERNAME is empty")
    one_of(field[18], _EXCLUDED, "NDC_EXCLUDE_FLAG")
    compact_date(field[19])

    def once(text: str) -> str:
        return shared.setdefault(text, text)

    package = Package(
        ndc="",
        product_ndc=product_ndc,
        labeler=once(field[12]),
        proprietary_name=once(f"{field[3]} {field[4]}".strip()),
        nonproprietary_name=once(field[5]),
        substances=tuple(map(once, _several(field[13]))),
        strengths=_strengths(field, once(field[15])),
        form=once(field[6]),
        routes=tuple(map(once, _several(field[7]))),
        product_type=once(field[2]),
        marketing_category=once(field[10]),
        schedule=once(field[17]),
        classes=tuple(map(once, classes_of(field[16]))),
        start=_date(field[8], "STARTMARKETINGDATE"),
        end=_date(field[9], "ENDMARKETINGDATE"),
        sample=False,
        excluded="" if field[18] == "N" else field[18],
    )
    return _Product(product_ndc, package)


def _several(text: str) -> tuple[str, ...]:
    return tuple(text.split("; ")) if text else ()


def _strengths(field: list[str], units: str) -> tuple[str, ...]:
    """One strength with its unit for each substance; none when the three lists differ in length, as some do."""
    substances, amounts, unit = _several(field[13]), _several(field[14]), _several(units)
    if not len(substances) == len(amounts) == len(unit):
        return ()
    return tuple(f"{amount} {one}" for amount, one in zip(amounts, unit, strict=True))


def _read_packages(tally: Tally, products: dict[str, _Product], bare: set[str]) -> dict[str, Package]:
    """The packages by NDC; what remains in `bare` are the products that no row names."""
    packages: dict[str, Package] = {}
    conflicting: set[str] = set()
    for line, field in read_rows(tally, PACKAGE_COLUMNS, tabs):
        bare.discard(field[0])
        try:
            ndc = _package_ndc(field)
            product = products.get(field[0])
            if product is None:
                tally.set_aside["unknown_product"] += 1
                continue
            if not _described(field):
                tally.set_aside["description_names_other_ndc"] += 1
                continue
            package = _package(ndc, field, product)
        except LongNdc:
            tally.set_aside["ndc_too_long_for_claims"] += 1
            continue
        except ValueError as error:
            tally.reject("bad_value", line, str(error))
            continue
        before = packages.get(ndc)
        if before is None:
            packages[ndc] = package
            tally.used += 1
        elif before == package:
            tally.set_aside["repeated"] += 1
        else:
            tally.set_aside["listed_twice"] += 1
            conflicting.add(ndc)
    for ndc in conflicting:
        tally.used -= 1
        tally.set_aside["listed_twice"] += 1
        del packages[ndc]
    return packages


def _package_ndc(field: list[str]) -> str:
    if not field[2].startswith(f"{field[1]}-") or not field[0].startswith(f"{field[1]}_"):
        raise ValueError(
            f"NDCPACKAGECODE {shown(field[2])}, PRODUCTNDC {shown(field[1])} and PRODUCTID {shown(field[0])} differ"
        )
    return ndc11(field[2])


def _described(field: list[str]) -> bool:
    """PACKAGEDESCRIPTION repeats the package codes that it describes; a code that is not among them is not trusted."""
    codes = _CODE.findall(field[3])
    return not codes or field[2] in codes


def _package(ndc: str, field: list[str], product: _Product) -> Package:
    excluded = product.package.excluded or ("" if field[6] == "N" else field[6])
    one_of(field[6], _EXCLUDED, "NDC_EXCLUDE_FLAG")
    return product.package._replace(
        ndc=ndc,
        start=_date(field[4], "STARTMARKETINGDATE") or product.package.start,
        end=_date(field[5], "ENDMARKETINGDATE") or product.package.end,
        sample=one_of(field[7], _SAMPLE, "SAMPLE_PACKAGE"),
        excluded=excluded,
    )


def _date(text: str, column: str) -> date | None:
    try:
        return compact_date(text)
    except ValueError as error:
        raise ValueError(f"{column}: {error}") from error
