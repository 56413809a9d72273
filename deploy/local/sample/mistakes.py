"""Rows that are wrong in ways that real files are: each should come back with a code, and none should stop the rest.

What is wrong is chosen here; how it looks, and which code an import answers, is each format's own (`formats/`). A
format that cannot say a mistake leaves it out, of the file and of the truth.
"""

from typing import NamedTuple

from deploy.local.sample.chance import Draw, one_of

FILL_MISTAKES = (
    "impossible_date", "negative_supply", "cost_no_number", "unknown_status", "unknown_member", "before_birth",
    "no_drug", "unlisted_ndc", "ten_digit_ndc",
)  # fmt: skip
DIAGNOSIS_MISTAKES = ("icd9_code", "impossible_date", "unknown_setting", "unknown_member")
MEMBER_MISTAKES = ("impossible_birthday", "unknown_plan_type", "ends_before_start")
UNLISTED_NDC = "99999999999"
TEN_DIGITS = "1234567890"
NOBODY = "X999999"


class Mistake(NamedTuple):
    """A bad row beside the good ones: in `table`, a copy of its row `row`, spoilt in one way, under its own claim."""

    table: str
    kind: str
    row: int
    claim: str


def mistakes_of(fills: int, diagnoses: int, rate: float, draw: Draw) -> list[Mistake]:
    """At most one bad row of each table for a member; over many members a share of `rate` of all rows."""
    found: list[Mistake] = []
    chances = (draw(), draw(), draw())
    if rate <= 0:
        return found
    if fills and chances[0] < fills * rate:
        found.append(Mistake("fills", one_of(FILL_MISTAKES, draw), int(draw() * fills), "BAD-F1"))
    if diagnoses and chances[1] < diagnoses * rate:
        found.append(Mistake("diagnoses", one_of(DIAGNOSIS_MISTAKES, draw), int(draw() * diagnoses), "BAD-D1"))
    if chances[2] < rate:
        found.append(Mistake("members", one_of(MEMBER_MISTAKES, draw), 0, ""))
    return found
