"""The changelog of the knowledge: one entry a version, written from what differs and not from memory.

`mtm-review knowledge diff OLD NEW --into CHANGELOG.md` puts the entry on top; it is committed with the version, so that
a pharmacist reads in one place what changed for members, by screen and rule.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from mtm_review.domain.comparing import Comparison, FieldChange, RuleChange, SetChange, What

TITLE = "# Changes of the clinical knowledge"
ABOUT = "Made by `mtm-review knowledge diff`; the newest version is first. An edition is a month of release."
_FOLDED = 12
_SEVERITIES = ("contraindicated", "major", "moderate", "minor")


def entry(found: Comparison) -> str:
    """The entry of the newer version, as Markdown."""
    return "\n".join(_entry(found)) + "\n"


def entered(text: str, found: Comparison) -> str:
    """The changelog with the entry on top; an earlier entry of the same edition is replaced by it."""
    kept = [part for part in _parts(text) if _edition(part) != found.after.partition("+")[0]]
    return "\n\n".join([TITLE, ABOUT, entry(found).rstrip(), *kept]) + "\n"


def _parts(text: str) -> list[str]:
    return [f"## {part}".rstrip() for part in f"\n{text}".split("\n## ")[1:]]


def _edition(part: str) -> str:
    return part.removeprefix("## ").partition("\n")[0].partition("+")[0].strip()


def _entry(found: Comparison) -> Iterator[str]:
    yield f"## {found.after}"
    yield ""
    counts = ", ".join(f"{len(found.of(what))} rules {what}" for what in What)
    yield f"Since {found.before}: {counts}, {found.unchanged} unchanged."
    for what in What:
        changes = found.of(what)
        if changes:
            yield from ("", f"### Rules that are {what}", "")
            yield from _rules(changes) if what is What.CHANGED else _by_screen(changes)
    if found.sets:
        yield from ("", "### Drug sets", "")
        yield from (f"- {line}" for line in map(_set, found.sets))


def _by_screen(changes: Iterable[RuleChange]) -> Iterator[str]:
    screens: defaultdict[str, list[RuleChange]] = defaultdict(list)
    for change in changes:
        screens[change.screen.value].append(change)
    for screen, of_screen in sorted(screens.items()):
        graded = [
            f"{count} {severity}"
            for severity in _SEVERITIES
            if (count := sum(change.severity == severity for change in of_screen))
        ]
        lines = [f"- `{change.rule_id}` ({change.severity}): {change.title}" for change in of_screen]
        yield from _folded(f"{screen.replace('_', ' ')}: {len(of_screen)} ({', '.join(graded)})", lines)


def _rules(changes: Sequence[RuleChange]) -> Iterator[str]:
    lines = [f"- `{change.rule_id}`: {'; '.join(_field(each) for each in change.fields)}" for change in changes]
    yield from _folded(f"{len(changes)} rules", lines) if len(changes) > _FOLDED else lines


def _folded(summary: str, lines: Sequence[str]) -> Iterator[str]:
    """A list that opens at a click: hundreds of new rules must not hide the few that changed."""
    yield from ("<details>", f"<summary>{summary}</summary>", "", *lines, "", "</details>")


def _field(change: FieldChange) -> str:
    if change.added or change.removed:
        return f"{change.field} {_signs(change.added, change.removed)}"
    return f"{change.field} from “{_cell(change.before)}” to “{_cell(change.after)}”"


def _set(change: SetChange) -> str:
    rules = ", ".join(f"`{rule_id}`" for rule_id in change.rules) or "none"
    return f"`{change.set_id}`: {_signs(change.added, change.removed)}; rules: {rules}"


def _signs(added: Iterable[str], removed: Iterable[str]) -> str:
    return ", ".join([*(f"+ {_cell(name)}" for name in added), *(f"− {_cell(name)}" for name in removed)])


def _cell(text: str) -> str:
    return text.replace("<", "&lt;")
