"""Settings of a service: read once from the environment, frozen, and refused when they are unsafe.

`MTM_ENVIRONMENT` must be said: there is no default that could open a production system or lock a laptop. In production
a service starts only with a real database and a real identity provider; everything that is missing is named at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self
from urllib.parse import urlsplit

from mtm_shared.reference import ReferenceDataError

MEBIBYTE: Final = 1024 * 1024
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_PORTS: Final = {"eligibility": 8001, "review": 8002, "documents": 8003}
_CALLS: Final = {"review": ("eligibility_url",), "documents": ("eligibility_url", "review_url")}


class Environment(StrEnum):
    """Where the service runs."""

    DEVELOPMENT = "development"
    PRODUCTION = "production"


class SettingsRefused(Exception):
    """The service must not start; the message lists every reason."""


def _yes(text: str) -> bool:
    if text.lower() in {"1", "true", "yes"}:
        return True
    if text.lower() in {"0", "false", "no"}:
        return False
    raise ValueError("must be 1 or 0")


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= 65535:
        raise ValueError("must be between 1 and 65535")
    return port


def _size(text: str) -> int:
    size = int(text)
    if size < 1:
        raise ValueError("must be a positive number of bytes")
    return size


def _address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("must be an http or https address")
    return text.rstrip("/")


def _database(text: str) -> str:
    for short in ("postgresql://", "postgres://"):
        if text.startswith(short):
            return "postgresql+asyncpg://" + text.removeprefix(short)
    if text.startswith("sqlite://"):
        return "sqlite+aiosqlite://" + text.removeprefix("sqlite://")
    if not text.startswith(("postgresql+asyncpg://", "sqlite+aiosqlite://")):
        raise ValueError("must be a postgresql or sqlite address")
    return text


def _path(text: str) -> Path:
    return Path(text)


def variable(
    name: str, about: str, *, default: Any = MISSING, parse: Callable[[str], Any] = str, secret: bool = False
) -> Any:
    """A setting read from the environment variable `name`; services add their own in a subclass."""
    details = {"variable": name, "about": about, "parse": parse, "secret": secret}
    if default is MISSING:
        return field(metadata=details, kw_only=True, repr=not secret)
    return field(default=default, metadata=details, kw_only=True, repr=not secret)


# `variable` only makes a dataclass field; ruff cannot see that.


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What every service needs to know of its surroundings."""

    service: str
    environment: Environment = variable("MTM_ENVIRONMENT", "development or production; must be set", parse=Environment)
    host: str = variable("MTM_HOST", "address to listen on", default="127.0.0.1")
    port: int = variable("MTM_PORT", "port to listen on (8001, 8002, 8003)", default=0, parse=_port)
    database_url: str = variable(
        "MTM_DATABASE_URL",
        "postgresql://… or sqlite:///… (development default: a file in var)",
        default="",
        parse=_database,
        secret=True,
    )
    issuer: str = variable("MTM_ISSUER", "expected `iss` of access tokens", default="")
    audience: str = variable("MTM_AUDIENCE", "expected `aud` of access tokens", default="")
    jwks_url: str = variable(
        "MTM_JWKS_URL", "where the identity provider publishes its keys", default="", parse=_address
    )
    development_key: str = variable(
        "MTM_DEVELOPMENT_KEY",
        "bearer token accepted in development only (default: openmtm-development)",
        default="",
        secret=True,
    )
    in_compose: bool = variable(
        "MTM_COMPOSE",
        "1 inside the Compose demo: the development key is accepted off loopback",
        default=False,
        parse=_yes,
    )
    eligibility_url: str = variable(
        "MTM_ELIGIBILITY_URL", "address of the eligibility service", default="", parse=_address
    )
    review_url: str = variable("MTM_REVIEW_URL", "address of the review service", default="", parse=_address)
    token_url: str = variable(
        "MTM_TOKEN_URL",
        "OAuth 2 token endpoint for calls to other services (client credentials)",
        default="",
        parse=_address,
    )
    client_id: str = variable("MTM_CLIENT_ID", "client id for calls to other services", default="")
    client_secret_file: Path | None = variable(
        "MTM_CLIENT_SECRET_FILE", "file that holds the client secret", default=None, parse=_path
    )
    vocabulary_path: Path | None = variable(
        "MTM_VOCABULARY", "built vocabulary (a file, or a folder of tables) to use", default=None, parse=_path
    )
    max_body_bytes: int = variable("MTM_MAX_BODY_BYTES", "largest request body", default=10 * MEBIBYTE, parse=_size)
    log_level: str = variable("MTM_LOG_LEVEL", "debug, info, warning or error", default="info")

    @classmethod
    def from_environment(cls, service: str, environ: Mapping[str, str]) -> Self:
        """Read every variable; raise `SettingsRefused` with all faults at once."""
        values, faults = _read(cls, environ)
        if faults:
            raise SettingsRefused(_refusal(service, faults))
        settings = cls(service, **_with_defaults(cls, service, values))
        if faults := settings.faults():
            raise SettingsRefused(_refusal(service, faults))
        return settings

    @property
    def development(self) -> bool:
        """True outside production."""
        return self.environment is Environment.DEVELOPMENT

    @property
    def accepts_development_key(self) -> bool:
        """The fixed key opens a service only where no one else can reach it."""
        return self.development and (self.in_compose or self.host in LOOPBACK)

    def faults(self) -> list[str]:
        """Why the service must not start with these settings; subclasses add to it."""
        faults = [] if self.development else self._production_faults()
        if self.log_level not in {"debug", "info", "warning", "error"}:
            faults.append("MTM_LOG_LEVEL must be debug, info, warning or error")
        return faults + _vocabulary_faults(self.vocabulary_path)

    def _production_faults(self) -> list[str]:
        faults = [
            f"{name} must be set"
            for name, value in (
                ("MTM_ISSUER", self.issuer),
                ("MTM_AUDIENCE", self.audience),
                ("MTM_JWKS_URL", self.jwks_url),
                *((f"MTM_{call.upper()}", getattr(self, call)) for call in _CALLS.get(self.service, ())),
            )
            if not value
        ]
        if not self.database_url.startswith("postgresql"):
            faults.append("MTM_DATABASE_URL must name a PostgreSQL database")
        # Keys that anyone could exchange on their way, and a secret that anyone could read on its.
        for name, address in (("MTM_JWKS_URL", self.jwks_url), ("MTM_TOKEN_URL", self.token_url)):
            parts = urlsplit(address)
            if address and parts.scheme != "https" and parts.hostname not in LOOPBACK:
                faults.append(f"{name} must be an https address")
        if self.development_key:
            faults.append("MTM_DEVELOPMENT_KEY must not be set")
        if self.in_compose:
            faults.append("MTM_COMPOSE must not be set")
        if self.service in _CALLS and not (self.token_url and self.client_id and self.client_secret_file):
            faults.append("MTM_TOKEN_URL, MTM_CLIENT_ID and MTM_CLIENT_SECRET_FILE must be set")
        return faults


def _read(kind: type[ServiceSettings], environ: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    values: dict[str, Any] = {}
    faults: list[str] = []
    for item in fields(kind):
        name = item.metadata.get("variable")
        text = environ.get(name, "").strip() if name else ""
        if not name or not text:
            if name == "MTM_ENVIRONMENT":
                faults.append("MTM_ENVIRONMENT must be set to development or production")
            continue
        try:
            values[item.name] = item.metadata["parse"](text)
        except ValueError as error:
            # The value may be a secret: name the variable and the rule only.
            rule = "must be development or production" if name == "MTM_ENVIRONMENT" else str(error)
            faults.append(f"{name} {rule if 'must' in rule else 'is not valid'}")
    return values, faults


def _vocabulary_faults(path: Path | None) -> list[str]:
    """Loaded here, so that a service or worker refuses it in one line instead of stopping on it later."""
    if path is None:
        return []
    from mtm_shared.vocabulary import load_vocabulary  # a service that names none does not pay for the import

    if not path.exists():
        return [f"MTM_VOCABULARY must name a built vocabulary, and there is no {path}"]
    try:
        load_vocabulary(path)
    except ReferenceDataError as error:
        return [f"MTM_VOCABULARY cannot be used: {error}"]
    return []


def _with_defaults(kind: type[ServiceSettings], service: str, values: dict[str, Any]) -> dict[str, Any]:
    values.setdefault("port", _PORTS.get(service, 8000))
    if values["environment"] is Environment.DEVELOPMENT:
        values.setdefault("database_url", f"sqlite+aiosqlite:///var/{service}.db")
        values.setdefault("development_key", "openmtm-development")
        for call in _CALLS.get(service, ()):
            values.setdefault(call, f"http://127.0.0.1:{_PORTS[call.removesuffix('_url')]}")
    return values


def _refusal(service: str, faults: list[str]) -> str:
    return "\n".join([f"{service} does not start:", *(f"  - {fault}" for fault in faults)])


def describe_settings(kind: type[ServiceSettings] = ServiceSettings) -> list[tuple[str, str, str]]:
    """(variable, what it is for, default) of every setting, for `--help` and the manual."""
    return [
        (
            item.metadata["variable"],
            item.metadata["about"],
            "" if item.default in (MISSING, "", None, 0, False) else str(item.default),
        )
        for item in fields(kind)
        if "variable" in item.metadata
    ]
