"""How the share of members in error scores, by standard of the data validation (CMS-10305, appendix J)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, NamedTuple

from mtm_shared.values.citation import Citation

from mtm_documents.domain.cms_file.findings import Standard

_TENTH: Final = Decimal("0.1")


class Band(NamedTuple):
    """Above `over` percent of members in error, the standard scores `score`."""

    over: Decimal
    score: int


@dataclass(frozen=True, slots=True)
class Scoring:
    """The bands, the worst first, and the score where none is exceeded."""

    bands: Sequence[Band]
    best: int
    citation: Citation
    fingerprint: str


@dataclass(frozen=True, slots=True)
class StandardScore:
    """`in_error` of `members` break at least one rule of the standard; a percentage to one decimal, half up."""

    standard: Standard
    members: int
    in_error: int
    percent: Decimal
    score: int


def score(scoring: Scoring, members: int, in_error: Mapping[Standard, int]) -> list[StandardScore]:
    """Every standard with its score; members without a row count as in error under the standard of their reject."""
    return [_one(scoring, standard, members, in_error.get(standard, 0)) for standard in Standard]


def _one(scoring: Scoring, standard: Standard, members: int, in_error: int) -> StandardScore:
    exact = Decimal(100 * in_error) / members if members else Decimal(0)
    percent = exact.quantize(_TENTH, ROUND_HALF_UP)
    found = next((band.score for band in scoring.bands if percent > band.over), scoring.best)
    return StandardScore(standard, members, in_error, percent, found)
