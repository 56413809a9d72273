"""`mtm-eligibility`: serve, migrate, worker, and import of files through a running service."""

from pathlib import Path
from typing import Annotated, cast, get_args

import typer
from mtm_shared.contracts.eligibility import ImportFormat
from mtm_shared.web import service_cli
from mtm_shared.web.calling import calling
from rich.console import Console

from mtm_eligibility.main import create_app
from mtm_eligibility.settings import EligibilitySettings
from mtm_eligibility.storage.tables import audit_trail
from mtm_eligibility.uploading import UploadFailed, import_path
from mtm_eligibility.worker import work

app = service_cli("eligibility", create_app, settings=EligibilitySettings, worker=work, trail=audit_trail)
FORMATS = get_args(ImportFormat)
_HOURS = 3600.0


@app.command("import")
def import_files(
    path: Annotated[Path, typer.Argument(exists=True, help="A file, or a folder whose files are imported by name.")],
    file_format: Annotated[
        str | None, typer.Option("--format", help=f"One of {', '.join(FORMATS)}; guessed from the header if not given.")
    ] = None,
    url: Annotated[
        str, typer.Option(envvar="MTM_ELIGIBILITY_URL", help="Address of the running service.")
    ] = "http://127.0.0.1:8001",
    token: Annotated[
        str | None,
        typer.Option(envvar="MTM_TOKEN", help="Access token (development key if none)."),
    ] = None,
) -> None:
    """Import files of members and claims through a running service; members first, then claims."""
    if file_format is not None and file_format not in FORMATS:
        raise typer.BadParameter(f"must be one of {', '.join(FORMATS)}", param_hint="--format")
    given = cast(ImportFormat | None, file_format)
    try:
        with calling(url, token, write_seconds=_HOURS) as client:
            done = import_path(client, path, given, Console())
    except UploadFailed as failed:
        typer.echo(str(failed), err=True)
        raise typer.Exit(1) from None
    raise typer.Exit(0 if done else 1)
