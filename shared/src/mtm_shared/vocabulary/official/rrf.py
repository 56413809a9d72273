"""The three tables of an RxNorm release that are read, row by row.

Rich Release Format: UTF-8 without a header, fields ended by `|`, no quoting. The columns are those of the RxNorm
technical documentation (NLM), sections 12.4 (RXNCONSO), 12.5 (RXNSAT) and 12.7 (RXNREL); no row has a key of its own,
so columns that moved are told by their values: RxNorm's own rows repeat the RxCUI in CODE, and LAT, STYPE and SUPPRESS
hold a few known words only.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

from mtm_shared.vocabulary.official.reading import OfficialFile
from mtm_shared.vocabulary.official.tally import Tally, shown, unreadable

CONSO_FIELDS: Final = 18
REL_FIELDS: Final = 16
SAT_FIELDS: Final = 13
_SUPPRESSED: Final = frozenset({"O", "Y", "E"})
_CONCEPT: Final = "CUI"
_SUBJECTS: Final = frozenset({"AUI", "CUI", "SCUI", "SDUI", "CODE", "RUI", "SAUI"})

DRUG_TYPES: Final = frozenset(
    {"IN", "PIN", "MIN", "BN", "SCD", "SBD", "SCDC", "SBDC", "GPCK", "BPCK", "DF"},
)
NAME_TYPES: Final = frozenset({"SY", "TMSY", "PSN", "ET"})


class Atom(NamedTuple):
    """One name of a concept."""

    line: int
    rxcui: int
    tty: str
    name: str


class Relation(NamedTuple):
    """Concept 2 stands in `rela` to concept 1, as RxNorm states it (`second consists_of first`)."""

    line: int
    first: int
    rela: str
    second: int


class Attribute(NamedTuple):
    """One attribute of a concept."""

    line: int
    rxcui: int
    value: str


def rows(tally: Tally, fields: int) -> Iterator[tuple[int, str]]:
    """Line number and row of every row with the right number of fields; others are rejected."""
    for block in tally.file.blocks():
        tally.rows += len(block.lines)
        for line, row in enumerate(block.lines, block.first):
            if row.count("|") == fields and row[-1] == "|":
                yield line, row
            else:
                found = row.count("|")
                tally.reject(
                    "wrong_columns",
                    line,
                    f"{found} fields ended by | where {tally.kind} has {fields}: {shown(row)}",
                )


def rxcui_of(text: str) -> int | None:
    """The number of an RxCUI: 1 to 8 ASCII digits, the first not zero."""
    return int(text) if text.isascii() and text.isdecimal() and text[0] != "0" and len(text) <= 8 else None


def read_atoms(file: OfficialFile, tally: Tally, known: set[int]) -> Iterator[Atom]:
    """RxNorm's own active names of the term types in use; every RxCUI of the file goes into `known`."""
    for line, row in rows(tally, CONSO_FIELDS):
        field = row.split("|")
        rxcui = rxcui_of(field[0])
        if rxcui is None:
            tally.reject("bad_value", line, f"RXCUI {shown(field[0])} is not a number")
            continue
        if field[11] != "RXNORM":
            known.add(rxcui)
            tally.set_aside["other_source"] += 1
            continue
        problem = _problem_of_atom(field)
        if problem:
            tally.reject("bad_value", line, problem)
            continue
        known.add(rxcui)
        if field[16] != "N":
            tally.set_aside["suppressed"] += 1
        elif field[12] in DRUG_TYPES or field[12] in NAME_TYPES:
            tally.used += 1
            yield Atom(line, rxcui, field[12], field[14])
        else:
            tally.set_aside["other_term_type"] += 1


def _problem_of_atom(field: list[str]) -> str:
    """What is wrong with a row of RxNorm's own, or ""."""
    if field[13] != field[0] or field[9] not in (field[0], ""):
        return f"RXCUI {shown(field[0])} does not repeat in CODE ({shown(field[13])}) as RxNorm's own rows do"
    if field[1] != "ENG":
        return f"LAT {shown(field[1])} is not ENG, in which RxNorm's own names are"
    if rxcui_of(field[7]) is None:
        return f"RXAUI {shown(field[7])} is not a number"
    if not (field[12].isascii() and field[12].isupper()):
        return f"TTY {shown(field[12])} is not a term type"
    if field[16] != "N" and field[16] not in _SUPPRESSED:
        return f"SUPPRESS {shown(field[16])} is not one of N, O, Y, E"
    if field[17] and not field[17].isdecimal():
        return f"CVF {shown(field[17])} is not a number"
    if not field[14].strip() or unreadable(field[14]):
        return f"name {shown(field[14])} is empty or holds control characters"
    return ""


def read_relations(file: OfficialFile, tally: Tally, wanted: frozenset[str]) -> Iterator[Relation]:
    """RxNorm's own active relations between concepts of the kinds `wanted`; the caller counts those it uses."""
    for line, row in rows(tally, REL_FIELDS):
        if "|RXNORM|" not in row:
            tally.set_aside["other_source"] += 1
            continue
        field = row.split("|")
        if field[10] != "RXNORM":
            tally.set_aside["other_source"] += 1
        elif field[7] not in wanted:
            tally.set_aside["other_relation"] += 1
        elif field[14] in _SUPPRESSED:
            tally.set_aside["suppressed"] += 1
        elif field[2] != _CONCEPT or field[6] != _CONCEPT:
            if field[2] in _SUBJECTS and field[6] in _SUBJECTS:
                tally.set_aside["between_atoms"] += 1
            else:
                tally.reject("bad_value", line, f"STYPE1 {shown(field[2])} and STYPE2 {shown(field[6])}")
        else:
            first, second = rxcui_of(field[0]), rxcui_of(field[4])
            if first is None or second is None or field[14] not in ("N", ""):
                problem = f"RXCUI1 {shown(field[0])}, RXCUI2 {shown(field[4])}, SUPPRESS {shown(field[14])}"
                tally.reject("bad_value", line, problem)
            else:
                yield Relation(line, first, field[7], second)


def read_ndcs(file: OfficialFile, tally: Tally) -> Iterator[Attribute]:
    """RxNorm's own active NDCs, 11 digits each; the caller counts those it uses."""
    for line, row in rows(tally, SAT_FIELDS):
        if "|NDC|RXNORM|" not in row:
            tally.set_aside["other_attribute"] += 1
            continue
        field = row.split("|")
        if field[8] != "NDC" or field[9] != "RXNORM":
            tally.reject("bad_value", line, f"NDC and RXNORM stand in other columns than ATN and SAB: {shown(row)}")
            continue
        rxcui = rxcui_of(field[0])
        if rxcui is None or field[5] != field[0] or field[4] not in _SUBJECTS:
            problem = f"RXCUI {shown(field[0])}, STYPE {shown(field[4])} and CODE {shown(field[5])} do not fit together"
            tally.reject("bad_value", line, problem)
        elif len(field[10]) != 11 or not field[10].isascii() or not field[10].isdecimal():
            tally.reject("bad_value", line, f"NDC {shown(field[10])} does not have 11 digits")
        elif field[11] != "N":
            if field[11] in _SUPPRESSED:
                tally.set_aside["suppressed"] += 1
            else:
                tally.reject("bad_value", line, f"SUPPRESS {shown(field[11])} is not one of N, O, Y, E")
        else:
            yield Attribute(line, rxcui, field[10])
