"""`mtm-vocabulary show` and `explain`: what the vocabulary understands, with the source of every fact."""

from pathlib import Path
from typing import Annotated, Any, Final

import typer

from mtm_shared.vocabulary import NotUnderstood, Vocabulary
from mtm_shared.vocabulary.command.classes import class_data, write_class
from mtm_shared.vocabulary.command.codes import icd10_data, rxhcc_data, snomed_data, write_code
from mtm_shared.vocabulary.command.conditions import condition_data, write_condition
from mtm_shared.vocabulary.command.drugs import drug_data, write_drug
from mtm_shared.vocabulary.command.finding import KINDS, Finding, Found, as_ndc, find, readings, system_of
from mtm_shared.vocabulary.command.opening import Json, VocabularyPath, edition, opened
from mtm_shared.vocabulary.command.page import Page, write, write_json

_WRITERS = {
    "drug": write_drug,
    "class": write_class,
    "condition": write_condition,
    "code": write_code,
}

_DATA = {
    "class": class_data,
    "condition": condition_data,
    "icd10": icd10_data,
    "snomed": snomed_data,
    "rxhcc": rxhcc_data,
}

_LONGEST: Final = 60
_EXAMPLES = {
    "ndc": "00071-0155-23",
    "rxcui": "83367",
    "name": '"Lasix 40mg"',
    "class": "statin",
    "condition": "diabetes",
    "icd10": "E11.22",
    "snomed": "44054006",
    "rxhcc": "RXHCC30",
}


def show(
    what: Annotated[list[str], typer.Argument(help="A name, NDC, class, condition or code; or `rxcui 83367`.")],
    vocabulary: VocabularyPath = None,
    as_json: Json = False,
) -> None:
    """Show what is known of a drug, an NDC, an RxCUI, a class or a condition.

    `show "Lasix 40mg"`, `show 00071-0155-23`, `show rxcui 83367`, `show statin`, `show diabetes`. The kind may stand
    in front: ndc, rxcui, name, class, condition, icd10, snomed, rxhcc.
    """
    kind = what[0] if what[0] in KINDS else None
    if kind and what == [kind]:
        typer.echo(f"mtm-vocabulary: which {kind}? Such as: mtm-vocabulary show {kind} {_EXAMPLES[kind]}", err=True)
        raise typer.Exit(2)
    book = opened(vocabulary)
    _answer(book, find(book, " ".join(what[1:] if kind else what), kind), vocabulary, as_json=as_json)


def explain(
    code: Annotated[
        str, typer.Argument(help="A code of ICD-10-CM (with or without the dot), SNOMED CT or RxHCC; or a condition.")
    ],
    vocabulary: VocabularyPath = None,
    as_json: Json = False,
) -> None:
    """Explain which conditions a diagnosis code shows, by which prefix, and what evidence they ask for.

    A condition itself (`explain diabetes`) is shown with all its codes.
    """
    book = opened(vocabulary)
    finding = find(book, code, system_of(code))
    if not finding.found:
        condition = find(book, code, "condition")
        has_digits = any(letter.isdecimal() for letter in code)
        finding = condition if condition.found or not has_digits else finding
    _answer(book, finding, vocabulary, as_json=as_json)


def _answer(book: Vocabulary, finding: Finding, origin: Path | None, *, as_json: bool) -> None:
    if finding.refusal is not None:
        _refuse(book, finding, finding.refusal, as_json=as_json)
    data = [_data(book, finding.given, each, origin) for each in finding.found]
    if as_json:
        write_json({"vocabulary": {"version": book.version, "sha256": book.sha256}, "answers": data})
        return
    page = Page()
    for each in data:
        _WRITERS[each["kind"]](page, each)
    page.footer(edition(book))
    write(str(page))


def _data(book: Vocabulary, given: str, found: Found, origin: Path | None) -> dict[str, Any]:
    return drug_data(book, given, found, origin) if found.kind == "drug" else _DATA[found.kind](book, found.id)


def _refuse(book: Vocabulary, finding: Finding, refusal: NotUnderstood, *, as_json: bool) -> None:
    meant = _meant(book, finding.given)
    if as_json:
        write_json(
            {
                "vocabulary": {"version": book.version, "sha256": book.sha256},
                "answers": [],
                "not_understood": {
                    "code": refusal.code,
                    "reason": refusal.reason or None,
                    "given": finding.given,
                    "detail": refusal.detail,
                    "suggestions": list(refusal.suggestions),
                    "may_be": [{"ndc": ndc, "name": name} for ndc, name in meant],
                },
            }
        )
        raise typer.Exit(1)
    page = Page()
    # What a table below says need not stand in the sentence too.
    detail = refusal.detail.removeprefix(f"{finding.given!r} is not an NDC: ")
    detail = detail.partition(": ")[0] if meant else detail
    given = finding.given if len(finding.given) <= _LONGEST else f"{finding.given[:_LONGEST]}…"
    page.line(f"{given!r} is not understood: {detail}.", depth=0)
    if meant and refusal.code == "unknown_ndc":
        page.line("Other packages of the same product, if the number is right up to its last two digits:", depth=0)
    for ndc, name in meant:
        page.row(ndc, name or "not in this vocabulary")
    if refusal.suggestions and not meant:
        page.line("It may be:" if refusal.code.startswith("ambiguous") else "Did you mean:", depth=0)
        page.items(refusal.suggestions)
    page.row("code", refusal.code)
    page.line(edition(book), depth=0)
    write(str(page))
    raise typer.Exit(1)


def _meant(book: Vocabulary, given: str) -> list[tuple[str, str]]:
    """What an ambiguous NDC may be, or another package of the product of an unknown one."""
    held = book.tables.drugs.ndcs
    names = [(ndc.hyphenated, held.get(ndc.digits)) for ndc in readings(given)]
    if not names and (ndc := as_ndc(given)) is not None:
        same = sorted(each for each in held if each.startswith(ndc.digits[:9]))
        names = [(f"{each[:5]}-{each[5:9]}-{each[9:]}", held.get(each)) for each in same[:3]]
    return [(ndc, _name(book, rxcui)) for ndc, rxcui in names]


def _name(book: Vocabulary, rxcui: str | None) -> str:
    drug = book.understand(rxcui=rxcui) if rxcui else None
    return "" if drug is None or isinstance(drug, NotUnderstood) else drug.name
