"""A small service with one of everything, for tests of the shared web layer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

import httpx
from fastapi import Depends, FastAPI, File, Request, Response, UploadFile
from mtm_shared.clients.errors import Unavailable
from mtm_shared.contracts.common import Answer, Identifier, Page
from mtm_shared.contracts.common import Request as Body
from mtm_shared.storage import Transaction, idempotency_table
from mtm_shared.storage.audit import AuditTrail
from mtm_shared.web import (
    ApiProblem,
    IdempotencyKey,
    IfMatch,
    PageQuery,
    Principal,
    ProblemSpec,
    Router,
    ServiceSettings,
    Surroundings,
    check_if_match,
    create_service,
    etag,
    idempotent,
    page_of,
    problem_responses,
    require,
)
from pydantic import Field, field_validator
from sqlalchemy import BigInteger, Column, MetaData, String, Table, insert, select, update

metadata = MetaData()
things = Table(
    "things",
    metadata,
    Column("thing_id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("version", BigInteger, nullable=False),
)
keys = idempotency_table(metadata)
router = Router(prefix="/v1", tags=["things"])
Reader = Annotated[Principal, Depends(require("eligibility.read"))]
Writer = Annotated[Principal, Depends(require("eligibility.write"))]


class NewThing(Body):
    """A thing to keep."""

    thing_id: Identifier
    name: Annotated[str, Field(max_length=200)] = ""
    parts: Annotated[list[int], Field(max_length=5)] = []

    @field_validator("name")
    @classmethod
    def _not_forbidden(cls, name: str) -> str:
        if name.startswith("forbidden"):
            raise ValueError(f"{name} must not be a name")
        return name


class Thing(Answer):
    """A kept thing."""

    thing_id: str
    name: str
    version: int


class TooManyThings(Exception):
    """An error of the domain."""


@router.post("/things", status_code=201, response_model=Thing, responses=problem_responses(409))
async def create_thing(
    request: Request, body: NewThing, session: Transaction, _: Writer, key: IdempotencyKey = None
) -> Response:
    async def create() -> Thing:
        await session.execute(insert(things).values(thing_id=body.thing_id, name=body.name, version=1))
        return Thing(thing_id=body.thing_id, name=body.name, version=1)

    return await idempotent(
        request, session, body, create, headers=lambda made: {"Location": f"/v1/things/{made.thing_id}"}
    )


@router.get("/things/{thing_id}", responses=problem_responses(404))
async def get_thing(thing_id: Identifier, session: Transaction, response: Response, _: Reader) -> Thing:
    thing = await _thing(session, thing_id)
    response.headers["ETag"] = etag(thing.thing_id, thing.version)
    return thing


@router.put("/things/{thing_id}/name", responses=problem_responses(404))
async def rename_thing(
    request: Request, thing_id: Identifier, body: NewThing, session: Transaction, _: Writer, if_match: IfMatch = None
) -> Thing:
    thing = await _thing(session, thing_id)
    check_if_match(request, etag(thing.thing_id, thing.version))
    await session.execute(
        update(things).where(things.c.thing_id == thing_id).values(name=body.name, version=thing.version + 1)
    )
    return await _thing(session, thing_id)


@router.get("/things")
async def list_things(session: Transaction, page: PageQuery, _: Reader) -> Page[Thing]:
    query = select(things).order_by(things.c.thing_id).limit(page.limit + 1)
    if after := page.after(str):
        query = query.where(things.c.thing_id > after[0])
    rows, cursor = page_of((await session.execute(query)).all(), page.limit, lambda row: (row.thing_id,))
    return Page[Thing](items=[Thing(**row._mapping) for row in rows], next_cursor=cursor)


@router.post("/uploads", status_code=202)
async def upload(file: Annotated[UploadFile, File()], _: Writer) -> dict[str, int]:
    return {"bytes": len(await file.read())}


async def _thing(session: Any, thing_id: str) -> Thing:
    row = (await session.execute(select(things).where(things.c.thing_id == thing_id))).first()
    if row is None:
        raise ApiProblem(404, "unknown_thing", "There is no such thing.")
    return Thing(**row._mapping)


failing = Router(prefix="/v1/failing", tags=["things"], include_in_schema=False)


@failing.get("/{how}")
async def fail(how: str, session: Transaction) -> None:
    if how == "unexpected":
        raise RuntimeError(f"the member is {how}")
    if how == "domain":
        raise TooManyThings(how)
    if how == "away":
        raise Unavailable(7)
    if how == "write":
        await session.execute(insert(things).values(thing_id="x", name="x", version=1))


@failing.post("/store")
async def store(body: dict[str, Any], session: Transaction) -> dict[str, str]:
    await session.execute(insert(things).values(**body))
    return {"stored": "yes"}


def settings_for(database_url: str, **variables: str) -> ServiceSettings:
    environ = {"MTM_ENVIRONMENT": "development", "MTM_DATABASE_URL": database_url, **variables}
    return ServiceSettings.from_environment("eligibility", environ)


def make_app(
    settings: ServiceSettings, surroundings: Surroundings | None = None, trail: AuditTrail | None = None
) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with app.state.database.engine.begin() as connection:
            await connection.run_sync(metadata.create_all)
        yield

    return create_service(
        "eligibility",
        settings=settings,
        routers=[router, failing],
        lifespan=lifespan,
        problems={TooManyThings: ProblemSpec(429, "too_many_things", "There are too many.", retry_after=9)},
        idempotency=keys,
        trail=trail,
        body_limits={"/v1/uploads": 40_000},
        surroundings=surroundings,
    )


@asynccontextmanager
async def served(app: FastAPI, token: str | None = "openmtm-development") -> AsyncIterator[httpx.AsyncClient]:
    """A client of the running application."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client,
    ):
        yield client
