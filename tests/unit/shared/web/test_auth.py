"""A token is believed only when the identity provider signed it, for us, for now, and for this."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from mtm_shared.web import Environment, Principal, ServiceSettings, Surroundings
from mtm_shared.web.auth import Authenticator, Refusal
from web_app import make_app, served, settings_for

NOW = datetime(2026, 11, 1, tzinfo=UTC)
ISSUER, AUDIENCE = "https://identity.example", "openmtm"
RSA_KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())


def published(key: Any, key_id: str, **more: str) -> dict[str, Any]:
    algorithm = jwt.algorithms.RSAAlgorithm if isinstance(key, rsa.RSAPrivateKey) else jwt.algorithms.ECAlgorithm
    return {**algorithm.to_jwk(key.public_key(), as_dict=True), "kid": key_id, "use": "sig", **more}


class IdentityProvider(httpx.AsyncBaseTransport):
    """Publishes keys and counts how often it is asked."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.keys = list(keys)
        self.asked = 0
        self.away = False

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.away:
            raise httpx.ConnectError("away")
        return httpx.Response(200, json={"keys": self.keys})


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def seconds(self) -> float:
        return self.now.timestamp()

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def provider() -> IdentityProvider:
    return IdentityProvider(published(RSA_KEY, "one"), published(EC_KEY, "two"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def authenticator(provider: IdentityProvider, clock: Clock) -> Authenticator:
    settings = settings_for(
        "sqlite:///x.db", MTM_ISSUER=ISSUER, MTM_AUDIENCE=AUDIENCE, MTM_JWKS_URL="https://identity.example/keys"
    )
    return Authenticator(settings, transport=provider, clock=clock.seconds, monotonic=clock.seconds)


def claims(**changes: Any) -> dict[str, Any]:
    base = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "pharmacist-7",
        "exp": NOW + timedelta(hours=1),
        "nbf": NOW - timedelta(minutes=1),
        "scope": "eligibility.read openid",
    }
    return {name: value for name, value in {**base, **changes}.items() if value is not None}


def token(key: Any = RSA_KEY, key_id: str | None = "one", algorithm: str = "RS256", **changes: Any) -> str:
    return jwt.encode(claims(**changes), key, algorithm, headers={"kid": key_id} if key_id else None)


def bearer(text: str) -> str:
    return f"Bearer {text}"


async def refusal(authenticator: Authenticator, header: str | None) -> str:
    with pytest.raises(Refusal) as refused:
        await authenticator.authenticate(header)
    return refused.value.reason


async def test_a_good_token_names_its_subject_and_scopes(authenticator: Authenticator) -> None:
    principal = await authenticator.authenticate(bearer(token()))
    assert principal == Principal("pharmacist-7", frozenset({"eligibility.read", "openid"}))


async def test_an_elliptic_key_is_good_too(authenticator: Authenticator) -> None:
    good = token(EC_KEY, "two", "ES256")
    assert (await authenticator.authenticate(bearer(good))).subject == "pharmacist-7"


@pytest.mark.parametrize("scp", ["eligibility.read", ["eligibility.read", 5]])
async def test_scopes_may_come_as_scp(authenticator: Authenticator, scp: Any) -> None:
    principal = await authenticator.authenticate(bearer(token(scope=None, scp=scp)))
    assert principal.scopes == {"eligibility.read"}


def _unsigned(header: dict[str, str]) -> str:
    parts = [header, {"iss": ISSUER, "aud": AUDIENCE, "sub": "x", "exp": 4_000_000_000, "scope": "eligibility.read"}]
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in parts]
    return b".".join([*encoded, b""]).decode()


def _signed_with_the_public_key() -> str:
    """The old confusion: the published key used as an HMAC secret."""
    body = _unsigned({"alg": "HS256", "kid": "one", "typ": "JWT"}).rstrip(".")
    secret = RSA_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    mac = hmac.new(secret, body.encode(), hashlib.sha256).digest()
    return body + "." + base64.urlsafe_b64encode(mac).rstrip(b"=").decode()


def _with_raw_expiry(expiry: str) -> str:
    header = {"alg": "RS256", "kid": "one"}
    return jwt.PyJWS().encode(
        json.dumps({"iss": ISSUER, "aud": AUDIENCE, "sub": "x", "exp": expiry}).encode(), RSA_KEY, "RS256", header
    )


FORGED: dict[str, Callable[[], str]] = {
    "alg none": lambda: _unsigned({"alg": "none", "kid": "one"}),
    "HS256 with the public key": _signed_with_the_public_key,
    "another key": lambda: token(OTHER_KEY),
    "unknown key id": lambda: token(key_id="three"),
    "no key id among several": lambda: token(key_id=None),
    "PS256": lambda: token(algorithm="PS256"),
    "RS512": lambda: token(algorithm="RS512"),
    "wrong issuer": lambda: token(iss="https://other.example"),
    "wrong audience": lambda: token(aud="other"),
    "no audience": lambda: token(aud=None),
    "no issuer": lambda: token(iss=None),
    "no expiry": lambda: token(exp=None),
    "expiry that is no number": lambda: _with_raw_expiry("soon"),
    "not yet": lambda: token(nbf=NOW + timedelta(minutes=5)),
    "no subject": lambda: token(sub=None),
    "another signature": lambda: token()[:-8] + "AAAAAAAA",
    "no token": lambda: "x",
    "rubbish": lambda: "a.b.c",
    "not text": lambda: "ÿ.ÿ.ÿ",
    "too long": lambda: "x" * 20_000,
}


@pytest.mark.parametrize("case", FORGED)
async def test_a_forged_token_is_refused(authenticator: Authenticator, case: str) -> None:
    assert await refusal(authenticator, bearer(FORGED[case]())) != ""


async def test_an_expired_token_is_refused_even_when_it_was_known(authenticator: Authenticator, clock: Clock) -> None:
    good = bearer(token())
    await authenticator.authenticate(good)
    clock.wait(hours=1, seconds=31)
    assert await refusal(authenticator, good) == "the access token has expired"


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic eDp5", "openmtm-development"])
async def test_other_headers_are_no_bearer_token(authenticator: Authenticator, header: str | None) -> None:
    assert await refusal(authenticator, header) != ""


async def test_a_known_token_is_not_verified_again(
    authenticator: Authenticator, monkeypatch: pytest.MonkeyPatch
) -> None:
    good = bearer(token())
    first = await authenticator.authenticate(good)
    monkeypatch.setattr("jwt.decode", None)
    assert await authenticator.authenticate(good) is first


async def test_invented_key_ids_do_not_make_us_ask_again_and_again(
    authenticator: Authenticator, provider: IdentityProvider
) -> None:
    for number in range(20):
        await refusal(authenticator, bearer(token(key_id=f"invented-{number}")))
    assert provider.asked == 1


async def test_a_new_key_is_found_after_the_minimum_interval(
    authenticator: Authenticator, provider: IdentityProvider, clock: Clock
) -> None:
    await authenticator.authenticate(bearer(token()))
    provider.keys.append(published(OTHER_KEY, "three"))
    clock.wait(seconds=31)
    assert (await authenticator.authenticate(bearer(token(OTHER_KEY, "three")))).subject == "pharmacist-7"


async def test_what_a_withdrawn_key_signed_is_forgotten(
    authenticator: Authenticator, provider: IdentityProvider, clock: Clock
) -> None:
    old = bearer(token())
    await authenticator.authenticate(old)
    provider.keys = [published(EC_KEY, "two"), published(OTHER_KEY, "three")]
    clock.wait(seconds=31)
    await authenticator.authenticate(bearer(token(OTHER_KEY, "three")))
    assert await refusal(authenticator, old) == "the access token is not valid"


async def test_what_a_replaced_key_signed_is_forgotten_at_the_next_look(
    authenticator: Authenticator, provider: IdentityProvider, clock: Clock
) -> None:
    old = bearer(token())
    await authenticator.authenticate(old)
    provider.keys = [published(OTHER_KEY, "one"), published(EC_KEY, "two")]
    clock.wait(seconds=31)
    await refusal(authenticator, bearer(token(OTHER_KEY, "unknown")))
    assert await refusal(authenticator, old) == "the access token is not valid"


async def test_known_keys_work_while_the_provider_is_away(
    authenticator: Authenticator, provider: IdentityProvider, clock: Clock
) -> None:
    await authenticator.authenticate(bearer(token()))
    provider.away = True
    clock.wait(minutes=30)
    assert (await authenticator.authenticate(bearer(token(sub="another")))).subject == "another"


@pytest.mark.parametrize(
    "key",
    [
        {"kty": "oct", "k": "c2VjcmV0", "kid": "one"},
        published(RSA_KEY, "one", use="enc"),
        published(RSA_KEY, "one", alg="RS512"),
        published(rsa.generate_private_key(65537, 1024), "one"),
        published(ec.generate_private_key(ec.SECP384R1()), "one"),
        {"kty": "RSA", "kid": "one"},
    ],
)
async def test_unfit_published_keys_are_left_out(
    authenticator: Authenticator, provider: IdentityProvider, key: dict[str, Any]
) -> None:
    provider.keys = [key, published(EC_KEY, "two")]
    assert await refusal(authenticator, bearer(token())) == "the access token is not valid"


@pytest.mark.parametrize(
    ("variables", "accepted"),
    [
        ({}, True),
        ({"MTM_HOST": "0.0.0.0"}, False),
        ({"MTM_HOST": "0.0.0.0", "MTM_COMPOSE": "1"}, True),
        ({"MTM_DEVELOPMENT_KEY": "another"}, False),
    ],
)
async def test_the_development_key_opens_only_a_development_service_on_loopback(
    variables: dict[str, str], accepted: bool
) -> None:
    authenticator = Authenticator(settings_for("sqlite:///x.db", **variables))
    try:
        await authenticator.authenticate(bearer("openmtm-development"))
        opened = True
    except Refusal:
        opened = False
    assert opened is accepted


async def test_the_development_key_opens_no_production_service() -> None:
    settings = ServiceSettings(
        "eligibility", environment=Environment.PRODUCTION, development_key="openmtm-development", in_compose=True
    )
    assert await refusal(Authenticator(settings), bearer("openmtm-development")) == "the access token is not valid"


async def test_a_service_answers_401_403_and_503(provider: IdentityProvider, clock: Clock, tmp_path: Path) -> None:
    settings = settings_for(
        f"sqlite:///{tmp_path}/x.db",
        MTM_ISSUER=ISSUER,
        MTM_AUDIENCE=AUDIENCE,
        MTM_JWKS_URL="https://identity.example/k",
    )
    provider.away = True
    around = Surroundings(clock=lambda: clock.now, monotonic=clock.seconds, jwks_transport=provider)
    async with served(make_app(settings, around), token=None) as client:
        good = {"Authorization": bearer(token())}
        without_keys = await client.get("/v1/things", headers=good)
        provider.away = False
        clock.wait(seconds=31)
        nobody, reader = await client.get("/v1/things"), await client.get("/v1/things", headers=good)
        writer = await client.post("/v1/things", json={"thing_id": "a"}, headers=good)
    assert (without_keys.status_code, without_keys.headers["retry-after"]) == (503, "30")
    assert (nobody.status_code, nobody.headers["www-authenticate"]) == (
        401,
        'Bearer realm="openmtm", scope="eligibility.read"',
    )
    assert reader.status_code == 200
    assert (writer.status_code, writer.json()["code"]) == (403, "insufficient_scope")
    assert 'error="insufficient_scope"' in writer.headers["www-authenticate"]


async def test_nobody_has_a_body_read_without_a_token(client: httpx.AsyncClient) -> None:
    pieces: list[int] = []

    async def body() -> AsyncIterator[bytes]:
        for number in range(3):
            pieces.append(number)
            yield b"{"

    headers = {"Authorization": "Bearer nobody", "Content-Type": "application/json"}
    answer = await client.post("/v1/things", content=body(), headers=headers)
    assert (answer.status_code, pieces) == (401, [])
