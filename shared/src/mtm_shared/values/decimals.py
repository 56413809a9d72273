"""Exact decimals as people and RxNorm write them."""

from decimal import Decimal


def plain(value: Decimal) -> str:
    """Digits without an exponent or trailing zeros: `0.5` of 0.50, `1000` of 1E+3."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
