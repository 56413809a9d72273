"""No member data in logs or error bodies (ARCHITECTURE.md, law 8): every route of every service, with a canary member.

The canary's words go into paths, queries and bodies, where they are accepted and where they are refused; then
everything that was logged and every problem document is searched for them.
"""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from whole_job import Services, diagnoses, fills, member, running

CANARY_ID = "CANARY-7731"
CANARIES = (CANARY_ID, "Canariensis", "1931-07-13", "17199")
OPERATIONS = ("get", "post", "put", "patch", "delete")


def canary_member() -> dict[str, Any]:
    return member(member_id=CANARY_ID, last_name="Canariensis", birth_date="1931-07-13", zip_code="17199")


async def calls(client: httpx.AsyncClient) -> list[httpx.Response]:
    """Every operation of a service with the canary in its path, in a query and in a body that does not fit."""
    document = (await client.get("/openapi.json")).json()
    answers = []
    for path, operations in document["paths"].items():
        for method in (name for name in operations if name in OPERATIONS):
            filled = "/".join(CANARY_ID if part.startswith("{") else part for part in path.split("/"))
            body = json.dumps({"member": canary_member(), "author": "Canariensis"}) if method != "get" else None
            headers = {"Content-Type": "application/json"} if body else {}
            query = {"cursor": CANARY_ID, "as_of": "1931-07-13", "member_id": CANARY_ID}
            answers.append(await client.request(method, filled, params=query, content=body, headers=headers))
    return answers


@pytest.fixture
def logged(capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Any:
    """What was written to the terminal or to any logger so far."""

    def so_far() -> str:
        out, err = capfd.readouterr()
        return out + err + caplog.text

    return so_far


async def store(services: Services) -> None:
    put = await services.eligibility.put(f"/v1/members/{CANARY_ID}", json=canary_member())
    assert put.is_success, put.text
    for name, items in (("fills", fills()), ("diagnoses", diagnoses())):
        answer = await services.eligibility.post(f"/v1/members/{CANARY_ID}/{name}", json={name: items})
        assert answer.is_success, answer.text


async def test_a_canary_is_in_no_log_and_no_problem(tmp_path: Path, logged: Any) -> None:
    async with running(tmp_path, f"sqlite+aiosqlite:///{tmp_path}/documents.db") as services:
        await store(services)
        answers = [
            answer
            for client in (services.eligibility, services.review, services.documents)
            for answer in await calls(client)
        ]
        review = {"member_id": CANARY_ID, "kind": "cmr", "as_of": "2026-06-30"}
        assert (await services.review.post("/v1/reviews", json=review)).status_code == 201
    problems = "\n".join(answer.text for answer in answers if answer.is_error)
    seen = logged()
    assert "route=" in seen or '"route"' in seen, "the services logged their requests"
    assert len(answers) > 30
    assert [word for word in CANARIES if word in problems] == []
    assert [word for word in CANARIES if word in seen] == []
