"""RxCUIs no longer in use, and what stands for them now.

RXNCUI.RRF (CUI1, VER_START, VER_END, CARDINALITY, CUI2) and RXNATOMARCHIVE.RRF (sixteen columns, the last one
MERGED_TO_RXCUI) come with the full release only; without them nothing is known to be retired. Their columns are those
of NLM's own table scripts for MySQL. No row of a real file was seen, so a table that does not look so is refused.
"""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from mtm_shared.vocabulary.official.reading import OfficialFile
from mtm_shared.vocabulary.official.records import Progress, SourceFile
from mtm_shared.vocabulary.official.rrf import rows, rxcui_of
from mtm_shared.vocabulary.official.sources import find
from mtm_shared.vocabulary.official.tally import Limits, Tally, shown

_TABLES: Final = (("RXNCUI", 5), ("RXNATOMARCHIVE", 16))
_MOST_STEPS: Final = 20


def read_retired(
    folder: Path, progress: Progress, limits: Limits, active: frozenset[int], edition: str
) -> tuple[dict[str, tuple[str, ...]], tuple[SourceFile, ...]]:
    """Old RxCUI to those now in use (several after a split), and the files read; chains are followed to their end."""
    following: defaultdict[int, set[int]] = defaultdict(set)
    files: list[SourceFile] = []
    for table, fields in _TABLES:
        given = find(folder, rf"{table}\.RRF", f"{table}.RRF")
        if given is None:
            continue
        tally = Tally(table, OfficialFile(given, progress), limits)
        for old, new in _pairs(tally, fields):
            if old in active:
                tally.set_aside["still_in_use"] += 1
            else:
                tally.used += 1
                following[old].add(new)
        files.append(tally.finish(edition))
    ended = {str(old): _ends(old, following, active) for old in sorted(following)}
    return {old: ends for old, ends in ended.items() if ends}, tuple(files)


def _pairs(tally: Tally, fields: int) -> Iterator[tuple[int, int]]:
    old_at, new_at = (0, 4) if fields == 5 else (12, 15)
    for line, row in rows(tally, fields):
        field = row.split("|")
        if fields == 16 and field[13] != "RXNORM":
            tally.set_aside["other_source"] += 1
            continue
        old, new = rxcui_of(field[old_at]), rxcui_of(field[new_at])
        if old is not None and not field[new_at]:
            tally.set_aside["no_successor"] += 1
        elif old is None or new is None:
            tally.reject("bad_value", line, f"RXCUI {shown(field[old_at])} and its successor {shown(field[new_at])}")
        elif old == new:
            tally.set_aside["unchanged"] += 1
        else:
            yield old, new


def _ends(old: int, following: defaultdict[int, set[int]], active: frozenset[int]) -> tuple[str, ...]:
    """The active RxCUIs at the ends of every chain from `old`; none where a chain circles or ends in one that is gone.

    Half of a split would otherwise look like the one successor.
    """
    ends: set[int] = set()
    seen, waiting = {old}, {old}
    for _ in range(_MOST_STEPS):
        if any(one not in following for one in waiting):
            return ()
        reached = {new for one in waiting for new in following[one]} - seen
        ends |= reached & active
        waiting = reached - active
        seen |= reached
        if not waiting:
            return tuple(str(rxcui) for rxcui in sorted(ends))
    return ()
