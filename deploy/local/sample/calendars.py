"""Days as whole numbers (proleptic ordinals), with the texts that files want of them made once.

The window is twelve months that end on the day as of which the demonstration decides. All arithmetic is on whole
numbers, because a date object for each of some hundred million fills would cost more than the fills.
"""

from datetime import date

AS_OF = date(2026, 6, 30)
CLAIMS_FROM = date(2025, 7, 1)
FIRST, LAST = CLAIMS_FROM.toordinal(), AS_OF.toordinal()
NEW_YEAR = date(2026, 1, 1).toordinal()
EPOCH = date(1970, 1, 1).toordinal()
_SHOWN_FROM, _SHOWN_TO = date(1900, 1, 1).toordinal(), date(2030, 1, 1).toordinal()
_ISO = [date.fromordinal(day).isoformat() for day in range(_SHOWN_FROM, _SHOWN_TO)]
_MONTH_NAMES = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def iso(day: int) -> str:
    """2026-06-30."""
    return _ISO[day - _SHOWN_FROM]


def rif(day: int) -> str:
    """30-Jun-2026, as CCW files write it."""
    text = _ISO[day - _SHOWN_FROM]
    return f"{text[8:]}-{_MONTH_NAMES[int(text[5:7]) - 1]}-{text[:4]}"


def months() -> tuple[tuple[int, int, int], ...]:
    """The months of the window as (month from 1, first day, days)."""
    found: list[tuple[int, int, int]] = []
    for day in range(FIRST, LAST + 1):
        month = int(_ISO[day - _SHOWN_FROM][5:7])
        if found and found[-1][0] == month:
            found[-1] = (month, found[-1][1], found[-1][2] + 1)
        else:
            found.append((month, day, 1))
    return tuple(found)
