"""Reading NADAC, the National Average Drug Acquisition Cost.

Source: Centers for Medicare & Medicaid Services, NADAC weekly file (Social Security Act, section 1927(f)); public
domain. A year's file repeats an NDC every week; the price that took effect last stands. No real file was seen: the
columns are those quoted in public tests, under both spellings of the header.
"""

import re
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mtm_shared.vocabulary.official.delimited import american_date, commas, one_of, read_rows
from mtm_shared.vocabulary.official.reading import OfficialFile
from mtm_shared.vocabulary.official.records import Nadac, Price, Progress
from mtm_shared.vocabulary.official.sources import the_one_file
from mtm_shared.vocabulary.official.tally import REAL, Limits, Tally, shown

COLUMNS: Final = (
    "NDC Description",
    "NDC",
    "NADAC Per Unit",
    "Effective Date",
    "Pricing Unit",
    "Pharmacy Type Indicator",
    "OTC",
    "Explanation Code",
    "Classification for Rate Setting",
    "Corresponding Generic Drug NADAC Per Unit",
    "Corresponding Generic Drug Effective Date",
    "As of Date",
)
_UNITS: Final = frozenset({"EA", "ML", "GM"})
_OTC: Final = {"Y": True, "N": False}
_PRICE: Final = re.compile(r"[0-9]{1,7}(?:\.[0-9]{1,10})?")


def read_nadac(path: Path, progress: Progress, *, limits: Limits = REAL) -> Nadac:
    """The price of each NDC that took effect last; raises `OfficialFileError` when the file must not be used."""
    tally = Tally("NADAC", OfficialFile(the_one_file(path, r".*nadac.*\.csv", "a NADAC file"), progress), limits)
    prices: dict[str, Price] = {}
    conflicting: dict[str, Price] = {}
    for line, field in read_rows(tally, COLUMNS, commas):
        try:
            price = _price(field)
        except ValueError as error:
            tally.reject("bad_value", line, str(error))
            continue
        _keep_latest(price, prices, conflicting, line, tally)
    for ndc, price in conflicting.items():
        if prices[ndc] == price:
            tally.take_back("conflicting_rows", f"NDC {ndc} has two prices for {price.effective} as of {price.as_of}")
            del prices[ndc]
    return Nadac(MappingProxyType(prices), (tally.finish(),))


def _keep_latest(
    price: Price, prices: dict[str, Price], conflicting: dict[str, Price], line: int, tally: Tally
) -> None:
    before = prices.get(price.ndc)
    if before is None:
        tally.used += 1
        prices[price.ndc] = price
        return
    if (before.effective, before.as_of) == (price.effective, price.as_of):
        if before == price:
            tally.set_aside["repeated"] += 1
        else:
            tally.reject("conflicting_rows", line, f"NDC {price.ndc} has two prices for {price.effective}")
            conflicting[price.ndc] = before
        return
    tally.set_aside["superseded"] += 1
    if (before.effective, before.as_of) < (price.effective, price.as_of):
        prices[price.ndc] = price


def _price(field: list[str]) -> Price:
    ndc, per_unit, unit = field[1], field[2], field[4]
    if len(ndc) != 11 or not ndc.isascii() or not ndc.isdecimal():
        raise ValueError(f"NDC {shown(ndc)} does not have 11 digits; a spreadsheet may have taken its leading zeros")
    if not _PRICE.fullmatch(per_unit) or Decimal(per_unit) == 0:
        raise ValueError(f"NADAC Per Unit {shown(per_unit)} is not an amount in dollars")
    if unit not in _UNITS:
        raise ValueError(f"Pricing Unit {shown(unit)} is not one of EA, GM, ML")
    return Price(
        ndc=ndc,
        price=Decimal(per_unit),
        unit=unit,
        effective=american_date(field[3]),
        as_of=american_date(field[11]),
        otc=one_of(field[6], _OTC, "OTC"),
    )
