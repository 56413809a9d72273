"""What a report to CMS asks of the other services, and of this service's own deliveries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from mtm_shared.contracts.common import Page
from mtm_shared.contracts.reporting import EnrollmentActivity, EnrollmentFacts
from sqlalchemy.ext.asyncio import AsyncSession

from mtm_documents.domain.cms_file.facts import Sent
from mtm_documents.reference.cms import CmsRules
from mtm_documents.storage.sent import sent_documents


class FactsOfEnrollments(Protocol):
    """Eligibility: a page of enrolments with their facts."""

    async def enrollment_facts_page(
        self, *, plan_year: int, contract_id: str, cursor: str | None, limit: int
    ) -> Page[EnrollmentFacts]:
        """The page after the cursor."""


class WorkOnEnrollments(Protocol):
    """Review: a page of what was done for enrolments."""

    async def activity_page(
        self, *, plan_year: int, contract_id: str, cursor: str | None, limit: int
    ) -> Page[EnrollmentActivity]:
        """The page after the cursor."""


class SentDocuments(Protocol):
    """What was sent for enrolments in a plan year."""

    async def __call__(
        self, session: AsyncSession, enrollment_ids: Sequence[str], plan_year: int
    ) -> Mapping[str, Sent]:
        """By enrolment; an enrolment for which nothing was sent may be absent."""


async def stored_sent(session: AsyncSession, enrollment_ids: Sequence[str], plan_year: int) -> Mapping[str, Sent]:
    """The documents of this service and their deliveries.

    Safe disposal counts in the calendar year in which it was sent; a summary counts whenever it was, because a review
    of December is summarised in January.
    """
    disposal: dict[str, date] = {}
    summaries: dict[str, dict[str, date]] = {}
    for found in await sent_documents(session, enrollment_ids):
        known = summaries.setdefault(found.enrollment_id, {})
        if found.sent_on.year == plan_year:
            disposal[found.enrollment_id] = min(disposal.get(found.enrollment_id, found.sent_on), found.sent_on)
        if found.kind == "cmr_summary" and found.review_id is not None:
            known[found.review_id] = min(known.get(found.review_id, found.sent_on), found.sent_on)
    return {enrollment_id: Sent(disposal.get(enrollment_id), known) for enrollment_id, known in summaries.items()}


@dataclass(frozen=True, slots=True)
class CmsSources:
    """Where a report's facts come from, and the rules that it is made by."""

    eligibility: FactsOfEnrollments
    reviews: WorkOnEnrollments
    rules: CmsRules
    sent: SentDocuments = stored_sent
