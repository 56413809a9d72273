"""`mtm-documents serve · migrate · worker · import · wording check`."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from mtm_shared.clients.connect import eligibility_client, review_client
from mtm_shared.clients.webhooks import delivery_handlers
from mtm_shared.storage import ComeBack, Database, Handler, JobContext, JobQueue, run_worker
from mtm_shared.storage.audit_chain import SEALING, seal_handler
from mtm_shared.web import load_settings, service_cli
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import DatabaseError

from mtm_documents.catalogues import LANGUAGES, CatalogueError, WordingStatus, load_words
from mtm_documents.domain.disposal import TakeBackSite
from mtm_documents.forms.registry import FORMS
from mtm_documents.main import create_app
from mtm_documents.reference.cms import load_cms_rules
from mtm_documents.rendering.drawing import drawing_processes
from mtm_documents.settings import DocumentsSettings
from mtm_documents.storage import sites, tables
from mtm_documents.usecases.cms_handler import cms_report_handler
from mtm_documents.usecases.cms_ports import CmsSources
from mtm_documents.usecases.cms_reports import JOB_KIND as CMS_REPORT
from mtm_documents.usecases.import_sites import NothingUsable, NotReadable, SitesLoaded, WrongColumns, import_sites
from mtm_documents.usecases.ordering import NearSites, Sources
from mtm_documents.usecases.print_runs import JOB_KIND, end_print_run, work_off_print_run

_MOST_TOLD: Final = 20


def print_run_handler(sources: Sources) -> Handler:
    """Works off print runs; a stopping worker leaves between two documents."""

    async def handle(context: JobContext) -> None:
        async def checkpoint() -> None:
            if context.stopping.is_set():
                raise ComeBack

        print_run_id = context.job.payload["print_run_id"]
        try:
            await work_off_print_run(print_run_id, context.transaction, sources, context.clock, checkpoint)
        except ComeBack:
            raise
        except Exception:
            if context.job.last_attempt:
                await end_print_run(print_run_id, context.transaction, "failed", context.clock())
            raise

    return handle


def near_sites(database: Database) -> NearSites:
    """Take-back sites near a ZIP code, each look-up in a reading transaction of its own."""

    async def near(zip_code: str | None) -> tuple[TakeBackSite, ...]:
        async with database.reading() as session, session.begin():
            return await sites.near(session, zip_code)

    return near


def handlers(sources: Sources, reports: CmsSources) -> dict[str, Handler]:
    """Everything that this worker can do."""
    return {
        JOB_KIND: print_run_handler(sources),
        CMS_REPORT: cms_report_handler(reports),
        SEALING.kind: seal_handler(tables.audit_trail),
        **delivery_handlers(tables.outbox),
    }


async def work(settings: DocumentsSettings, stop: asyncio.Event) -> None:
    """Works off queued jobs until stopped."""
    cms_rules = load_cms_rules(settings.cms_rules)
    database = Database.at(settings.database_url)
    try:
        async with (
            eligibility_client(settings) as eligibility,
            review_client(settings) as reviews,
            drawing_processes() as draw,
        ):
            sources = Sources(eligibility, reviews, near_sites(database), settings.wording, draw)
            reports = CmsSources(eligibility, reviews, cms_rules)
            await run_worker(database, JobQueue(tables.jobs), handlers(sources, reports), stop, periodic=[SEALING])
    finally:
        await database.dispose()


app = service_cli(
    "documents",
    create_app,
    settings=DocumentsSettings,
    worker=work,
    trail=tables.audit_trail,
    about="Letters and summaries, PDF and HTML.",
)


@app.command("import")
def import_take_back_sites(
    file: Annotated[
        Path, typer.Argument(help="CSV: site_id,name,address,zip_code,phone,hours", exists=True, dir_okay=False)
    ],
    replace: Annotated[bool, typer.Option(help="The file is the whole table: other sites are removed.")] = False,
) -> None:
    """Load the sponsor's table of medicine take-back sites (42 CFR 422.111(j))."""
    settings = load_settings("documents", DocumentsSettings)
    console = Console()
    try:
        loaded = asyncio.run(_load(settings, file, replace))
    except (WrongColumns, NotReadable) as error:
        _refuse(f"{file.name}: {error}")
    except NothingUsable:
        _refuse(f"{file.name}: no row can be used, so the table was not replaced")
    except UnicodeDecodeError:
        _refuse(f"{file.name}: the file must be UTF-8")
    except DatabaseError:
        _refuse("the database cannot take the sites; has it been migrated (mtm-documents migrate)?")
    console.print(f"{loaded.rows_in} rows in = {loaded.used} used + {len(loaded.rejected)} rejected")
    if replace:
        console.print(f"{loaded.removed} sites removed")
    for fault in loaded.rejected[:_MOST_TOLD]:
        console.print(f"  line {fault.row}: {fault.code} {fault.field}", highlight=False)
    if (more := len(loaded.rejected) - _MOST_TOLD) > 0:
        console.print(f"  and {more} more")


def _refuse(reason: str) -> NoReturn:
    typer.echo(reason, err=True)
    raise typer.Exit(2)


async def _load(settings: DocumentsSettings, file: Path, replace: bool) -> SitesLoaded:
    database = Database.at(settings.database_url)
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            async with database.writing() as session, session.begin():
                return await import_sites(session, lines, replace=replace)
    finally:
        await database.dispose()


wording = typer.Typer(help="The words of the documents.", no_args_is_help=True)
app.add_typer(wording, name="wording")


@wording.command("check")
def check_wording() -> None:
    """List which strings are official, ours or unverified; a missing or unusable one ends with status 1."""
    overlay = load_settings("documents", DocumentsSettings).wording
    console = Console()
    table = Table("form", "language", *(status.value for status in WordingStatus))
    try:
        for kind in dict.fromkeys(form.family for form in FORMS.values()):
            for language in LANGUAGES:
                entries = load_words(kind, language, overlay).entries.values()
                counted = Counter(entry.status for entry in entries)
                table.add_row(kind, language, *(str(counted[status]) for status in WordingStatus))
    except CatalogueError as error:
        console.print(f"[red]{error}[/red]", highlight=False)
        raise typer.Exit(1) from None
    console.print(table)
