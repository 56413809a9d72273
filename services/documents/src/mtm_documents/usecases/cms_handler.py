"""The worker's handler of reports to CMS."""

from mtm_shared.storage import ComeBack, Handler, JobContext

from mtm_documents.usecases.cms_ports import CmsSources
from mtm_documents.usecases.cms_reports import fail_cms_report, work_off_cms_report


def cms_report_handler(sources: CmsSources) -> Handler:
    """Works off reports; a stopping worker leaves between two steps."""

    async def handle(context: JobContext) -> None:
        async def checkpoint() -> None:
            if context.stopping.is_set():
                raise ComeBack

        report_id = context.job.payload["report_id"]
        try:
            await work_off_cms_report(report_id, context.transaction, sources, context.clock, checkpoint)
        except ComeBack:
            raise
        except Exception:
            if context.job.last_attempt:
                await fail_cms_report(report_id, context.transaction, context.clock())
            raise

    return handle
