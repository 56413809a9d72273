"""`mtm-review knowledge pack`: a version of the knowledge as one file, for the archive."""

from pathlib import Path
from typing import Annotated

import typer
from mtm_shared.vocabulary.command.opening import Json, VocabularyPath
from mtm_shared.vocabulary.command.page import write, write_json

from mtm_review.command.opening import KnowledgePath, knowledge_at, stop, vocabulary_at
from mtm_review.reference import KNOWLEDGE
from mtm_review.reference.archives import pack as pack_folder


def pack(
    out: Annotated[Path, typer.Option("--out", help="The file to write (or a folder: named after the version there).")],
    knowledge: KnowledgePath = None,
    vocabulary: VocabularyPath = None,
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    as_json: Json = False,
) -> None:
    """Write the knowledge as one sealed file; the same files give the same bytes.

    What does not load is not packed. Keep the files in the folder that MTM_KNOWLEDGE_ARCHIVE names, so that reviews can
    be replayed on the version that made them.
    """
    folder = (knowledge or KNOWLEDGE).resolve()
    version = knowledge_at(folder, vocabulary_at(vocabulary)).version
    path = out / f"knowledge-{version}.zip" if out.is_dir() else out
    if path.exists() and not force:
        stop(f"{path} is there already (--force writes over it)")
    try:
        manifest = pack_folder(folder, path)
    except OSError as error:
        stop(f"{path} cannot be written: {error.strerror}")
    if as_json:
        told = {"version": manifest.version, "fingerprint": manifest.fingerprint, "files": dict(manifest.files)}
        write_json({"path": str(path), **told})
        return
    write(f"{path}: knowledge {manifest.version}, {len(manifest.files)} files")
