"""Calls between services: reads are tried again, writes never; a broken service is left alone for a while."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import stamina
from mtm_shared.clients.base import ServiceClient
from mtm_shared.clients.breaker import CircuitBreaker
from mtm_shared.clients.connect import eligibility_client, review_client, token_provider
from mtm_shared.clients.eligibility import EligibilityClient
from mtm_shared.clients.errors import NotAllowed, NotFound, Refused, Unavailable
from mtm_shared.clients.tokens import ClientCredentials, FixedToken
from mtm_shared.contracts.common import Page
from mtm_shared.contracts.eligibility import ProgramSummary
from mtm_shared.contracts.problem import Problem
from mtm_shared.logs import request_id
from mtm_shared.web import ServiceSettings

PROBLEM = Problem(type="urn:openmtm:problem:x", title="X", status=409, detail="no", code="x")
PROGRAM = ProgramSummary(program_id="cms-2026", name="CMS 2026", plan_year=2026, status="final")
Answers = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(autouse=True)
def _no_waiting() -> Iterator[None]:
    """Retries keep their number and lose their pauses."""
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Service:
    """Answers in turn, the last one for ever; remembers what it was asked."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)


def ok(value: Any = PROGRAM) -> httpx.Response:
    return httpx.Response(200, json=value.model_dump(mode="json"))


def client_of(service: Answers, clock: Clock | None = None) -> ServiceClient:
    transport = httpx.MockTransport(service)
    return ServiceClient("http://other:8001", FixedToken("key"), transport=transport, monotonic=clock or Clock())


async def read(client: ServiceClient) -> ProgramSummary:
    return await client.get("/v1/x", ProgramSummary)


PASSING = [httpx.Response(502), httpx.Response(503), httpx.Response(504), httpx.ConnectError(""), httpx.ReadTimeout("")]


@pytest.mark.parametrize("failure", PASSING)
async def test_a_read_is_tried_again_while_the_failure_may_pass(failure: httpx.Response | Exception) -> None:
    service = Service(failure, failure, ok())
    assert await read(client_of(service)) == PROGRAM
    assert len(service.requests) == 3


@pytest.mark.parametrize("failure", PASSING)
async def test_a_question_with_a_body_is_asked_again_as_a_read_is(failure: httpx.Response | Exception) -> None:
    service = Service(failure, failure, ok())
    assert await client_of(service).ask("/v1/x", PROGRAM, ProgramSummary) == PROGRAM
    assert [(request.method, bool(request.content)) for request in service.requests] == [("POST", True)] * 3


@pytest.mark.parametrize("failure", PASSING)
async def test_a_write_is_sent_once(failure: httpx.Response | Exception) -> None:
    service = Service(failure)
    with pytest.raises(Unavailable):
        await client_of(service).post("/v1/x", PROGRAM, ProgramSummary)
    assert len(service.requests) == 1


async def test_what_does_not_pass_is_unavailable_and_says_when() -> None:
    service = Service(httpx.Response(503, headers={"Retry-After": "17"}))
    with pytest.raises(Unavailable) as failure:
        await read(client_of(service))
    assert (failure.value.retry_after, len(service.requests)) == (17, 3)


@pytest.mark.parametrize(
    ("answer", "kind", "requests"),
    [
        (httpx.Response(500), Unavailable, 1),
        (httpx.Response(429), Unavailable, 1),
        (httpx.Response(302), Unavailable, 1),
        (httpx.Response(200, text="{}"), Unavailable, 1),
        (httpx.Response(404), NotFound, 1),
        (httpx.Response(409), Refused, 1),
        (httpx.Response(401), NotAllowed, 2),
        (httpx.Response(403), NotAllowed, 1),
        (httpx.DecodingError("not gzip"), Unavailable, 3),
    ],
)
async def test_each_failure_is_of_one_of_three_kinds(
    answer: httpx.Response | Exception, kind: type[Exception], requests: int
) -> None:
    service = Service(answer)
    with pytest.raises(kind):
        await read(client_of(service))
    assert len(service.requests) == requests


@pytest.mark.parametrize("member_id", [".", ".."])
async def test_an_id_of_dots_leads_to_no_other_address(member_id: str) -> None:
    service = Service(ok())
    async with EligibilityClient("http://other", FixedToken("k"), transport=httpx.MockTransport(service)) as client:
        with pytest.raises(NotFound):
            await client.profile(member_id, date(2026, 6, 30))
    assert service.requests == []


async def test_a_refusal_brings_its_problem() -> None:
    service = Service(httpx.Response(409, json=PROBLEM.model_dump()))
    with pytest.raises(Refused) as refusal:
        await client_of(service).post("/v1/x", PROGRAM, ProgramSummary)
    assert (refusal.value.status, refusal.value.problem) == (409, PROBLEM)


async def test_after_five_failures_in_a_row_a_service_is_left_alone_for_a_while() -> None:
    clock, service = Clock(), Service(httpx.Response(500))
    client = client_of(service, clock)
    for _ in range(7):
        with pytest.raises(Unavailable):
            await read(client)
    assert len(service.requests) == 5
    clock.now += 10
    service.answers = [ok()]
    assert [await read(client) for _ in range(2)] == [PROGRAM, PROGRAM]


async def test_a_failed_trial_opens_the_circuit_again() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock, failures=1, cool_down=10)
    breaker.failed()
    clock.now += 10
    breaker.check()
    with pytest.raises(Unavailable):
        breaker.check()
    breaker.failed()
    with pytest.raises(Unavailable) as failure:
        breaker.check()
    assert failure.value.retry_after == 10


async def test_an_abandoned_trial_lets_another_one_through() -> None:
    clock = Clock()
    breaker = CircuitBreaker(clock, failures=1, cool_down=10)
    breaker.failed()
    clock.now += 10
    breaker.check()
    breaker.abandoned()
    breaker.check()


async def test_refusals_do_not_open_the_circuit() -> None:
    service = Service(httpx.Response(409))
    client = client_of(service)
    for _ in range(9):
        with pytest.raises(Refused):
            await read(client)
    assert len(service.requests) == 9


async def test_token_request_id_and_key_travel_along() -> None:
    service = Service(ok())
    token = request_id.set("request-7")
    try:
        await client_of(service).post("/v1/x", PROGRAM, ProgramSummary, idempotency_key="k")
    finally:
        request_id.reset(token)
    sent = service.requests[0].headers
    assert (sent["authorization"], sent["x-request-id"], sent["idempotency-key"]) == ("Bearer key", "request-7", "k")


async def test_a_list_is_read_to_its_end() -> None:
    pages = [Page[ProgramSummary](items=[PROGRAM], next_cursor="two"), Page[ProgramSummary](items=[PROGRAM, PROGRAM])]
    service = Service(*(ok(page) for page in pages))
    client = EligibilityClient("http://other", FixedToken("key"), transport=httpx.MockTransport(service))
    assert len([program async for program in client.programs()]) == 3
    assert [request.url.params.get("cursor") for request in service.requests] == [None, "two"]


async def test_an_id_stays_one_segment_of_the_path() -> None:
    service = Service(httpx.Response(404))
    client = EligibilityClient("http://other", FixedToken("key"), transport=httpx.MockTransport(service))
    with pytest.raises(NotFound):
        await client.profile("../x?y", date(2026, 1, 1))
    assert service.requests[0].url.raw_path == b"/v1/members/..%2Fx%3Fy/profile?as_of=2026-01-01"


async def test_an_unreadable_answer_is_not_repeated_in_the_log(capsys: pytest.CaptureFixture[str]) -> None:
    service = Service(httpx.Response(200, json={"program_id": ["CANARY"]}))
    with pytest.raises(Unavailable):
        await read(client_of(service))
    captured = capsys.readouterr()
    assert "answer_not_understood" in captured.out + captured.err
    assert "CANARY" not in captured.out + captured.err


class Granting(Service):
    """An OAuth 2 token endpoint that numbers its tokens."""

    def __call__(self, request: httpx.Request) -> httpx.Response:
        super().__call__(request)
        return httpx.Response(200, json={"access_token": f"token-{len(self.requests)}", "expires_in": 300})


def credentials(tmp_path: Path, service: Answers, clock: Clock) -> ClientCredentials:
    secret = tmp_path / "secret"
    secret.write_text("s3cret\n")
    transport = httpx.MockTransport(service)
    return ClientCredentials(
        "https://identity.example/token", "review", secret, ["a", "b"], monotonic=clock, transport=transport
    )


async def test_client_credentials_are_kept_until_shortly_before_they_expire(tmp_path: Path) -> None:
    clock, service = Clock(), Granting(ok())
    provider = credentials(tmp_path, service, clock)
    tokens = [await provider.token(), await provider.token()]
    clock.now += 270
    assert [*tokens, await provider.token()] == ["token-1", "token-1", "token-2"]
    asked = service.requests[0]
    assert asked.content == b"grant_type=client_credentials&scope=a+b"
    assert asked.headers["authorization"] == httpx.BasicAuth("review", "s3cret")._auth_header


async def test_a_token_that_is_not_accepted_is_replaced_once(tmp_path: Path) -> None:
    provider = credentials(tmp_path, Granting(ok()), Clock())
    service = Service(httpx.Response(401), ok())
    client = ServiceClient("http://other", provider, transport=httpx.MockTransport(service))
    assert await read(client) == PROGRAM
    assert [request.headers["authorization"] for request in service.requests] == ["Bearer token-1", "Bearer token-2"]


@pytest.mark.parametrize("answer", [httpx.Response(400), httpx.Response(200, json={}), httpx.ConnectError("")])
async def test_without_a_token_the_other_service_is_unavailable(
    tmp_path: Path, answer: httpx.Response | Exception
) -> None:
    with pytest.raises(Unavailable):
        await credentials(tmp_path, Service(answer), Clock()).token()


async def test_clients_are_made_from_settings() -> None:
    settings = ServiceSettings.from_environment("documents", {"MTM_ENVIRONMENT": "development"})
    assert await token_provider(settings).token() == "openmtm-development"
    async with eligibility_client(settings) as eligibility, review_client(settings) as review:
        assert [str(client._http.base_url) for client in (eligibility, review)] == [
            "http://127.0.0.1:8001",
            "http://127.0.0.1:8002",
        ]
