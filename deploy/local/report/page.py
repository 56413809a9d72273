"""Writes `index.html` from the outcomes of a run."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.local.outcomes import Outcomes
from deploy.local.report import accounts, figures, wording
from deploy.local.report.figures import Programme

HERE = Path(__file__).parent
EXAMPLES = 3
SEVERITY = ("contraindicated", "major", "moderate", "minor")


def write_page(folder: Path, outcomes: Outcomes) -> Path:
    """Render the page into the folder; answers where it is."""
    target = folder / "index.html"
    target.write_text(render(outcomes), encoding="utf-8")
    return target


def render(outcomes: Outcomes) -> str:
    """The page as text. Every value is escaped: nothing of a claim can become markup."""
    environment = Environment(
        loader=FileSystemLoader(HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["plain"] = wording.plain
    environment.filters["number"] = lambda count: f"{count:,}"
    template = environment.get_template("index.html.j2")
    return template.render(**_values(outcomes))


def _values(outcomes: Outcomes) -> dict[str, Any]:
    programmes = [figures.programme(decisions) for decisions in outcomes.decisions]
    comprehensive = [review for review in outcomes.reviews if review.kind == "cmr"]
    return {
        "run": outcomes,
        "style": (HERE / "style.css").read_text(encoding="utf-8"),
        "programmes": programmes,
        "enrolled": _enrolled(programmes),
        "totals": figures.totals(outcomes.imports),
        "accounts": accounts.accounts(outcomes),
        "flat": lambda versions: list(accounts.flat(versions)),
        "reconciles": figures.reconciles,
        "rejects": figures.rejects_by_code(outcomes.imports),
        "screens": figures.findings_by_screen(outcomes.reviews),
        "rules": figures.findings_by_rule(outcomes.reviews),
        "suppressed": figures.suppressed_by_reason(outcomes.reviews),
        "checked": figures.checked(outcomes.reviews),
        "findings": sum(len(review.findings) for review in outcomes.reviews),
        "title": outcomes.rule_titles,
        "examples": _examples(outcomes),
        "comprehensive": comprehensive,
        "letters": figures.by_member(outcomes.letters),
        "summaries": figures.by_member(outcomes.summaries),
        "gaps": figures.gaps(outcomes),
        "pathway": wording.PATHWAYS,
        "language": wording.LANGUAGES,
    }


def _enrolled(programmes: list[Programme]) -> list[Any]:
    made = [one for programme in programmes for one in programme.decisions.determinations if one.enrollment_id]
    return sorted(made, key=lambda one: (-one.priority, one.member_id))


def _examples(outcomes: Outcomes) -> list[Any]:
    """The most serious findings, each of another rule."""
    found: dict[str, Any] = {}
    everything = [finding for review in outcomes.reviews for finding in review.findings]
    for finding in sorted(everything, key=lambda one: (SEVERITY.index(one.severity), one.tier, one.rank)):
        if all(finding.screen != other.screen or finding.severity != other.severity for other in found.values()):
            found.setdefault(finding.rule_id, finding)
    return list(found.values())[:EXAMPLES]
