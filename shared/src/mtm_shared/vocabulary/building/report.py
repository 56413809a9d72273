"""What a build did, for people and for machines; the same build says the same words, so no date or path is in it."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from mtm_shared.vocabulary.building.difference import Change, Difference
from mtm_shared.vocabulary.building.draft import Conflict, NotPlaced
from mtm_shared.vocabulary.built.encoding import to_text
from mtm_shared.vocabulary.official.records import SourceFile

_SHOWN: Final = 10
# In the order of the report; what is not named here comes behind as it is called.
_SAID: Final = {
    "ingredients_confirmed": "curated ingredients confirmed by RxNorm",
    "own_ids_given_rxcuis": "curated ingredients that had an id of ours and now have RxNorm's",
    "ingredients_added": "ingredients that only RxNorm has",
    "ingredients_flagged": "of these with flags from the NDC Directory",
    "products_confirmed": "curated products equal in RxNorm",
    "products_added": "products that only RxNorm has",
    "products_without_ingredient": "products left out: an ingredient is not known",
    "ndcs_confirmed": "curated NDCs equal in RxNorm",
    "ndcs_added": "NDCs from RxNorm",
    "ndcs_without_product": "NDCs left out: the product is not known",
    "retired_added": "retired RxCUIs that lead on",
    "retired_leading_nowhere": "retired RxCUIs that lead to nothing known",
    "directory_known": "packages of the NDC Directory already known",
    "directory_by_product_code": "placed by another package of the product",
    "directory_by_strength": "placed by substances, strengths and form",
    "directory_by_ingredient": "placed by the one substance",
    "directory_by_combination": "placed by the substances together",
    "ndcs_kept": "NDCs that no file has any more, kept of the build before",
    "ndcs_not_kept": "NDCs of the build before that are lost with their drug",
    "assertions_added": "MED-RT assertions",
    "assertions_on_unknown_ingredients": "MED-RT assertions left out: ingredient not known",
    "codes_of_earlier_editions": "ICD-10-CM codes that only an earlier edition has",
    "prices_of_unknown_ndcs": "NADAC prices of NDCs that lead to no drug",
}


@dataclass(frozen=True, slots=True)
class BuildReport:
    """A build: what came out, what went in, where sources disagree, and what changed against the build before."""

    version: str
    sha256: str
    size_bytes: int
    holds: Mapping[str, int]
    files: tuple[SourceFile, ...]
    counts: Mapping[str, int]
    conflicts: tuple[Conflict, ...]
    not_placed: tuple[NotPlaced, ...]
    against: str
    differences: Mapping[str, Difference]

    def json(self) -> str:
        """Everything, one line for each list entry, so that two reports can be compared line by line."""
        return "".join(_pretty(self.as_data())) + "\n"

    def as_data(self) -> dict[str, Any]:
        """Everything, as JSON knows it."""
        return {
            "version": self.version,
            "sha256": self.sha256,
            "size_bytes": self.size_bytes,
            "holds": dict(self.holds),
            "files": [
                {**file._asdict(), "set_aside": dict(file.set_aside), "rejected": dict(file.rejected)}
                for file in self.files
            ],
            "counts": dict(self.counts),
            "conflicts": [conflict._asdict() for conflict in self.conflicts],
            "not_placed": {"by_reason": _reasons(self.not_placed), "packages": [list(one) for one in self.not_placed]},
            "against": self.against or None,
            "differences": {
                table: {kind: [list(change) for change in getattr(difference, kind)] for kind in Difference._fields}
                for table, difference in self.differences.items()
            },
        }

    def text(self) -> str:
        """For people: the counts, and the first of each list."""
        return "\n".join(self._lines()) + "\n"

    def _lines(self) -> Iterator[str]:
        yield f"Vocabulary {self.version}"
        yield f"{self.sha256}, {self.size_bytes:,} bytes"
        yield ""
        yield from _table("Holds", self.holds)
        yield from self._file_lines()
        told = {words: self.counts[key] for key, words in _SAID.items() if self.counts.get(key)}
        yield from _table("Official content", told | {k: n for k, n in self.counts.items() if k not in _SAID and n})
        if self.not_placed:
            yield from _table("Packages of the NDC Directory that lead to no drug", _reasons(self.not_placed))
        yield from self._conflict_lines()
        yield from self._difference_lines()

    def _file_lines(self) -> Iterator[str]:
        if self.files:
            yield "Files"
        for file in self.files:
            aside, rejected = sum(file.set_aside.values()), sum(file.rejected.values())
            yield (
                f"  {file.kind} {file.name}{f' ({file.edition})' if file.edition else ''}: {file.rows:,} rows, "
                f"{file.used:,} used, {aside:,} not for us, {rejected:,} rejected"
            )
            yield from (f"    {code}: {count:,}" for code, count in sorted(file.rejected.items()))
        if self.files:
            yield ""

    def _conflict_lines(self) -> Iterator[str]:
        if not self.conflicts:
            return
        yield "The curated dictionary stands against the official file"
        for about, count in sorted(Counter(conflict.about for conflict in self.conflicts).items()):
            yield f"  {about}: {count:,}"
            ours = [conflict for conflict in self.conflicts if conflict.about == about]
            yield from (f"    {one.key}: {one.curated} | official: {one.official}" for one in ours[:_SHOWN])
            yield from _more(count)
        yield ""

    def _difference_lines(self) -> Iterator[str]:
        if not self.against:
            return
        yield f"Changed against {self.against}"
        for table, difference in self.differences.items():
            said = ", ".join(f"{len(getattr(difference, kind)):,} {kind}" for kind in Difference._fields)
            yield f"  {table}: {said}"
            for kind in Difference._fields:
                yield from _change_lines(kind, getattr(difference, kind))
        if not self.differences:
            yield "  nothing"


def _change_lines(kind: str, changes: tuple[Change, ...]) -> Iterator[str]:
    for change in changes[:_SHOWN]:
        yield f"    {kind} {change.key}: {' -> '.join(filter(None, (change.before, change.now)))}"
    yield from _more(len(changes))


def _more(count: int) -> Iterator[str]:
    if count > _SHOWN:
        yield f"    and {count - _SHOWN:,} more (in the report in JSON)"


def _reasons(not_placed: tuple[NotPlaced, ...]) -> dict[str, int]:
    return dict(sorted(Counter(one.reason for one in not_placed).items()))


def _table(title: str, values: Mapping[str, int]) -> Iterator[str]:
    if values:
        yield title
        yield from (f"  {count:>11,}  {words}" for words, count in values.items())
        yield ""


def _pretty(value: Any, indent: str = "") -> Iterator[str]:
    """JSON with a line for each member of an object and each entry of a list; entries themselves on one line."""
    inner = indent + "  "
    if isinstance(value, dict) and value:
        for place, (key, member) in enumerate(value.items()):
            yield f"{'{' if not place else ','}\n{inner}{to_text(key)}: "
            yield from _pretty(member, inner)
        yield f"\n{indent}}}"
    elif isinstance(value, list) and value:
        for place, entry in enumerate(value):
            yield f"{'[' if not place else ','}\n{inner}{to_text(entry)}"
        yield f"\n{indent}]"
    else:
        yield to_text(value)
