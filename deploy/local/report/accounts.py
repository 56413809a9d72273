"""What became of every drug event and every diagnosis: in = used + the rest by code, and the page says if not."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mtm_shared.contracts.eligibility import ImportCounts

from deploy.local.outcomes import Imported, Outcomes

UNDERSTOOD = "understood"


@dataclass(frozen=True, slots=True)
class Account:
    """Items that came in, those used, and the others by the code that says why not."""

    what: str
    came_in: int
    used: int
    others: tuple[tuple[str, int], ...]

    @property
    def adds_up(self) -> bool:
        """Nothing is missing and nothing is counted twice."""
        return self.came_in == self.used + sum(count for _, count in self.others)


def accounts(outcomes: Outcomes) -> tuple[Account, ...]:
    """Drug events where they were accounted for, and diagnoses of medical claims."""
    found = []
    if outcomes.events:
        found.append(_drug_events(outcomes))
    diagnoses = [one.status.counts.diagnoses for one in outcomes.imports if one.status.counts.diagnoses]
    if diagnoses:
        others = Counter({"repeated on another line or claim of the day": sum(one.repeated for one in diagnoses)})
        for one in diagnoses:
            others.update(one.rejected_by_code)
        came_in, used = sum(one.items_in for one in diagnoses), sum(one.used for one in diagnoses)
        found.append(Account("Diagnoses on claims", came_in, used, _ordered(others)))
    return tuple(found)


def _drug_events(outcomes: Outcomes) -> Account:
    counts = [one.status.counts for one in outcomes.imports if one.status.format.endswith("-pde")]
    others = Counter({code: count for code, count in outcomes.events.items() if code != UNDERSTOOD})
    for one in counts:
        others.update(one.rejected_by_code)
    others["superseded by a later record"] = sum(one.replaced for one in counts)
    others["deleted, and the records that delete"] = _deleted(counts, sum(outcomes.events.values()))
    return Account(
        "Drug events", sum(one.rows_in for one in counts), outcomes.events.get(UNDERSTOOD, 0), _ordered(others)
    )


def _deleted(counts: list[ImportCounts], netted: int) -> int:
    """Each deletion takes at most one event with it; anything beyond that would be a loss, and is not hidden here."""
    deletions = sum(one.deleted for one in counts)
    gone = sum(one.accepted for one in counts) - netted
    return deletions + min(max(gone, 0), deletions)


def _ordered(counted: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(((code, n) for code, n in counted.items() if n), key=lambda item: (-item[1], item[0])))


def flat(versions: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    """Nested versions as lines."""
    for name, value in versions.items():
        if isinstance(value, Mapping):
            yield from flat(value, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}", str(value)


def write_facts(folder: Path, outcomes: Outcomes) -> Path:
    """The same facts for a program to read (`run.json`); no names, no claims."""
    facts = {
        "imports": [_import_facts(one) for one in outcomes.imports],
        "left_out": dict(outcomes.skipped_files),
        "accounts": [
            {"what": one.what, "in": one.came_in, "used": one.used, "others": dict(one.others), "adds_up": one.adds_up}
            for one in accounts(outcomes)
        ],
        "determinations": [
            {
                "program_id": one.program_id,
                "as_of": one.as_of.isoformat(),
                "outcomes": dict(Counter(made.outcome for made in one.determinations)),
                "notices": dict(Counter(notice.code for made in one.determinations for notice in made.notices)),
                "unknown_members": len(one.unknown),
            }
            for one in outcomes.decisions
        ],
        "letters": len(outcomes.letters),
        "summaries": len(outcomes.summaries),
        "reviews": dict(Counter(review.kind for review in outcomes.reviews)),
        "findings": dict(Counter(found.screen for review in outcomes.reviews for found in review.findings)),
        "seconds": {step.name: round(step.seconds, 2) for step in outcomes.times},
    }
    target = folder / "run.json"
    target.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return target


def _import_facts(one: Imported) -> dict[str, Any]:
    return {"file": one.name} | one.status.model_dump(mode="json", include={"format", "state", "counts", "failure"})
