"""Reads the files of gaps in care: the gaps, and the items of the scores that some of them ask for."""

import re
from collections import defaultdict
from collections.abc import Collection, Mapping
from decimal import Decimal
from pathlib import Path

from mtm_review.domain.finding import Screen
from mtm_review.domain.knowledge import CareGap, DrugSet, GapKnowledge
from mtm_review.domain.knowledge.care_gaps import Enough, Score, ScoreItem
from mtm_review.domain.knowledge.rules import Amount
from mtm_review.reference.adherence_tables import said_of
from mtm_review.reference.rows import Row, put, rows_of

GAP_COLUMNS = (
    "rule_id", "name", "conditions", "also", "filled", "taken", "taken_routes", "with_drugs", "min_fills", "days_over",
    "wanted", "routes", "enough", "min_age", "max_age", "sex", "score", "over_the_counter", "unless_drugs",
    "unless_conditions", "severity", "consequence", "recommendation", "citation", "status",
)  # fmt: skip
SCORE_COLUMNS = ("score_id", "score", "item", "points", "conditions", "min_age", "max_age", "sex", "citation", "status")
_ENOUGH = re.compile(r"([a-z0-9_]+)>=(\d+(?:\.\d+)?) (mg|unt|meq)")
_BOUND = re.compile(r"([a-z0-9_]+)>=(\d+)")


def read_gaps(folder: Path, drug_sets: Mapping[str, DrugSet], conditions: Collection[str]) -> GapKnowledge:
    """`gap_in_care.csv` and `scores.csv`."""
    scores = _scores(folder, conditions)
    found: dict[str, CareGap] = {}
    for row in rows_of(folder / "gap_in_care.csv", GAP_COLUMNS):
        gap = _gap(row, drug_sets, conditions, scores)
        if not (gap.conditions or gap.asked_of):
            row.refuse("conditions", "must name a condition, or the row a drug set in taken or filled")
        if not (gap.wanted or gap.enough):
            row.refuse("wanted", "must name a drug set, or the row an amount in enough")
        put(found, gap.said.rule_id, gap, row, "rule_id")
    return GapKnowledge.of(found.values(), scores, drug_sets)


def _gap(
    row: Row, drug_sets: Mapping[str, DrugSet], conditions: Collection[str], scores: Mapping[str, Score]
) -> CareGap:
    score, bound = _score(row, scores)
    return CareGap(
        said=said_of(row, Screen.GAP_IN_CARE, "AD"),
        conditions=row.keys("conditions", conditions),
        also=row.keys("also", conditions),
        filled=row.optional("filled", drug_sets),
        taken=row.keys("taken", drug_sets),
        taken_routes=row.routes("taken_routes"),
        with_drugs=row.keys("with_drugs", drug_sets),
        min_fills=_number(row, "min_fills", 366),
        wanted=row.keys("wanted", drug_sets),
        routes=row.routes("routes"),
        enough=_enough(row, drug_sets),
        min_age=_number(row, "min_age", 120),
        max_age=_number(row, "max_age", 120),
        sex=row.optional("sex", ("female", "male")),
        score=score,
        bound=bound,
        days_over=_number(row, "days_over", 3650),
        over_the_counter=row.yes("over_the_counter"),
        unless_drugs=row.keys("unless_drugs", drug_sets),
        unless_conditions=row.keys("unless_conditions", conditions),
    )


def _number(row: Row, column: str, most: int) -> int:
    return row.number(column, 0, most) if row.optional(column) else 0


def _enough(row: Row, drug_sets: Mapping[str, DrugSet]) -> tuple[Enough, ...]:
    """Amounts such as `atorvastatin>=40 mg`, separated by semicolons."""
    found = []
    for part in row.optional("enough").split(";"):
        match = _ENOUGH.fullmatch(part)
        if match is not None and match[1] in drug_sets:
            found.append(Enough(match[1], Amount(Decimal(match[2]), match[3])))
        elif part:
            row.refuse("enough", "must be amounts of drug sets such as atorvastatin>=40 mg")
    return tuple(found)


def _score(row: Row, scores: Mapping[str, Score]) -> tuple[str, int]:
    text = row.optional("score")
    match = _BOUND.fullmatch(text)
    if text and (match is None or match[1] not in scores):
        row.refuse("score", f"must be a bound such as cha2ds2_vasc>=2, of one of {', '.join(sorted(scores))}")
        return "", 0
    return (match[1], int(match[2])) if match else ("", 0)


def _scores(folder: Path, conditions: Collection[str]) -> dict[str, Score]:
    items: defaultdict[tuple[str, str], list[ScoreItem]] = defaultdict(list)
    for row in rows_of(folder / "scores.csv", SCORE_COLUMNS):
        row.citation()
        item = ScoreItem(
            name=row.text("item"),
            points=row.number("points", 1, 10),
            conditions=row.keys("conditions", conditions),
            min_age=_number(row, "min_age", 120),
            max_age=_number(row, "max_age", 120),
            sex=row.optional("sex", ("female", "male")),
        )
        if bool(item.conditions) + bool(item.max_age) + bool(item.sex) != 1:
            row.refuse("conditions", "must be the only one of conditions, ages and sex")
        items[row.text("score_id"), row.text("score")].append(item)
    return {score_id: Score(score_id, name, tuple(found)) for (score_id, name), found in items.items()}
