"""The blank medication list that a plan's public page must offer (CMS guidance on the MTM web page).

It is about nobody, so that caches may keep it: the plan's site fetches it with a key of its own and gives it to anyone.
"""

from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import Response
from mtm_shared.contracts.common import Identifier, Language, ShortText
from mtm_shared.web import IfNoneMatch, Router, not_modified, problem_responses

from mtm_documents.api.accepting import preferred
from mtm_documents.api.documents import CONTENT, Accept, Reader
from mtm_documents.usecases.medication_list_blank import medication_list_blank

router = Router(prefix="/v1/medication-list-blank", tags=["documents"])
_KEPT: Final = "public, max-age=3600"


@router.get(
    "",
    response_class=Response,
    responses={**CONTENT, 304: {"description": "The bytes are those of the ETag."}, **problem_responses(404)},
)
async def get_blank_medication_list(
    request: Request,
    _: Reader,
    program_id: Annotated[Identifier, Query(description="Whose telephone and name it bears.")],
    language: Annotated[Language, Query()] = "en",
    edition: Annotated[ShortText | None, Query(description="`2022` or `2013`; else the programme's own.")] = None,
    accept: Accept = None,
    if_none_match: IfNoneMatch = None,
) -> Response:
    """The blank list as PDF or HTML: the same bytes until the programme or the wording changes."""
    state = request.app.state
    rendered = await medication_list_blank(
        state.eligibility, program_id, language, edition, preferred(accept), state.settings.wording
    )
    headers = {"ETag": f'"{rendered.sha256}"', "Vary": "Accept", "Cache-Control": _KEPT}
    if not_modified(if_none_match, headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(rendered.content, media_type=rendered.media_type, headers=headers)
