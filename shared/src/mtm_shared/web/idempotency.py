"""Creating something once, however often the request is sent (`Idempotency-Key`).

The first answer is kept with the key in the same transaction as what it created, and given again for the same key and
body; the same key with another body is 422. Two requests at the same time: the second waits on the first one's row.
Keys are the caller's own: two callers may use the same one.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, Any

from fastapi import Header, Request
from pydantic import BaseModel, TypeAdapter
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import Response

from mtm_shared.storage.idempotency import StoredAnswer, claim_key, store_answer
from mtm_shared.web.auditing import note
from mtm_shared.web.problems import ApiProblem

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        pattern=r"^[\x21-\x7e]+$",
        description="Sent again with the same body: the first answer again. With another body: 422.",
    ),
]
_ANYTHING: TypeAdapter[Any] = TypeAdapter(Any)


async def idempotent(
    request: Request,
    session: AsyncSession,
    body: BaseModel | Mapping[str, Any] | None,
    create: Callable[[], Awaitable[BaseModel]],
    *,
    status: int = 201,
    headers: Callable[[Any], Mapping[str, str]] | None = None,
) -> Response:
    """Answer with what `create()` gives, once for each key; without the header it simply creates.

    `headers` makes headers such as `Location` from the answer. The table is the one given to `create_service`.
    """
    key = request.headers.get("idempotency-key")
    if key is None:
        return _response(await _created(create, status, headers))
    table = request.app.state.idempotency
    owner = f"{request.scope.get('mtm.subject', '')} {request.method} {request.url.path}"
    digest = _digest(body)
    now = request.app.state.clock()
    kept = await claim_key(session, table, key=key, owner=_sha256(owner), digest=digest, now=now)
    if kept is not None:
        if kept.digest != digest:
            raise ApiProblem(422, "idempotency_key_reused", "This Idempotency-Key was used before with another body.")
        return _response(kept)
    answer = await _created(create, status, headers)
    await store_answer(session, table, key=key, owner=_sha256(owner), answer=answer)
    return _response(answer)


async def _created(
    create: Callable[[], Awaitable[BaseModel]],
    status: int,
    headers: Callable[[Any], Mapping[str, str]] | None,
) -> StoredAnswer:
    made = await create()
    note(made)
    extra = dict(headers(made)) if headers else {}
    return StoredAnswer("", status, extra, made.model_dump_json(by_alias=True).encode())


def _response(answer: StoredAnswer) -> Response:
    return Response(answer.body, answer.status, dict(answer.headers), "application/json")


def _digest(body: BaseModel | Mapping[str, Any] | None) -> str:
    plain = _ANYTHING.dump_python(body, mode="json")
    return _sha256(json.dumps(plain, sort_keys=True))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
