"""United States dollars as exact decimals, rounded only when they are shown."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def to_cents(amount: Decimal) -> int:
    """The amount in whole cents, half a cent rounding away from zero."""
    return int((amount * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def from_cents(cents: int) -> Decimal:
    """Whole cents as dollars with two decimals."""
    return Decimal(cents).scaleb(-2)


def in_words(amount: Decimal) -> str:
    """`$4,376.00`, or `-$4,376.00` where more was refunded, for sentences read by people in the United States."""
    cents = amount.quantize(CENT, rounding=ROUND_HALF_UP)
    return f"{'-' if cents < 0 else ''}${abs(cents):,}"
