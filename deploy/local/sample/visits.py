"""Diagnosis claims and stays: visits that name several conditions, hospital stays, and hospice.

A member sees somebody several times a year, each time for some of what they have; a few conditions go without a visit
in the window, as they do in claims. Stays matter to reviews because the facility supplies the drugs meanwhile.
"""

from functools import cache
from typing import NamedTuple

from deploy.local.sample.calendars import LAST
from deploy.local.sample.chance import Draw, Weighted, between
from deploy.local.sample.knowledge import conditions
from deploy.local.sample.treatment import Setting

_TIMES = Weighted(((0, 0.05), (1, 0.12), (2, 0.38), (3, 0.28), (4, 0.17)))
_MOST_VISITS = 14
SAME_CODE = 0.82  # share of visits that repeat the member's usual code of the condition


class Diagnosis(NamedTuple):
    """A diagnosis on a claim: day an ordinal."""

    claim: str
    icd10: str
    day: int
    setting: str


class Stay(NamedTuple):
    """A stay: days are ordinals, an end of 0 means that it goes on."""

    kind: str
    start: int
    end: int
    claim: str


@cache
def _codes() -> tuple[tuple[Weighted[str], float], ...]:
    return tuple((Weighted(one.icd10), one.hospital) for one in conditions())


@cache
def end_of_life() -> int:
    """The place of the condition that means hospice."""
    return [one.condition_id for one in conditions()].index("end_of_life_care")


def visits_of(
    found: list[int], setting: Setting, hospice: int, evidence: dict[int, str], draw: Draw
) -> tuple[list[Diagnosis], list[Stay]]:
    """Diagnoses in order of day, and stays. What is in `evidence` is named at least once, by its code if it has one."""
    days = setting.end - setting.start
    count = min(_MOST_VISITS, 2 + (2 * len(found)) // 3)
    visits = [(setting.start + int(draw() * (days + 1)), draw() < 0.66) for _ in range(count)]
    visits.sort()
    said: list[dict[str, None]] = [{} for _ in visits]
    stays: list[Stay] = []
    claims: list[Diagnosis] = []
    for condition in found:
        codes, hospital = _codes()[condition]
        usual = codes.pick(draw)
        times = _TIMES.pick(draw)
        if condition in evidence:
            usual, times = evidence[condition] or usual, max(2, times)
            said[int(draw() * count)].setdefault(usual)
        for _ in range(times):
            said[int(draw() * count)].setdefault(usual if draw() < SAME_CODE else codes.pick(draw))
        if hospital and draw() < hospital * 0.6:
            _hospital(usual, setting, stays, claims, draw)
    for number, ((day, in_office), named) in enumerate(zip(visits, said, strict=True), 1):
        where = "carrier" if in_office else "outpatient"
        claims += [Diagnosis(f"V{number:03d}", code, day, where) for code in named]
    if hospice:
        stays.append(Stay("hospice", hospice, 0, "H001"))
        claims.append(Diagnosis("H001", "Z51.5", max(hospice, setting.start), "hospice"))
    claims.sort(key=lambda row: (row.day, row.claim, row.icd10))
    return claims, stays


def _hospital(code: str, setting: Setting, stays: list[Stay], claims: list[Diagnosis], draw: Draw) -> None:
    """A stay of some days; after one in five, three weeks in a skilled nursing facility."""
    start = setting.start + int(draw() * (setting.end - setting.start + 1))
    end = min(start + between(2, 8, draw), setting.end, LAST)
    if any(one.start <= end and start <= (one.end or LAST) for one in stays):
        return
    number = len(stays) + 1
    stays.append(Stay("inpatient", start, end, f"S{number:03d}"))
    claims.append(Diagnosis(f"S{number:03d}", code, end, "inpatient"))
    after = end + 1
    if draw() < 0.2 and after + 21 <= setting.end:
        stays.append(Stay("snf", after, after + 21, f"N{number:03d}"))
        claims.append(Diagnosis(f"N{number:03d}", code, after + 21, "snf"))
