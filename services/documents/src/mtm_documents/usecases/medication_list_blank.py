"""The blank list of a programme, for its public page: made anew from the programme and kept nowhere."""

import asyncio
from datetime import date
from pathlib import Path

from mtm_documents.forms.medication_list_blank.value import MedicationListBlank
from mtm_documents.forms.registry import FORMS
from mtm_documents.rendering import Rendered, render
from mtm_documents.rendering.render import Target
from mtm_documents.usecases import parties
from mtm_documents.usecases.errors import EditionNotOffered
from mtm_documents.usecases.ports import Eligibility

KIND = "medication_list_blank"


async def medication_list_blank(
    eligibility: Eligibility,
    program_id: str,
    language: str,
    edition: str | None,
    target: Target,
    wording: Path | None,
) -> Rendered:
    """The list in the edition that was asked for, or in the programme's own."""
    form = FORMS[KIND]
    program = await eligibility.program(program_id)
    told = edition or program.summary_edition
    if told not in form.editions:
        raise EditionNotOffered(form.editions)
    value = MedicationListBlank(
        letterhead=parties.letterhead(program),
        contact=parties.contact(program),
        dated=date(program.plan_year, 1, 1),
        edition=told,
    )
    return await asyncio.to_thread(lambda: render(KIND, language, value, target=target, wording=wording))
