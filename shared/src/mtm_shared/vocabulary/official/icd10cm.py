"""Reading ICD-10-CM: the order file, the codes file or the tabular list in XML.

Source: CDC/NCHS and CMS, ICD-10-CM of a fiscal year; public domain. The order file says of every code whether it is
valid for a claim; the codes file holds the valid ones only; in the tabular XML the seventh characters must be added
(`icd10cm_tabular`). Codes are kept without their dot.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

from mtm_shared.vocabulary.official.icd10cm_tabular import read_tabular
from mtm_shared.vocabulary.official.reading import OfficialFile, utf8_or_windows
from mtm_shared.vocabulary.official.records import DiagnosisCode, Icd10Cm, Progress
from mtm_shared.vocabulary.official.sources import Given, files_in, find
from mtm_shared.vocabulary.official.tally import REAL, Limits, Tally, shown, unreadable

CODE: Final = re.compile(r"[A-Z][0-9A][0-9A-Z][0-9A-Z]{0,4}")
_ORDER: Final = re.compile(r"([0-9]{5}) (.{7}) ([01]) (.{60}) (.+)")
_VALID: Final = re.compile(r"(.{7}) (\S.*)")
_PLACES: Final = (
    r"(?!.*addenda).*icd-?10cm[-_]order.*\.txt",
    r"(?!.*addenda).*icd-?10c?m?[-_]tabular.*\.xml",
    r"(?!.*addenda).*icd-?10cm[-_]codes.*\.txt",
)
_LETTERS: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_YEAR: Final = re.compile(r"(20[0-9]{2})")


def read_icd10cm(path: Path, progress: Progress, *, limits: Limits = REAL) -> Icd10Cm:
    """The codes of one edition; raises `OfficialFileError` when the file must not be used."""
    given = _given(path)
    year = _YEAR.search(given.base)
    edition = year[1] if year else ""
    kind = _kind(given, progress)
    tally = Tally(f"ICD-10-CM {kind}", OfficialFile(given, progress), limits)
    if kind == "tabular":
        version, codes = read_tabular(tally)
        edition = version or edition
    else:
        codes = _read_lines(tally, kind)
    if kind != "codes":
        _check_tree(codes, tally)
    file = tally.finish(edition)
    if tally.kind in limits.minimum_rows and (lost := _LETTERS - {code[0] for code in codes}):
        raise tally.file.refuse(
            "truncated", f"has no code that begins with {', '.join(sorted(lost))}; it was cut short"
        )
    return Icd10Cm(edition, MappingProxyType(codes), (file,))


def _given(path: Path) -> Given:
    inside = files_in(path)
    if len(inside) == 1:
        return inside[0]
    for pattern in _PLACES:
        if found := find(path, pattern, "ICD-10-CM"):
            return found
    raise OfficialFile(Given(path), lambda *_: None).refuse(
        "missing_file", "holds neither an order file, nor a codes file, nor the tabular list of ICD-10-CM"
    )


def _kind(given: Given, progress: Progress) -> str:
    """By the first bytes, because the files are renamed often."""
    start = next(OfficialFile(given, progress).chunks())[:512].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<"):
        return "tabular"
    return "order" if re.match(rb"[0-9]{5} [A-Z][0-9A]", start) else "codes"


def _read_lines(tally: Tally, kind: str) -> dict[str, DiagnosisCode]:
    codes: dict[str, DiagnosisCode] = {}
    found = _order_rows(tally) if kind == "order" else _valid_rows(tally)
    for line, code, title, billable in found:
        if not CODE.fullmatch(code):
            tally.reject("bad_value", line, f"code {shown(code)} is not an ICD-10-CM code")
        elif unreadable(title) or title != title.strip():
            tally.reject("bad_value", line, f"title {shown(title)} of {code} is empty or holds control characters")
        elif (before := codes.get(code)) is not None:
            tally.reject("conflicting_rows", line, f"code {code} stands twice: {shown(before.title)}, {shown(title)}")
        else:
            tally.used += 1
            codes[code] = DiagnosisCode(code, title, billable)
    return codes


def _order_rows(tally: Tally) -> Iterator[tuple[int, str, str, bool]]:
    """Order numbers run without a gap, so that a line lost or moved shows."""
    before = 0
    for line, found in _rows(tally, _ORDER, "order number, code, flag and titles"):
        number, expected = int(found[1]), before + 1
        before = number
        if number != expected:
            problem = f"order number {number} where {expected} was expected; a line is missing or was moved"
            tally.reject("wrong_order", line, problem)
        else:
            yield line, found[2].rstrip(), found[5].rstrip(), found[3] == "1"


def _valid_rows(tally: Tally) -> Iterator[tuple[int, str, str, bool]]:
    """Codes ascend, so that a line moved shows."""
    before = ""
    for line, found in _rows(tally, _VALID, "a code and its title"):
        code = found[1].rstrip()
        if code[:3] < before[:3] and before[:1] != "U" and code[:1] != "U":
            tally.reject("wrong_order", line, f"code {shown(code)} stands behind {shown(before)}")
            continue
        before = code
        yield line, code, found[2].rstrip(), True


def _rows(tally: Tally, shape: re.Pattern[str], columns: str) -> Iterator[tuple[int, re.Match[str]]]:
    """The rows of fixed width that have the shape, with their lines; the others are rejected."""
    for block in tally.file.blocks(utf8_or_windows):
        tally.rows += len(block.lines)
        for line, row in enumerate(block.lines, block.first):
            found = shape.fullmatch(row)
            if found is None:
                tally.reject("wrong_columns", line, f"is not {columns}: {shown(row)}")
            else:
                yield line, found


def _check_tree(codes: dict[str, DiagnosisCode], tally: Tally) -> None:
    """A code valid for claims has none below it, every other has some, and each stands below its category."""
    above = {code[:length] for code in codes for length in range(3, len(code))}
    for code in [code for code in codes if codes[code].billable == (code in above) or code[:3] not in codes]:
        problem = f"code {code} does not fit the codes above and below it (billable: {codes[code].billable})"
        tally.take_back("bad_value", problem)
        del codes[code]
