"""Renders data that the caller gives, storing nothing."""

import asyncio
from pathlib import Path
from typing import Any

from mtm_shared.contracts.documents import RenderRequest
from pydantic import ValidationError

from mtm_documents.forms.form import UnknownEditionError
from mtm_documents.forms.registry import FORMS
from mtm_documents.rendering import Rendered, render
from mtm_documents.rendering.render import Target
from mtm_documents.usecases.errors import DataRefused, EditionNotOffered, KindNotOffered


async def render_given(request: RenderRequest, target: Target, wording: Path | None) -> Rendered:
    """The document of the data; DataRefused holds every fault of it."""
    form = FORMS.get(request.kind)
    if form is None:
        raise KindNotOffered
    data = dict(request.data)
    if request.format_edition is not None:
        data["edition"] = request.format_edition
    try:
        value = form.data_model.model_validate(data).to_value()
    except ValidationError as error:
        raise DataRefused(error.errors(include_url=False)) from None
    try:
        return await asyncio.to_thread(_rendered, request, value, target, wording)
    except UnknownEditionError:
        raise EditionNotOffered(form.editions) from None


def _rendered(request: RenderRequest, value: Any, target: Target, wording: Path | None) -> Rendered:
    return render(request.kind, request.language, value, target=target, wording=wording)
