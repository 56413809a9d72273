"""United States dollars as exact decimals, rounded only when they are shown."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def in_words(amount: Decimal) -> str:
    """`$4,376.00`, or `-$4,376.00` where more was refunded, for sentences read by people in the United States."""
    cents = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    return f"{'-' if cents < 0 else ''}${abs(cents):,}"
