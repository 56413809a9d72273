"""`mtm-review knowledge diff`: what a version adds, drops and changes, for a terminal, a machine or the changelog."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from mtm_shared.vocabulary.command.opening import Json, VocabularyPath
from mtm_shared.vocabulary.command.page import Page, write, write_json

from mtm_review.command.opening import Archive, stop, version_named, vocabulary_at
from mtm_review.domain.comparing import Comparison, FieldChange, RuleChange, SetChange, What, compare
from mtm_review.reference.changelog import entered, entry

_SHOWN = 40


def diff(
    old: Annotated[str, typer.Argument(help="A folder, a packed file, a version of the archive, or `current`.")],
    new: Annotated[str, typer.Argument(help="The same.")] = "current",
    archive: Archive = None,
    vocabulary: VocabularyPath = None,
    markdown: Annotated[bool, typer.Option("--markdown", help="Answer as an entry of the changelog.")] = False,
    into: Annotated[
        Path | None, typer.Option("--into", help="Put the entry on top of this changelog (it replaces its own).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Say which rules a version adds, drops and changes, field by field, and which drugs its sets gained or lost."""
    book = vocabulary_at(vocabulary)
    found = compare(version_named(old, archive, book), version_named(new, archive, book))
    if into is not None:
        _enter(found, into)
    elif as_json:
        write_json(asdict(found))
    elif markdown:
        write(entry(found))
    else:
        write(_in_words(found))


def _enter(found: Comparison, into: Path) -> None:
    try:
        text = into.read_text(encoding="utf-8") if into.exists() else ""
        into.write_text(entered(text, found), encoding="utf-8")
    except OSError as error:
        stop(f"{into} cannot be written: {error.strerror}")
    typer.echo(f"{into}: entry of knowledge {found.after}", err=True)


def _in_words(found: Comparison) -> str:
    page = Page()
    page.heading(f"From {found.before} to {found.after}")
    counts = ", ".join(f"{len(found.of(what))} {what}" for what in What)
    page.line(f"rules: {counts}, {found.unchanged} unchanged; drug sets changed: {len(found.sets)}")
    for what in What:
        changes = found.of(what)
        if changes:
            page.heading(f"Rules that are {what}")
            _rules(page, changes)
    if found.sets:
        page.heading("Drug sets")
        page.items(_set(change) for change in found.sets)
    return str(page)


def _rules(page: Page, changes: tuple[RuleChange, ...]) -> None:
    for change in changes[:_SHOWN]:
        page.items([f"{change.rule_id} ({change.severity}): {change.title}"])
        page.items((_field(each) for each in change.fields), depth=3)
    if len(changes) > _SHOWN:
        page.line(f"and {len(changes) - _SHOWN} more (--json lists all)")


def _field(change: FieldChange) -> str:
    if change.added or change.removed:
        signs = [f"+{name}" for name in change.added] + [f"-{name}" for name in change.removed]
        return f"{change.field}: {', '.join(signs)}"
    return f"{change.field}: {change.before or '(empty)'} → {change.after or '(empty)'}"


def _set(change: SetChange) -> str:
    signs = [f"+{name}" for name in change.added] + [f"-{name}" for name in change.removed]
    rules = f"; rules: {', '.join(change.rules)}" if change.rules else "; no rule names it"
    return f"{change.set_id}: {', '.join(signs)}{rules}"
