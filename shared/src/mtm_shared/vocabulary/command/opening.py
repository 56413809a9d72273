"""Which vocabulary a command looks into: the one named, else MTM_VOCABULARY, else the packaged one."""

import os
from pathlib import Path
from typing import Annotated

import typer

from mtm_shared.reference import ReferenceDataError
from mtm_shared.vocabulary import Vocabulary, load_vocabulary

VocabularyPath = Annotated[
    Path | None,
    typer.Option(
        "--vocabulary", envvar="MTM_VOCABULARY", help="A built vocabulary or a folder of tables.", show_default=False
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Answer as JSON, for machines.")]


def opened(path: Path | None) -> Vocabulary:
    """The vocabulary, or a message and exit code 2."""
    refuse_missing(path)
    try:
        return load_vocabulary(path)
    except ReferenceDataError as refusal:
        typer.echo(f"mtm-vocabulary: the vocabulary does not load: {refusal}", err=True)
        if path is None or path.is_dir():
            typer.echo("`mtm-vocabulary check` lists every problem of its tables.", err=True)
        raise typer.Exit(2) from None


def refuse_missing(path: Path | None) -> None:
    """Nothing, or a message and exit code 2 where the path can be no vocabulary."""
    if path is None or path.is_file() or (path / "edition.toml").is_file():
        return
    what = f"{path} is no folder of tables: it has no edition.toml" if path.is_dir() else f"there is no {path}"
    by = " (MTM_VOCABULARY)" if os.environ.get("MTM_VOCABULARY") == str(path) else ""
    typer.echo(f"mtm-vocabulary: {what}{by}", err=True)
    raise typer.Exit(2)


def edition(vocabulary: Vocabulary) -> str:
    """The edition in one line, as answers of the services name it."""
    return f"vocabulary {vocabulary.version} {vocabulary.sha256}"


def print_version(wanted: bool) -> None:
    """`--version`: the edition that would answer."""
    if wanted:
        named = os.environ.get("MTM_VOCABULARY")
        typer.echo(f"mtm-vocabulary, {edition(opened(Path(named) if named else None))}")
        raise typer.Exit
