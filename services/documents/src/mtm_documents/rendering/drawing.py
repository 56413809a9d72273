"""Draws both shapes of a document: in a thread for one request, in processes of their own for a print run.

The typesetter holds the interpreter's lock, so that threads do not draw faster than one (measured: 37 documents a
second on one thread, 34 on two). A worker's processes are renewed after some hundreds of documents, so that what the
typesetter remembers does not grow for ever.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, Final

from mtm_documents.rendering.render import Rendered, render

Drawn = tuple[Rendered, Rendered]
Draw = Callable[[str, str, Any, Path | None], Awaitable[Drawn]]
_RENEWED_AFTER: Final = 500
_MOST: Final = 8


def draw_both(kind: str, language: str, value: Any, wording: Path | None) -> Drawn:
    """The PDF and its HTML twin; raises what `render` raises."""
    return (
        render(kind, language, value, wording=wording),
        render(kind, language, value, target="html", wording=wording),
    )


async def draw_in_thread(kind: str, language: str, value: Any, wording: Path | None) -> Drawn:
    """One document beside other requests."""
    return await asyncio.to_thread(draw_both, kind, language, value, wording)


@asynccontextmanager
async def drawing_processes(number: int | None = None) -> AsyncIterator[Draw]:
    """Processes that draw until the end of the block; as many as there are cores, at most eight."""
    workers = number or min(os.cpu_count() or 1, _MOST)
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), max_tasks_per_child=_RENEWED_AFTER)

    async def draw(kind: str, language: str, value: Any, wording: Path | None) -> Drawn:
        task = partial(draw_both, kind, language, value, wording)
        return await asyncio.get_running_loop().run_in_executor(pool, task)

    try:
        yield draw
    finally:
        pool.shutdown(cancel_futures=True)
