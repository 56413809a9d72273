"""`mtm-review serve · migrate · worker · import · knowledge`."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from mtm_shared.clients.connect import eligibility_client
from mtm_shared.storage.engine import Database
from mtm_shared.storage.jobs import JobQueue
from mtm_shared.storage.worker import ComeBack, Handler, JobContext, run_worker
from mtm_shared.web.calling import calling
from mtm_shared.web.cli import service_cli
from rich.console import Console

from mtm_review.clients.eligibility import EligibilityProfiles
from mtm_review.command import knowledge
from mtm_review.domain.versions import Versions
from mtm_review.main import create_app, load_expertise, load_shelf
from mtm_review.settings import ReviewSettings
from mtm_review.storage.tables import jobs
from mtm_review.uploading import COLUMNS, NotReadable, import_reported
from mtm_review.usecases.ports import Expertise, Profiles
from mtm_review.usecases.replay_runs import JOB_KIND as REPLAY_RUN
from mtm_review.usecases.replay_runs import fail_replay_run, work_off_replay_run
from mtm_review.usecases.runs import JOB_KIND, fail_run, work_off_run

_LONGEST_AUTHOR = 200


def review_run_handler(profiles: Profiles, expertise: Expertise) -> Handler:
    """Works off review runs; a stopping worker leaves between two members."""

    async def handle(context: JobContext) -> None:
        async def checkpoint() -> None:
            if context.stopping.is_set():
                raise ComeBack

        review_run_id = context.job.payload["review_run_id"]
        try:
            await work_off_run(review_run_id, context.transaction, profiles, expertise, context.clock, checkpoint)
        except ComeBack:
            raise
        except Exception:
            if context.job.last_attempt:
                await fail_run(review_run_id, context.transaction, context.clock())
            raise

    return handle


def replay_run_handler(expertise: Expertise, versions: Versions) -> Handler:
    """Works off replay runs; a stopping worker leaves between two reviews."""

    async def handle(context: JobContext) -> None:
        async def checkpoint() -> None:
            if context.stopping.is_set():
                raise ComeBack

        replay_run_id = context.job.payload["replay_run_id"]
        try:
            await work_off_replay_run(
                replay_run_id, context.transaction, expertise, versions, context.clock, checkpoint
            )
        except ComeBack:
            raise
        except Exception:
            if context.job.last_attempt:
                await fail_replay_run(replay_run_id, context.transaction, context.clock())
            raise

    return handle


async def work(settings: ReviewSettings, stop: asyncio.Event) -> None:
    """Work off jobs until `stop` is set."""
    expertise = load_expertise(settings)
    database = Database.at(settings.database_url)
    try:
        async with eligibility_client(settings) as client:
            handlers = {
                JOB_KIND: review_run_handler(EligibilityProfiles(client), expertise),
                REPLAY_RUN: replay_run_handler(expertise, load_shelf(settings)),
            }
            await run_worker(database, JobQueue(jobs), handlers, stop)
    finally:
        await database.dispose()


app = service_cli(
    "review",
    create_app,
    settings=ReviewSettings,
    worker=work,
    about="Medication reviews: screenings, findings, decisions and clinical knowledge.",
)
app.add_typer(knowledge)


@app.command("import")
def import_reported_medications(
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=f"CSV: {','.join(COLUMNS)}")],
    author: Annotated[str, typer.Option(help="Who reconciled the medications, as kept in the reviews' changes.")],
    url: Annotated[
        str, typer.Option(envvar="MTM_REVIEW_URL", help="Address of the running service.")
    ] = "http://127.0.0.1:8002",
    token: Annotated[
        str | None, typer.Option(envvar="MTM_TOKEN", help="Access token (development key if none).")
    ] = None,
) -> None:
    """Add medications that members reported to their open reviews; a second import would add them again."""
    if not 0 < len(author.strip()) <= _LONGEST_AUTHOR:
        raise typer.BadParameter(f"must be 1 to {_LONGEST_AUTHOR} characters", param_hint="--author")
    console = Console()
    try:
        with calling(url, token) as client, file.open(encoding="utf-8-sig", newline="") as lines:
            done = import_reported(client, lines, author.strip(), console)
    except NotReadable as error:
        typer.echo(f"{file.name}: {error}", err=True)
        raise typer.Exit(2) from None
    console.print(f"{done.rows_in} rows in = {done.used} used + {len(done.rejected)} rejected", highlight=False)
    for row in done.rejected:
        console.print(f"  line {row.line}: {row.code} {row.field}".rstrip(), highlight=False)
    if done.stopped:
        typer.echo(done.stopped, err=True)
        raise typer.Exit(1)
