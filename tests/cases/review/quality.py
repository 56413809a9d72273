"""How good the screens are on the labelled cases: precision and recall by screen and tier, with every miss.

A finding is right when its rule and its medications are those of a label. The labels and the rules come from the same
project, so that these figures say that the engine does what its makers mean, not that they mean the right thing; the
cases of others (CMS156, FHIR records, MME) are told on pages of their own.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from cases.review.blind_members import Label, Member
from cases.review.cases import Case
from cases.review.running import as_answer, run, run_body

PAGE: Final = "docs/review-quality.md"
INFERRED: Final = "drug_disease, inferred"
Key = tuple[str, str]


@dataclass
class Tally:
    """What was found and is labelled, found and is not, labelled and was not found."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is labelled."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of what is labelled that was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    def add(self, other: "Tally") -> None:
        """Count the other's too."""
        self.right, self.wrong, self.missed = (
            self.right + other.right,
            self.wrong + other.wrong,
            self.missed + other.missed,
        )


@dataclass(frozen=True)
class Miss:
    """A label that was not answered as it says, or a finding that no label has."""

    case: Case
    what: str
    rule: str


@dataclass
class Quality:
    """Tallies by screen and tier, misses, and how many cases there are."""

    by_tier: dict[Key, Tally] = field(default_factory=lambda: defaultdict(Tally))
    misses: list[Miss] = field(default_factory=list)
    cases: Counter[str] = field(default_factory=Counter)
    nuisance: Counter[str] = field(default_factory=Counter)
    labels: list[tuple[Label, bool]] = field(default_factory=list)

    def of(self, screen: str, tier: str = "") -> Tally:
        """The tally of a screen, of one tier or of all."""
        total = Tally()
        for (name, of_tier), tally in self.by_tier.items():
            if name == screen and tier in ("", of_tier):
                total.add(tally)
        return total


def measure(cases: Iterable[Case], members: Iterable[Member] = ()) -> Quality:
    """Every case run through the kernel and counted, and every label of the members asked."""
    quality = Quality()
    for case in cases:
        quality.cases[case.screen] += 1
        quality.nuisance[case.screen] += case.is_nuisance
        _count(case, as_answer(run(case))["findings"], quality)
    for member in members:
        findings = as_answer(run_body(member.body))["findings"]
        quality.labels += [(label, label.met_by(findings)) for label in member.labels]
    return quality


def _count(case: Case, found: list[dict[str, Any]], quality: Quality) -> None:
    wanted = {_labelled(label, len(case.body["medications"])): label for label in case.findings}
    for finding in found:
        key = (finding["rule_id"], tuple(sorted(m["medication_id"] for m in finding["medications"])))
        tally = quality.by_tier[_screen(finding["rule_id"], finding["confidence"] != "reported"), str(finding["tier"])]
        if wanted.pop(key, None) is not None:
            tally.right += 1
        else:
            tally.wrong += 1
            quality.misses.append(Miss(case, "found, not labelled", finding["rule_id"]))
    for label in wanted.values():
        inferred = label.get("dur") == "DC" or "inferred" in label.get("confidence", "")
        quality.by_tier[_screen(label["rule"], inferred), str(label.get("tier", "any"))].missed += 1
        quality.misses.append(Miss(case, "labelled, not found", label["rule"]))


def _labelled(label: dict[str, Any], medications: int) -> tuple[str, tuple[str, ...]]:
    places = label.get("medications", range(1, medications + 1))
    return label["rule"], tuple(sorted(f"m{place}" for place in places))


def _screen(rule_id: str, inferred: bool) -> str:
    screen = rule_id.partition(".")[0]
    return INFERRED if inferred and screen == "drug_disease" else screen


_HEAD: Final = (
    "# How good the screens are on the labelled cases",
    "",
    "This page is made by `make quality` from `tests/cases/review`; a test holds it current. A finding is right when",
    "its rule and its medications are those of the label. Labels and rules come from the same project and no",
    "pharmacist outside it has reviewed either: the figures say that the engine does what its makers mean. Two things",
    "stand apart: [CMS's cases on older adults](cms156.md), which others wrote, and the members at the end of this",
    "page, who were labelled without sight of the rules.",
)
_TABLE: Final = (
    "| screen | tier | right | wrong | missed | precision | recall |",
    "|---|---|---|---|---|---|---|",
)


def page(quality: Quality, cases: Iterable[Case]) -> str:
    """The page that docs publish."""
    screens = sorted({screen for screen, _ in quality.by_tier})
    counts = f"{sum(quality.cases.values())} cases, {sum(quality.nuisance.values())} of them nuisance negatives"
    lines = [*_HEAD, "", f"{counts}: nothing must be found.", "", *_TABLE]
    for screen in screens:
        tiers = sorted(tier for name, tier in quality.by_tier if name == screen)
        lines += [_row(screen, tier, quality.by_tier[screen, tier]) for tier in tiers]
        lines.append(_row(f"**{screen}**", "all", quality.of(screen)))
    lines += ["", *_files(quality), "", "## Every miss", "", *_misses(quality.misses), ""]
    lines += [*_disagreements(cases), *_blind(quality.labels), ""]
    return "\n".join(lines)


def _row(screen: str, tier: str, tally: Tally) -> str:
    return (
        f"| {screen} | {tier} | {tally.right} | {tally.wrong} | {tally.missed} "
        f"| {tally.precision:.3f} | {tally.recall:.3f} |"
    )


def _files(quality: Quality) -> list[str]:
    rows = [
        f"| {screen or 'all screens together'} | {count} | {quality.nuisance[screen]} |"
        for screen, count in sorted(quality.cases.items())
    ]
    return ["## Cases", "", "| screen | cases | nuisance negatives |", "|---|---|---|", *rows]


def _misses(misses: list[Miss]) -> list[str]:
    if not misses:
        return ["None."]
    rows = [
        f"| {miss.case.case_id} | {miss.what} | {miss.rule} | {miss.case.because} | {miss.case.miss} |"
        for miss in misses
    ]
    return ["| case | what | rule | the label's reason | why |", "|---|---|---|---|---|", *rows]


def _disagreements(cases: Iterable[Case]) -> list[str]:
    rows = [f"| {case.case_id} | {case.because} | {case.disagree} |" for case in cases if case.disagree]
    head = ["| case | label | who would disagree, and why |", "|---|---|---|"]
    return ["## Where a colleague would disagree", "", *head, *rows] if rows else []


def _blind(labels: list[tuple[Label, bool]]) -> list[str]:
    if not labels:
        return []
    screens = sorted({label.screen for label, _ in labels})
    rows = [_blind_row(screen, [(one, met) for one, met in labels if one.screen == screen]) for screen in screens]
    failed = [
        f"| {label.member_id} | {label.screen} | {'to be found' if label.wanted else 'to stay quiet'} | {label.why} "
        f"| {label.miss} |"
        for label, met in labels
        if not met
    ]
    return [
        "",
        "## Members labelled without sight of the rules",
        "",
        "Realistic members with all screens on; a label names a screen and medications, never a rule.",
        "",
        "| screen | to be found | found | to stay quiet | quiet |",
        "|---|---|---|---|---|",
        *rows,
        "",
        "| member | screen | label | its reason | why this version differs |",
        "|---|---|---|---|---|",
        *failed,
    ]


def _blind_row(screen: str, labels: list[tuple[Label, bool]]) -> str:
    wanted = [met for label, met in labels if label.wanted]
    quiet = [met for label, met in labels if not label.wanted]
    return f"| {screen} | {len(wanted)} | {sum(wanted)} | {len(quiet)} | {sum(quiet)} |"


TARGETS: Final[Mapping[Key, tuple[float, float]]] = {
    ("duplicate_therapy", "1"): (0.90, 0.95),
    ("drug_disease", ""): (0.95, 0.95),
}
"""Precision and recall that are asked of a screen and tier."""
