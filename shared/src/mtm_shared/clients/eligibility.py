"""What the other services ask the eligibility service."""

from collections.abc import AsyncIterator, Sequence
from datetime import date

from mtm_shared.clients.base import Query, ServiceClient, segment
from mtm_shared.contracts.common import Page
from mtm_shared.contracts.eligibility import (
    Determination,
    Enrollment,
    EnrollmentStatus,
    EvaluationRequest,
    Program,
    ProgramSummary,
)
from mtm_shared.contracts.letters import LetterFactsFound, LetterFactsRequest
from mtm_shared.contracts.member import Profile, StoredMember
from mtm_shared.contracts.outreach import Representative
from mtm_shared.contracts.reporting import EnrollmentFacts


class EligibilityClient(ServiceClient):
    """Members, programmes, determinations and enrolments, read; determinations on given records."""

    async def member(self, member_id: str) -> StoredMember:
        """A member with every span of coverage."""
        return await self.get(f"/v1/members/{segment(member_id)}", StoredMember)

    async def profile(self, member_id: str, as_of: date) -> Profile:
        """What a review reads of a member."""
        return await self.get(f"/v1/members/{segment(member_id)}/profile", Profile, {"as_of": as_of})

    def programs(self) -> AsyncIterator[ProgramSummary]:
        """Every programme."""
        return self.pages("/v1/programs", Page[ProgramSummary])

    async def program(self, program_id: str) -> Program:
        """A programme with its parameters and contacts."""
        return await self.get(f"/v1/programs/{segment(program_id)}", Program)

    async def evaluate(self, request: EvaluationRequest) -> Determination:
        """A determination on the given record; stores nothing."""
        return await self.post("/v1/determinations/evaluate", request, Determination)

    async def enrollment(self, enrollment_id: str) -> Enrollment:
        """An enrolment."""
        return await self.get(f"/v1/enrollments/{segment(enrollment_id)}", Enrollment)

    async def letter_facts(self, enrollment_ids: Sequence[str]) -> LetterFactsFound:
        """What letters to at most 200 enrolments are made of, in one request."""
        asked = LetterFactsRequest(enrollment_ids=list(enrollment_ids))
        return await self.ask("/v1/enrollments/letter-facts", asked, LetterFactsFound)

    async def enrollment_page(
        self,
        *,
        status: EnrollmentStatus | None = None,
        program_id: str | None = None,
        contract_id: str | None = None,
        member_id: str | None = None,
        plan_year: int | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[Enrollment]:
        """One page of enrolments, for a caller that pages itself."""
        query = {
            "status": status,
            "program_id": program_id,
            "contract_id": contract_id,
            "member_id": member_id,
            "plan_year": plan_year,
            "cursor": cursor,
            "limit": limit,
        }
        return await self.get("/v1/enrollments", Page[Enrollment], query)

    def enrollments(
        self,
        *,
        status: EnrollmentStatus | None = None,
        due: date | None = None,
        program_id: str | None = None,
        contract_id: str | None = None,
        member_id: str | None = None,
    ) -> AsyncIterator[Enrollment]:
        """Enrolments that fit every given filter."""
        query = {
            "status": status,
            "due": due,
            "program_id": program_id,
            "contract_id": contract_id,
            "member_id": member_id,
        }
        return self.pages("/v1/enrollments", Page[Enrollment], query)

    def enrollment_facts(
        self, *, plan_year: int, contract_id: str | None = None, program_id: str | None = None
    ) -> AsyncIterator[EnrollmentFacts]:
        """Enrolments of a plan year with what a report names of their members, by enrolment id."""
        query = {"plan_year": plan_year, "contract_id": contract_id, "program_id": program_id}
        return self.pages("/v1/enrollment-facts", Page[EnrollmentFacts], query)

    async def enrollment_facts_page(
        self, *, plan_year: int, contract_id: str, cursor: str | None, limit: int
    ) -> Page[EnrollmentFacts]:
        """One page of them: work that outlives a request keeps the cursor and goes on after it."""
        query: Query = {"plan_year": plan_year, "contract_id": contract_id, "cursor": cursor, "limit": limit}
        return await self.get("/v1/enrollment-facts", Page[EnrollmentFacts], query)

    def representatives(self, member_id: str, on: date | None = None) -> AsyncIterator[Representative]:
        """Who may speak for a member; with `on`, only those whose authority stands on that day."""
        path = f"/v1/members/{segment(member_id)}/representatives"
        return self.pages(path, Page[Representative], {"on": on})
