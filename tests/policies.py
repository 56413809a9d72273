"""Sponsors' policies for tests in few words: `a_policy(off=[{"screen": "dose"}])` is read as a file would be."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from mtm_review.domain.policy import Policy
from mtm_review.reference import load_knowledge
from mtm_review.reference.policy_tables import Ground, read_policy
from mtm_shared.vocabulary import load_vocabulary

ENTRIES = ("off", "exempt", "allowance", "severity", "min")
REASON = "Agreed on by the committee."


@cache
def ground() -> Ground:
    """The knowledge and the vocabulary that ship."""
    return Ground.of(load_knowledge(), load_vocabulary())


def document(**changes: Any) -> dict[str, Any]:
    """A policy of 2026 as a file would say it; entries without a reason get one, None takes a key away."""
    said: dict[str, Any] = {
        "policy_id": "example-2026",
        "sponsor": "Example Health Plan",
        "title": "What our pharmacists do not act on",
        "version": "1",
        "author": "Clinical pharmacist",
        "second_approver": "P&T committee",
        "note": "Agreed on for one year.",
        "effective_from": date(2026, 1, 1),
        "expires_on": date(2026, 12, 31),
        "programs": ["cms-2026"],
        **changes,
    }
    for name in ENTRIES:
        if isinstance(said.get(name), list):
            said[name] = [{"reason": REASON, **entry} for entry in said[name]]
    if isinstance(said.get("show"), dict):
        said["show"] = {"reason": REASON, **said["show"]}
    return {key: value for key, value in said.items() if value is not None}


def a_policy(**changes: Any) -> Policy:
    """The policy as it is loaded."""
    return read_policy(document(**changes), "policy.toml", ground(), for_members=True)


def on_the_wire(said: Mapping[str, Any]) -> dict[str, Any]:
    """The document as a caller sends it in JSON."""
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in said.items()}


def write(folder: Path, name: str, said: Mapping[str, Any]) -> Path:
    """The document as a TOML file."""
    lines, tables = [], []
    for key, value in said.items():
        if isinstance(value, dict):
            tables += [f"[{key}]", *map(_pair, value.items())]
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            for entry in value:
                tables += [f"[[{key}]]", *map(_pair, entry.items())]
        else:
            lines.append(_pair((key, value)))
    path = folder / name
    path.write_text("\n".join([*lines, *tables]) + "\n", encoding="utf-8")
    return path


def _pair(item: tuple[str, Any]) -> str:
    key, value = item
    return f"{key} = {_value(value)}"


def _value(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return str(value) if isinstance(value, int | date) else f'"{value}"'
