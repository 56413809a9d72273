"""Which knowledge a command looks into: a folder, a packed version, or a version of the archive by its name."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer
from mtm_shared.reference import ReferenceDataError
from mtm_shared.vocabulary import Vocabulary
from mtm_shared.vocabulary.command.opening import opened as opened_vocabulary

from mtm_review.domain.knowledge import Knowledge
from mtm_review.reference import KNOWLEDGE, load_knowledge
from mtm_review.reference.shelf import places_in, read_version

KnowledgePath = Annotated[
    Path | None,
    typer.Option("--knowledge", envvar="MTM_KNOWLEDGE", help="A folder of knowledge files.", show_default=False),
]
Archive = Annotated[
    Path | None,
    typer.Option("--archive", envvar="MTM_KNOWLEDGE_ARCHIVE", help="A folder of earlier versions.", show_default=False),
]


def stop(said: str, status: int = 2) -> NoReturn:
    """A message and an exit code."""
    typer.echo(f"mtm-review knowledge: {said}", err=True)
    raise typer.Exit(status)


def vocabulary_at(path: Path | None) -> Vocabulary:
    """The vocabulary, or a message and exit code 2."""
    return opened_vocabulary(path)


def knowledge_at(path: Path | None, vocabulary: Vocabulary) -> Knowledge:
    """The knowledge of the folder (default: the packaged one), or a message and exit code 2."""
    folder = path or KNOWLEDGE
    try:
        return load_knowledge(folder.resolve(), vocabulary)
    except ReferenceDataError as refusal:
        typer.echo("`mtm-review knowledge check` lists every mistake.", err=True)
        stop(f"{folder} does not load: {refusal}")


def version_named(named: str, archive: Path | None, vocabulary: Vocabulary) -> Knowledge:
    """The version at a path or with a name; `current` is the packaged one."""
    if named == "current":
        return knowledge_at(None, vocabulary)
    try:
        if Path(named).exists():
            return read_version(Path(named).resolve(), vocabulary)
        places = places_in(archive) if archive is not None else {}
        if named in places:
            return read_version(places[named], vocabulary)
    except ReferenceDataError as refusal:
        stop(f"{named} cannot be read: {refusal}")
    known = ", ".join(["current", *places]) if archive else "current (name an archive with --archive for more)"
    stop(f"there is no folder, packed file or version {named!r}; versions: {known}")
