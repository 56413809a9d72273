"""A service starts only with settings that are safe where it runs, and says everything that is wrong at once."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from mtm_shared.web import ServiceSettings, SettingsRefused, describe_settings, variable

PRODUCTION = {
    "MTM_ENVIRONMENT": "production",
    "MTM_DATABASE_URL": "postgresql://user:p%40ss@db/eligibility",
    "MTM_ISSUER": "https://identity.example",
    "MTM_AUDIENCE": "openmtm",
    "MTM_JWKS_URL": "https://identity.example/keys",
}
CALLS = {
    "MTM_ELIGIBILITY_URL": "http://eligibility:8001/",
    "MTM_REVIEW_URL": "http://review:8002",
    "MTM_TOKEN_URL": "https://identity.example/token",
    "MTM_CLIENT_ID": "documents",
    "MTM_CLIENT_SECRET_FILE": "/run/secrets/client",
}


def refusal(service: str, environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsRefused) as refused:
        ServiceSettings.from_environment(service, environ)
    return str(refused.value).splitlines()[1:]


def test_the_environment_must_be_said() -> None:
    assert refusal("review", {}) == ["  - MTM_ENVIRONMENT must be set to development or production"]
    assert refusal("review", {"MTM_ENVIRONMENT": "prod"}) == ["  - MTM_ENVIRONMENT must be development or production"]


def test_production_names_everything_that_is_missing() -> None:
    assert refusal("documents", {"MTM_ENVIRONMENT": "production"}) == [
        "  - MTM_ISSUER must be set",
        "  - MTM_AUDIENCE must be set",
        "  - MTM_JWKS_URL must be set",
        "  - MTM_ELIGIBILITY_URL must be set",
        "  - MTM_REVIEW_URL must be set",
        "  - MTM_DATABASE_URL must name a PostgreSQL database",
        "  - MTM_TOKEN_URL, MTM_CLIENT_ID and MTM_CLIENT_SECRET_FILE must be set",
    ]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"MTM_DATABASE_URL": "sqlite:///x.db"}, "MTM_DATABASE_URL must name a PostgreSQL database"),
        ({"MTM_JWKS_URL": "http://identity.example/keys"}, "MTM_JWKS_URL must be an https address"),
        ({"MTM_TOKEN_URL": "http://identity.example/token"}, "MTM_TOKEN_URL must be an https address"),
        ({"MTM_DEVELOPMENT_KEY": "x"}, "MTM_DEVELOPMENT_KEY must not be set"),
        ({"MTM_COMPOSE": "1"}, "MTM_COMPOSE must not be set"),
        ({"MTM_LOG_LEVEL": "loud"}, "MTM_LOG_LEVEL must be debug, info, warning or error"),
        ({"MTM_VOCABULARY": "/nowhere"}, "MTM_VOCABULARY must name a built vocabulary, and there is no /nowhere"),
        ({"MTM_PORT": "70000"}, "MTM_PORT must be between 1 and 65535"),
        ({"MTM_PORT": "http"}, "MTM_PORT is not valid"),
        ({"MTM_DATABASE_URL": "mysql://user:SECRET@db"}, "MTM_DATABASE_URL must be a postgresql or sqlite address"),
    ],
)
def test_unsafe_values_are_refused_in_production(changes: dict[str, str], fault: str) -> None:
    assert refusal("eligibility", {**PRODUCTION, **changes}) == [f"  - {fault}"]


def test_one_fault_does_not_hide_another() -> None:
    faults = refusal("eligibility", {"MTM_ENVIRONMENT": "production", "MTM_LOG_LEVEL": "loud"})
    assert "  - MTM_ISSUER must be set" in faults
    assert "  - MTM_LOG_LEVEL must be debug, info, warning or error" in faults


def test_production_starts_with_real_settings() -> None:
    settings = ServiceSettings.from_environment("documents", {**PRODUCTION, **CALLS})
    assert settings.database_url == "postgresql+asyncpg://user:p%40ss@db/eligibility"
    assert (settings.eligibility_url, settings.accepts_development_key) == ("http://eligibility:8001", False)


def test_development_needs_nothing_more() -> None:
    settings = ServiceSettings.from_environment("documents", {"MTM_ENVIRONMENT": "development", "MTM_ISSUER": " "})
    assert (settings.port, settings.review_url) == (8003, "http://127.0.0.1:8002")
    assert settings.database_url == "sqlite+aiosqlite:///var/documents.db"


def test_a_service_adds_settings_of_its_own() -> None:
    @dataclass(frozen=True, slots=True)
    class OwnSettings(ServiceSettings):
        letters: Path | None = variable("MTM_LETTERS", "folder of letters", default=None, parse=Path)

    settings = OwnSettings.from_environment("review", {"MTM_ENVIRONMENT": "development", "MTM_LETTERS": "/letters"})
    assert settings.letters == Path("/letters")
    assert ("MTM_LETTERS", "folder of letters", "") in describe_settings(OwnSettings)


def test_settings_do_not_show_secrets_when_printed() -> None:
    settings = ServiceSettings.from_environment("eligibility", PRODUCTION)
    assert "p%40ss" not in repr(settings)
