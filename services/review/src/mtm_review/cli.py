"""`mtm-review serve · migrate · worker · import · knowledge · policy`."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from mtm_shared.clients.connect import eligibility_client
from mtm_shared.clients.webhooks import delivery_handlers
from mtm_shared.storage.audit_chain import SEALING, seal_handler
from mtm_shared.storage.engine import Database
from mtm_shared.storage.jobs import JobQueue
from mtm_shared.storage.worker import ComeBack, Handler, JobContext, run_worker
from mtm_shared.web.calling import calling
from mtm_shared.web.cli import service_cli
from rich.console import Console

from mtm_review.clients.eligibility import EligibilityProfiles
from mtm_review.clients.population import EligibilityPopulation
from mtm_review.command import knowledge
from mtm_review.domain.versions import Versions
from mtm_review.main import create_app, load_expertise, load_shelf
from mtm_review.policy_command import commands as policy_commands
from mtm_review.settings import ReviewSettings
from mtm_review.storage.tables import audit_trail, jobs, outbox
from mtm_review.uploading import COLUMNS, NotReadable, import_reported
from mtm_review.usecases import forecast, resolutions
from mtm_review.usecases.ports import Expertise, Population, Profiles
from mtm_review.usecases.replay_runs import JOB_KIND as REPLAY_RUN
from mtm_review.usecases.replay_runs import fail_replay_run, work_off_replay_run
from mtm_review.usecases.runs import JOB_KIND, Means, fail_run, work_off_run

_LONGEST_AUTHOR = 200
Checkpoint = Callable[[], Awaitable[None]]


def review_run_handler(profiles: Profiles, population: Population, expertise: Expertise) -> Handler:
    """Works off review runs; a stopping worker leaves between two members."""

    async def work_off(context: JobContext, run_id: str, checkpoint: Checkpoint) -> None:
        means = Means(context.transaction, profiles, population, expertise, context.clock)
        await work_off_run(run_id, means, checkpoint)

    return _resumable("review_run_id", work_off, fail_run)


def forecast_handler(expertise: Expertise) -> Handler:
    """Works off forecasts of alert burden; a stopping worker leaves between two batches."""

    async def work_off(context: JobContext, forecast_id: str, checkpoint: Checkpoint) -> None:
        await forecast.work_off_forecast(forecast_id, context.transaction, expertise, context.clock, checkpoint)

    return _resumable("forecast_id", work_off, forecast.fail_forecast)


def _resumable(
    key: str,
    work_off: Callable[[JobContext, str, Checkpoint], Awaitable[None]],
    fail: Callable[[str, Any, datetime], Awaitable[None]],
) -> Handler:
    """A job that can be left and taken up again, and says so when its last attempt failed."""

    async def handle(context: JobContext) -> None:
        async def checkpoint() -> None:
            if context.stopping.is_set():
                raise ComeBack

        name = context.job.payload[key]
        try:
            await work_off(context, name, checkpoint)
        except ComeBack:
            raise
        except Exception:
            if context.job.last_attempt:
                await fail(name, context.transaction, context.clock())
            raise

    return handle


def replay_run_handler(expertise: Expertise, versions: Versions) -> Handler:
    """Works off replay runs; a stopping worker leaves between two reviews."""

    async def work_off(context: JobContext, run_id: str, checkpoint: Checkpoint) -> None:
        await work_off_replay_run(run_id, context.transaction, expertise, versions, context.clock, checkpoint)

    return _resumable("replay_run_id", work_off, fail_replay_run)


def resolution_run_handler(profiles: Profiles, expertise: Expertise) -> Handler:
    """Works off runs that judge recommendations; a stopping worker leaves between two members."""

    async def work_off(context: JobContext, run_id: str, checkpoint: Checkpoint) -> None:
        await resolutions.work_off_run(
            run_id, context.transaction, profiles, expertise.vocabulary, context.clock, checkpoint
        )

    return _resumable("resolution_run_id", work_off, resolutions.fail_run)


def handlers(
    profiles: Profiles, population: Population, expertise: Expertise, versions: Versions
) -> dict[str, Handler]:
    """Everything that this worker can do."""
    return {
        JOB_KIND: review_run_handler(profiles, population, expertise),
        forecast.JOB_KIND: forecast_handler(expertise),
        REPLAY_RUN: replay_run_handler(expertise, versions),
        resolutions.JOB_KIND: resolution_run_handler(profiles, expertise),
        SEALING.kind: seal_handler(audit_trail),
        **delivery_handlers(outbox),
    }


async def work(settings: ReviewSettings, stop: asyncio.Event) -> None:
    """Work off jobs until `stop` is set."""
    expertise = load_expertise(settings)
    database = Database.at(settings.database_url)
    try:
        async with eligibility_client(settings) as client:
            profiles, population = EligibilityProfiles(client), EligibilityPopulation(client)
            known = handlers(profiles, population, expertise, load_shelf(settings))
            await run_worker(database, JobQueue(jobs), known, stop, periodic=[SEALING])
    finally:
        await database.dispose()


app = service_cli(
    "review",
    create_app,
    settings=ReviewSettings,
    worker=work,
    trail=audit_trail,
    about="Medication reviews: screenings, findings, decisions and clinical knowledge.",
)
app.add_typer(policy_commands, name="policy")
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
