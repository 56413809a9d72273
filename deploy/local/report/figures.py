"""From what a run found out to what the page shows: counts, near misses, findings."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mtm_shared.contracts.eligibility import Determination, ImportStatus
from mtm_shared.contracts.review import Review

from deploy.local.outcomes import Decisions, Document, Imported, Outcomes
from deploy.local.report.wording import CRITERIA, OUTCOMES, SCREENS

NEAR_MISSES = 12
SAME_KIND = 4
RULES = 18


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole; `share` is a percentage of it."""

    key: str
    label: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Row:
    """A labelled whole with its parts."""

    label: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class NearMiss:
    """Somebody who almost qualifies, and what is missing in one sentence each."""

    member_id: str
    score: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Programme:
    """Everything that the page says of one programme's determinations."""

    decisions: Decisions
    outcomes: Row
    criteria: tuple[Row, ...]
    pathways: tuple[tuple[str, int], ...]
    near: tuple[NearMiss, ...]
    unsure: tuple[NearMiss, ...]
    notices: tuple[tuple[str, int], ...]
    not_checked: tuple[tuple[str, int], ...]
    not_counted: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often a rule fired, over how many members."""

    screen: str
    rule_id: str
    severity: str
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of rows over all imports."""

    rows_in: int
    accepted: int
    replaced: int
    deleted: int
    rejected: int


def programme(decisions: Decisions) -> Programme:
    """The figures of one programme."""
    made = decisions.determinations
    return Programme(
        decisions,
        Row("Members", _parts((one.outcome for one in made), ("eligible", "not_eligible", "cannot_tell"))),
        tuple(_criterion(made, name) for name in CRITERIA if any(_has(one, name) for one in made)),
        _ranked(one.pathway for one in made if one.pathway),
        _nearest(made, "not_eligible"),
        _nearest(made, "cannot_tell"),
        _ranked(notice.detail for one in made for notice in one.notices),
        _ranked(f"{item.code}, {item.what}" for one in made for item in one.not_checked),
        _ranked(item.code for one in made for item in one.not_counted),
    )


def _has(determination: Determination, name: str) -> bool:
    return any(criterion.criterion == name for criterion in determination.criteria)


def _criterion(made: tuple[Determination, ...], name: str) -> Row:
    found = (item.outcome for one in made for item in one.criteria if item.criterion == name)
    return Row(CRITERIA[name], _parts(found, ("met", "not_met", "cannot_tell")))


def _parts(values: Iterable[str], keys: tuple[str, ...]) -> tuple[Part, ...]:
    counted = Counter(values)
    total = sum(counted.values()) or 1
    return tuple(Part(key, OUTCOMES.get(key, key), counted[key], 100 * counted[key] / total) for key in keys)


def _ranked(values: Iterable[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))


def _nearest(made: tuple[Determination, ...], outcome: str) -> tuple[NearMiss, ...]:
    """The highest scores, but not all of one kind: so many at most for each set of tests that stand in the way."""
    ranked = sorted((one for one in made if one.outcome == outcome), key=lambda one: (-one.score, one.member_id))
    kinds: Counter[tuple[str, ...]] = Counter()
    chosen = []
    for one in ranked:
        kind = tuple(item.criterion for item in one.criteria if item.outcome != "met")
        kinds[kind] += 1
        if kinds[kind] <= SAME_KIND:
            chosen.append(NearMiss(one.member_id, one.score, _missing(one)))
    return tuple(chosen[:NEAR_MISSES])


def _missing(determination: Determination) -> tuple[str, ...]:
    """What stands in the way; the other pathway is left out unless it is the only thing."""
    unmet = [item for item in determination.criteria if item.outcome != "met"]
    chronic = [item for item in unmet if item.criterion != "drug_management"]
    return tuple(item.because for item in chronic or unmet)


def findings_by_screen(reviews: list[Review]) -> tuple[tuple[str, int], ...]:
    """How many findings each screen has."""
    return _ranked(SCREENS[finding.screen] for review in reviews for finding in review.findings)


def findings_by_rule(reviews: list[Review]) -> tuple[RuleCount, ...]:
    """The rules that fired most."""
    fired = Counter(
        (SCREENS[finding.screen], finding.rule_id, finding.severity)
        for review in reviews
        for finding in review.findings
    )
    most = max(fired.values(), default=1)
    ranked = sorted(fired.items(), key=lambda item: (-item[1], item[0]))[:RULES]
    return tuple(RuleCount(*key, count, 100 * count / most) for key, count in ranked)


def suppressed_by_reason(reviews: list[Review]) -> tuple[tuple[str, int], ...]:
    """What fired and was not shown, by reason."""
    return _ranked(item.reason for review in reviews for item in review.suppressed)


def checked(reviews: list[Review]) -> tuple[int, int]:
    """(medications that could be checked, medications)."""
    return (
        sum(review.coverage.medications_checked for review in reviews),
        sum(review.coverage.medications for review in reviews),
    )


def totals(imports: list[Imported]) -> Totals:
    """Rows over all files."""
    counts = [one.status.counts for one in imports]
    return Totals(
        sum(one.rows_in for one in counts),
        sum(one.accepted for one in counts),
        sum(one.replaced for one in counts),
        sum(one.deleted for one in counts),
        sum(one.rejected for one in counts),
    )


def reconciles(status: ImportStatus) -> bool:
    """In = accepted + replaced + deleted + rejected, and the codes add up to what was rejected."""
    counts = status.counts
    whole = counts.accepted + counts.replaced + counts.deleted + counts.rejected
    return counts.rows_in == whole and counts.rejected == sum(counts.rejected_by_code.values())


def rejects_by_code(imports: list[Imported]) -> tuple[tuple[str, int, str, str], ...]:
    """(code, how many, in which files, an example)."""
    counted: Counter[str] = Counter()
    files: dict[str, list[str]] = {}
    for one in imports:
        for code, count in one.status.counts.rejected_by_code.items():
            counted[code] += count
            files.setdefault(code, []).append(one.name)
    examples = {reject.code: reject.message for one in imports for reject in reversed(one.rejects)}
    return tuple(
        (code, count, ", ".join(sorted(set(files[code]))), examples.get(code, ""))
        for code, count in sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    )


def by_member(documents: list[Document]) -> dict[str, Document]:
    """Documents by their member."""
    return {document.member_id: document for document in documents}


def gaps(outcomes: Outcomes) -> tuple[tuple[str, int], ...]:
    """What documents should say and could not."""
    return _ranked(gap.code for document in (*outcomes.letters, *outcomes.summaries) for gap in document.record.gaps)
