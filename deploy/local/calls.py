"""HTTP calls of the demo: the same public calls that any integrator makes, with failures that say what to look at."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

from deploy.local.processes import DemoFailed

TOKEN = "openmtm-development"  # noqa: S105 - the published key of the development environment
Item = TypeVar("Item")
Made = TypeVar("Made")
Json = dict[str, Any]


class Service:
    """One service behind its address."""

    def __init__(self, name: str, url: str, token: str = TOKEN) -> None:
        self.name = name
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={"Authorization": f"Bearer {token}"},
            timeout=httpx.Timeout(60, connect=5),
            limits=httpx.Limits(max_connections=32),
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    async def get(self, path: str, **query: str | int) -> Json:
        """GET, expecting JSON."""
        answer: Json = (await self._call("GET", path, params=query)).json()
        return answer

    async def content(self, path: str) -> bytes:
        """GET, expecting bytes."""
        return (await self._call("GET", path)).content

    async def post(self, path: str, body: Json) -> Json:
        """POST JSON, expecting JSON."""
        answer: Json = (await self._call("POST", path, json=body)).json()
        return answer

    async def put(self, path: str, body: Json) -> None:
        """PUT JSON."""
        await self._call("PUT", path, json=body)

    async def upload(self, path: str, file: Path, **form: str) -> Json:
        """POST a file as multipart form, streamed from disk."""
        with file.open("rb") as content:
            answer = await self._call("POST", path, files={"file": (file.name, content)}, data=form)
        made: Json = answer.json()
        return made

    async def pages(self, path: str, **query: str | int) -> AsyncIterator[Json]:
        """Every item of a list, page after page."""
        cursor: str | None = None
        while True:
            page = await self.get(path, **query, **({"cursor": cursor} if cursor else {}))
            for item in page["items"]:
                yield item
            cursor = page["next_cursor"]
            if cursor is None:
                return

    async def _call(self, method: str, path: str, **arguments: Any) -> httpx.Response:
        try:
            answer = await self._client.request(method, path, **arguments)
        except httpx.HTTPError as error:
            raise DemoFailed(f"{self.name} did not answer {method} {path}: {error!r}", f"{self.name}-serve") from error
        if answer.is_success:
            return answer
        raise CallRefused(self.name, method, path, answer)


class CallRefused(DemoFailed):
    """A service answered with a problem document."""

    def __init__(self, name: str, method: str, path: str, answer: httpx.Response) -> None:
        try:
            problem: Json = answer.json()
        except ValueError:
            problem = {}
        self.status = answer.status_code
        self.code = str(problem.get("code", ""))
        errors = "; ".join(f"{one.get('pointer')}: {one.get('message')}" for one in problem.get("errors", [])[:3])
        detail = f"{problem.get('detail') or problem.get('title', answer.reason_phrase)} {errors}".strip()
        super().__init__(f"{name} answered {method} {path} with {self.status} {self.code}: {detail}", f"{name}-serve")


async def each(
    items: Sequence[Item], work: Callable[[Item], Awaitable[Made]], *, at_once: int, done: Callable[[], None]
) -> list[Made]:
    """Do the work for every item, some at once; answers come in the order of the items. The first failure ends it."""
    gate = asyncio.Semaphore(at_once)

    async def one(item: Item) -> Made:
        async with gate:
            made = await work(item)
        done()
        return made

    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(one(item)) for item in items]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]
