"""`mtm-documents serve · migrate · worker · import`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from mtm_shared.storage import Database, JobQueue, run_worker
from mtm_shared.web import load_settings, service_cli
from rich.console import Console

from mtm_documents.main import create_app
from mtm_documents.settings import DocumentsSettings
from mtm_documents.storage import tables
from mtm_documents.usecases.import_sites import SitesLoaded, WrongColumns, import_sites


async def work(settings: DocumentsSettings, stop: asyncio.Event) -> None:
    """Works off queued jobs until stopped."""
    database = Database.at(settings.database_url)
    try:
        await run_worker(database, JobQueue(tables.jobs), {}, stop)
    finally:
        await database.dispose()


app = service_cli(
    "documents", create_app, settings=DocumentsSettings, worker=work, about="Letters and summaries, PDF and HTML."
)


@app.command("import")
def import_take_back_sites(
    file: Annotated[Path, typer.Argument(help="CSV: site_id,name,address,zip_code,phone,hours", exists=True)],
) -> None:
    """Load the sponsor's table of medicine take-back sites (42 CFR 422.111(j))."""
    settings = load_settings("documents", DocumentsSettings)
    console = Console()
    try:
        loaded = asyncio.run(_load(settings, file))
    except (WrongColumns, UnicodeDecodeError) as error:
        console.print(f"[red]{file.name}: {error}[/red]", highlight=False)
        raise typer.Exit(2) from None
    console.print(f"{loaded.rows_in} rows in = {loaded.used} used + {len(loaded.rejected)} rejected")
    for fault in loaded.rejected[:20]:
        console.print(f"  row {fault.row}: {fault.code} {fault.field}", highlight=False)


async def _load(settings: DocumentsSettings, file: Path) -> SitesLoaded:
    database = Database.at(settings.database_url)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            async with database.writing() as session, session.begin():
                return await import_sites(session, lines)
    finally:
        await database.dispose()
