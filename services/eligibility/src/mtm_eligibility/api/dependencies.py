"""What routes ask for: the caller with a scope, and what every decision needs."""

from typing import Annotated

from fastapi import Depends, Path, Request
from mtm_shared.web import Principal, require

from mtm_eligibility.usecases.runtime import Runtime


def runtime(request: Request) -> Runtime:
    """The vocabulary and the programmes, loaded when the service started."""
    loaded: Runtime = request.app.state.runtime
    return loaded


async def _runtime(request: Request) -> Runtime:
    # Asynchronous, because a plain function would be sent to a thread for every request.
    return runtime(request)


Loaded = Annotated[Runtime, Depends(_runtime)]
Reader = Annotated[Principal, Depends(require("eligibility.read"))]
Writer = Annotated[Principal, Depends(require("eligibility.write"))]
Id = Annotated[str, Path(pattern=r"^[A-Za-z0-9._:+-]{1,64}$")]
