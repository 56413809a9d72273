"""Asks for each programme once: a run of thousands of letters is of one or two programmes."""

import asyncio

from mtm_shared.contracts.eligibility import Program

from mtm_documents.usecases.ports import Eligibility


class ProgramsOnce:
    """Eligibility as it is, but that a programme is read once and shared; a failure is not kept."""

    def __init__(self, eligibility: Eligibility) -> None:
        self._eligibility = eligibility
        self._programs: dict[str, Program] = {}
        self._reading = asyncio.Lock()
        self.member = eligibility.member
        self.enrollment = eligibility.enrollment
        self.determinations = eligibility.determinations
        self.enrollment_page = eligibility.enrollment_page

    async def program(self, program_id: str) -> Program:
        """A programme with its contacts."""
        async with self._reading:
            if program_id not in self._programs:
                self._programs[program_id] = await self._eligibility.program(program_id)
            return self._programs[program_id]
