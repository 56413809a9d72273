"""`mtm-vocabulary build`: one sealed file from the official files under the curated dictionary."""

import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Annotated, Final

import typer

from mtm_shared.reference import ReferenceDataError
from mtm_shared.vocabulary.building import BuildReport, Sources
from mtm_shared.vocabulary.building import build as build_file
from mtm_shared.vocabulary.command.progress import showing_progress
from mtm_shared.vocabulary.dictionary import PACKAGED_DATA
from mtm_shared.vocabulary.official.records import OfficialFileError

_REFUSED: Final = 1
_FILES: Final = "Official files"
_RXNORM: Final = (
    "RxNorm release of the U.S. National Library of Medicine: the zip, its folder or rrf/ (RXNCONSO, RXNREL, RXNSAT; "
    "RXNCUI and RXNATOMARCHIVE too, where there). The Current Prescribable Content needs no licence."
)
_NDC: Final = (
    "NDC Directory of the U.S. Food and Drug Administration: the zip or its folder (product.txt, package.txt)."
)
_MEDRT: Final = (
    "MED-RT of the Veterans Health Administration, published by NCI EVS: Core_MEDRT_YYYY.MM.DD_XML, .zip or .xml."
)
_ICD10: Final = (
    "ICD-10-CM of CDC/NCHS and CMS: the order file, the code file or the tabular XML. May be given several times, "
    "oldest first: codes of every edition that claims may still carry are known."
)
_NADAC: Final = (
    "NADAC (National Average Drug Acquisition Cost) of CMS, from Medicaid's open data: the CSV of a year or week."
)
_AGAINST: Final = "The build before this one (or a folder of tables): the report says what changed against it."
_KEEP: Final = (
    "Keep the NDCs of --against that no file has any more: claims of a year name packages that are no longer sold."
)
_OUT: Final = "The file to make. Two reports are put beside it: .report.txt for people, .report.json for machines."
_OVERLAY: Final = "Folder of the curated tables, which win."
_EDITION: Final = "What the build is called. Default: the curated edition and a print of everything that went in."
_EDITION_SHAPE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+:-]{0,63}")


def build(
    out: Annotated[Path, typer.Option("--out", "-o", dir_okay=False, help=_OUT)],
    rxnorm: Annotated[Path | None, typer.Option(exists=True, help=_RXNORM, rich_help_panel=_FILES)] = None,
    ndc: Annotated[Path | None, typer.Option(exists=True, help=_NDC, rich_help_panel=_FILES)] = None,
    medrt: Annotated[Path | None, typer.Option(exists=True, help=_MEDRT, rich_help_panel=_FILES)] = None,
    icd10: Annotated[list[Path] | None, typer.Option(exists=True, help=_ICD10, rich_help_panel=_FILES)] = None,
    nadac: Annotated[Path | None, typer.Option(exists=True, help=_NADAC, rich_help_panel=_FILES)] = None,
    against: Annotated[Path | None, typer.Option(exists=True, help=_AGAINST)] = None,
    keep_ndcs: Annotated[bool, typer.Option("--keep-ndcs", help=_KEEP)] = False,
    edition: Annotated[str | None, typer.Option(help=_EDITION)] = None,
    overlay: Annotated[
        Path, typer.Option(exists=True, file_okay=False, help=_OVERLAY, show_default="the packaged ones")
    ] = PACKAGED_DATA,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one already.")] = False,
) -> None:
    """Build a vocabulary from official files, any of them, under the curated dictionary.

    Download the files first; a release is taken whole and unpacked or not. Where the curated dictionary and an official
    file differ, the dictionary wins and the report lists it. The same files make the same bytes. The result is one
    read-only file that `MTM_VOCABULARY` names; a build that is refused or broken off leaves what was there.

    Exit codes: 0 built, 1 a file was refused or cannot be written (the message says which), 2 wrong use.
    """
    _check_target(out, force=force)
    _check_against(against, out, keep_ndcs=keep_ndcs)
    _check_edition(edition)
    sources = Sources(rxnorm=rxnorm, ndc=ndc, medrt=medrt, icd10=tuple(icd10 or ()), nadac=nadac)
    with _refusals(), showing_progress(sys.stderr) as shown:
        report = build_file(
            sources,
            out,
            version=edition,
            previous=against,
            keep=keep_ndcs,
            overlay=overlay,
            progress=shown.read,
            stage=shown.stage,
        )
    typer.echo(report.text(), nl=False)
    _write_reports(report, out)


@contextmanager
def _refusals() -> Iterator[None]:
    """What stops a build, as one line and an exit code."""
    signal.signal(signal.SIGTERM, _stopped)
    try:
        yield
    except (OfficialFileError, ReferenceDataError) as refused:
        typer.echo(f"not built: {refused}", err=True)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        typer.echo(f"not built: {where}{error.strerror or error}", err=True)
    else:
        return
    raise typer.Exit(_REFUSED)


def _check_target(out: Path, *, force: bool) -> None:
    if not out.parent.is_dir():
        raise typer.BadParameter(f"there is no folder {out.parent}", param_hint="--out")
    if out.exists() and not force:
        raise typer.BadParameter(f"{out} exists; --force replaces it", param_hint="--out")


def _check_against(against: Path | None, out: Path, *, keep_ndcs: bool) -> None:
    if against is None:
        if keep_ndcs:
            raise typer.BadParameter("needs --against: the build whose NDCs are kept", param_hint="--keep-ndcs")
    elif out.exists() and out.samefile(against):
        raise typer.BadParameter(
            "must be another file than --out: it is what a roll-back needs", param_hint="--against"
        )


def _write_reports(report: BuildReport, out: Path) -> None:
    for suffix, content in ((".report.json", report.json()), (".report.txt", report.text())):
        partial = out.with_name(f".{out.name}{suffix}.{os.getpid()}.part")
        place = out.with_name(out.name + suffix)
        try:
            partial.write_text(content, encoding="utf-8")
            partial.replace(place)
        except OSError as error:
            for path in (partial, place):  # an older one would be taken for this build's
                with suppress(OSError):
                    path.unlink(missing_ok=True)
            typer.echo(f"{out} is built, but {place.name} cannot be written: {error.strerror or error}", err=True)
            raise typer.Exit(_REFUSED) from None


def _check_edition(edition: str | None) -> None:
    """It stands in every answer and on printed pages."""
    if edition is not None and not _EDITION_SHAPE.fullmatch(edition):
        raise typer.BadParameter("must be 1 to 64 letters, digits and . _ + - : without blanks", param_hint="--edition")


def _stopped(number: int, frame: FrameType | None) -> None:
    """Ended from outside like an error, so that the part that was written is taken away."""
    sys.exit(128 + number)
