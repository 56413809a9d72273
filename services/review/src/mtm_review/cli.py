"""`mtm-review serve | migrate | worker`."""

import asyncio

from mtm_shared.clients.connect import eligibility_client
from mtm_shared.storage.engine import Database
from mtm_shared.storage.jobs import JobQueue
from mtm_shared.storage.worker import ComeBack, Handler, JobContext, run_worker
from mtm_shared.web.cli import service_cli

from mtm_review.clients.eligibility import EligibilityProfiles
from mtm_review.main import create_app, load_expertise
from mtm_review.settings import ReviewSettings
from mtm_review.storage.tables import jobs
from mtm_review.usecases.ports import Expertise, Profiles
from mtm_review.usecases.runs import JOB_KIND, fail_run, work_off_run


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


async def work(settings: ReviewSettings, stop: asyncio.Event) -> None:
    """Work off jobs until `stop` is set."""
    expertise = load_expertise(settings)
    database = Database.at(settings.database_url)
    try:
        async with eligibility_client(settings) as client:
            handlers = {JOB_KIND: review_run_handler(EligibilityProfiles(client), expertise)}
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
