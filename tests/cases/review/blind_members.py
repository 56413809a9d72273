"""Members whom a colleague labelled without sight of the rules: what must be seen, and what must stay quiet.

A label names a screen and medications, never a rule; it is met when one finding of that screen names all of them.
Every screen runs. A `miss` says why this version does not answer so; it is an error once it does.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cases.review.cases import SCREENS, body_of, table_of

FOLDER = Path(__file__).parent / "blind"
_MEMBER = {
    "id", "because", "as_of", "birth_date", "sex", "medications", "conditions", "allergies", "labs", "must_find",
    "must_not_find",
}  # fmt: skip
_LABEL = {"screen", "medications", "why", "miss"}


@dataclass(frozen=True)
class Label:
    """One expectation: a finding of the screen that names the medications is there, or is not."""

    member_id: str
    wanted: bool
    screen: str
    medications: frozenset[str]
    why: str
    miss: str

    def met_by(self, findings: list[dict[str, Any]]) -> bool:
        """Whether the findings, in the wire's shape, are as the label says."""
        hits = [
            finding
            for finding in findings
            if finding["rule_id"].partition(".")[0] == self.screen
            and self.medications <= {medication["medication_id"] for medication in finding["medications"]}
        ]
        return bool(hits) is self.wanted


@dataclass(frozen=True)
class Member:
    """One member with the labels."""

    member_id: str
    body: dict[str, Any]
    labels: tuple[Label, ...]
    table: str


def load_members() -> list[Member]:
    """Every member of the folder."""
    return [member for path in sorted(FOLDER.glob("*.toml")) for member in _read(path)]


def _read(path: Path) -> Iterator[Member]:
    for raw in tomllib.loads(path.read_text(encoding="utf-8"))["member"]:
        assert set(raw) <= _MEMBER, f"{path.name}: {raw.get('id')}: unknown {sorted(set(raw) - _MEMBER)}"
        labels = [
            *(_label(raw["id"], one, wanted=True) for one in raw.get("must_find", [])),
            *(_label(raw["id"], one, wanted=False) for one in raw.get("must_not_find", [])),
        ]
        yield Member(raw["id"], body_of(raw, []), tuple(labels), table_of(raw))


def _label(member_id: str, raw: dict[str, Any], *, wanted: bool) -> Label:
    assert set(raw) <= _LABEL, f"{member_id}: unknown {sorted(set(raw) - _LABEL)}"
    assert raw["screen"] in SCREENS, f"{member_id}: unknown screen {raw['screen']}"
    medications = frozenset(f"m{place}" for place in raw.get("medications", []))
    return Label(member_id, wanted, raw["screen"], medications, raw["why"], raw.get("miss", ""))
