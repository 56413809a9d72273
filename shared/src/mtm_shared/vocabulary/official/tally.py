"""Counting every row of a file: used, set aside with a reason, or rejected as malformed.

An official file should have no malformed row at all. One or two in a million are counted, shown and left out, because
a build must not fail on a single misprint; more than `Limits.rejected_share` mean that the file is not what it seems,
and it is refused. So is a file too small to be real: the lower bounds lie well under the sizes seen, and tests with
small files lift them (`ANY_SIZE`).
"""

import re
from collections import Counter
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from mtm_shared.vocabulary.official.reading import OfficialFile
from mtm_shared.vocabulary.official.records import OfficialFileError, SourceFile

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffd]")
_SHOWN: Final = 5
_VALUE: Final = 60
_GIVE_UP_AFTER: Final = 1000


class Limits(NamedTuple):
    """`minimum_rows` by kind of file; `rejected_share` and `unknown_share` of the rows may be malformed, or name
    RxCUIs that the release does not have; `unfit_share` of the drugs may have a name that disagrees with its parts."""

    minimum_rows: Mapping[str, int]
    rejected_share: float
    unknown_share: float
    unfit_share: float


REAL: Final = Limits(
    MappingProxyType(
        {
            "RXNCONSO": 100_000,
            "RXNREL": 500_000,
            "RXNSAT": 1_000_000,
            "RXNCUI": 10_000,
            "RXNATOMARCHIVE": 100_000,
            "NDC product": 50_000,
            "NDC package": 100_000,
            "MED-RT": 50_000,
            "ICD-10-CM order": 90_000,
            "ICD-10-CM codes": 65_000,
            "ICD-10-CM tabular": 40_000,
            "NADAC": 20_000,
        }
    ),
    rejected_share=0.0001,
    unknown_share=0.02,
    unfit_share=0.05,
)
ANY_SIZE: Final = REAL._replace(minimum_rows=MappingProxyType({}))


def unreadable(text: str) -> bool:
    """True with a control character in it, which no official text has; spaces and letters of any script are fine."""
    return _CONTROL.search(text) is not None


def shown(value: str) -> str:
    """A value for a message, cut when long."""
    return repr(value if len(value) <= _VALUE else value[:_VALUE] + "…")


class Tally:
    """The counts of one file while it is read."""

    def __init__(self, kind: str, file: OfficialFile, limits: Limits) -> None:
        self.kind = kind
        self.file = file
        self.rows = 0
        self.used = 0
        self.set_aside: Counter[str] = Counter()
        self.rejected: Counter[str] = Counter()
        self._limits = limits
        self._examples: list[str] = []
        self._first: tuple[int | None, str] = (None, "")

    def reject(self, code: str, line: int | None, problem: str) -> None:
        """Count a malformed row; refuse at once when the first rows of the file are already malformed."""
        self.rejected[code] += 1
        if not self._examples:
            self._first = (line, problem)
        if len(self._examples) < _SHOWN:
            self._examples.append(problem if line is None else f"line {line}: {problem}")
        total = self.rejected.total()
        if line == 1 or (total >= _GIVE_UP_AFTER and total > self._limits.rejected_share * self.rows * 10):
            raise self._too_many()

    def take_back(self, code: str, problem: str, line: int | None = None) -> None:
        """A row counted as used that the rest of the file shows to be wrong."""
        self.used -= 1
        self.reject(code, line, problem)

    def check(self) -> None:
        """Refuse a file with too many rejected rows, too few rows, or none that is of use."""
        if self.rejected.total() > self._limits.rejected_share * self.rows:
            raise self._too_many()
        if self.rows < (least := self._limits.minimum_rows.get(self.kind, 1)):
            raise self.file.refuse(
                "too_few_rows", f"has {self.rows:,} rows; a whole {self.kind} file has at least {least:,}"
            )
        if not self.used:
            raise self.file.refuse("wrong_file", f"has {self.rows:,} rows, none of which is one that {self.kind} needs")

    def finish(self, edition: str = "") -> SourceFile:
        """The counts, checked: every row is used, set aside or rejected."""
        self.check()
        if self.rows != self.used + self.set_aside.total() + self.rejected.total():
            raise self.file.refuse(
                "wrong_count",
                f"has {self.rows:,} rows, but {self.used:,} were used, {self.set_aside.total():,} set aside and "
                f"{self.rejected.total():,} rejected",
            )
        return SourceFile(
            kind=self.kind,
            name=self.file.name,
            edition=edition,
            sha256=self.file.sha256,
            size_bytes=self.file.size_bytes,
            rows=self.rows,
            used=self.used,
            set_aside=MappingProxyType(dict(sorted(self.set_aside.items()))),
            rejected=MappingProxyType(dict(sorted(self.rejected.items()))),
            examples=tuple(self._examples),
        )

    def _too_many(self) -> OfficialFileError:
        code, _ = self.rejected.most_common(1)[0]
        line, problem = self._first
        return self.file.refuse(
            code, f"{problem} ({self.rejected.total():,} malformed rows among the {self.rows:,} read)", line
        )
