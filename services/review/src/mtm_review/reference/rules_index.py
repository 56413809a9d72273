"""The page that leads to every rule of reviews: counts by screen, severity and source, and what the words mean."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from mtm_shared.rule_files import table
from mtm_shared.values.citation import Status

from mtm_review.domain.finding import Screen, Severity
from mtm_review.domain.readable import ReadableRule

_TITLES: Final = {Screen.DRUG_DISEASE: "Drug–disease", Screen.DRUG_DRUG: "Drug–drug"}
# NCPDP's reasons for service (field 439-E4), as far as screens give them.
DUR_CODES: Final[Mapping[str, str]] = {
    "TD": "therapeutic duplication",
    "ID": "ingredient duplication",
    "MC": "drug–disease, the condition reported",
    "DC": "drug–disease, the condition inferred",
    "DD": "drug–drug interaction",
    "PA": "drug–age",
    "LR": "underuse",
    "ER": "overuse",
    "AD": "a further drug is needed",
    "HD": "high dose",
    "LD": "low dose",
    "MX": "excessive duration",
    "SD": "a suboptimal drug or indication",
    "DA": "drug–allergy",
}
_CODES_OF: Final[Mapping[Screen, tuple[str, ...]]] = {
    Screen.DUPLICATE_THERAPY: ("TD", "ID"),
    Screen.DRUG_DISEASE: ("MC", "DC"),
    Screen.DRUG_DRUG: ("DD",),
    Screen.OLDER_ADULT: ("PA",),
    Screen.OPIOID_SAFETY: ("DD", "HD", "MX"),
    Screen.ADHERENCE: ("LR", "ER"),
    Screen.GAP_IN_CARE: ("AD",),
    Screen.DOSE: ("HD", "LD"),
    Screen.DURATION: ("MX",),
    Screen.COST: ("SD",),
    Screen.ALLERGY: ("DA",),
}
_STATUSES: Final[Mapping[Status, str]] = {
    Status.FINAL: "the source and its section were looked up",
    Status.PROPOSED: "the source is a proposal",
    Status.ESTIMATED: "the value is our estimate",
    Status.UNVERIFIED: "written from what is known; the source still has to be looked up",
}


def title_of(screen: Screen) -> str:
    """A screen as a heading."""
    return _TITLES.get(screen, screen.value.replace("_", " ").capitalize())


def index(rules: Sequence[ReadableRule], edition: str) -> str:
    """The page."""
    return "\n".join(
        [
            "# Rules of reviews",
            "",
            f"This page is made from the knowledge files of the review service. {edition}; {len(rules)} rules.",
            "",
            *_by_screen(rules),
            "",
            "[What changed by version](../../services/review/src/mtm_review/reference/knowledge/CHANGELOG.md) · "
            "[How a version is released](../operations/knowledge-releases.md)",
            "",
            "## Severity",
            "",
            *table(("severity", "means"), [(each.value, each.meaning) for each in Severity]),
            "",
            "## Sources",
            "",
            *table(("status", "means"), [(status.value, means) for status, means in _STATUSES.items()]),
            "",
            "## Reason codes",
            "",
            "NCPDP's reasons for service (field 439-E4).",
            "",
            *table(("code", "means"), list(DUR_CODES.items())),
            "",
        ]
    )


def _by_screen(rules: Sequence[ReadableRule]) -> list[str]:
    rows = []
    for screen in Screen:
        of_screen = [rule for rule in rules if rule.screen is screen]
        if of_screen:
            severities = Counter(rule.severity for rule in of_screen)
            unverified = sum(rule.citation.status is not Status.FINAL for rule in of_screen)
            link = f"[{title_of(screen)}]({screen.value}.md)"
            graded = [severities[each] for each in Severity]
            rows.append((link, ", ".join(_CODES_OF[screen]), len(of_screen), *graded, unverified))
    total = Counter(rule.severity for rule in rules)
    unverified = sum(rule.citation.status is not Status.FINAL for rule in rules)
    rows.append(("all", "", len(rules), *(total[each] for each in Severity), unverified))
    return table(("screen", "codes", "rules", *(each.value for each in Severity), "not final"), rows)
