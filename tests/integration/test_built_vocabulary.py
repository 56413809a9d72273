"""Services run with the built vocabulary that `MTM_VOCABULARY` names, and start with no other one in its place."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import typer
from fastapi import FastAPI
from mtm_documents.cli import app as documents
from mtm_eligibility.cli import app as eligibility
from mtm_eligibility.main import create_app as eligibility_app
from mtm_eligibility.settings import EligibilitySettings
from mtm_review.cli import app as review
from mtm_review.main import create_app as review_app
from mtm_review.settings import ReviewSettings
from mtm_shared.vocabulary.building import Sources, build
from mtm_shared.vocabulary.built import read_seal
from typer.testing import CliRunner

EDITION = "2026.11.0+sponsor"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged dictionary under another name."""
    out = tmp_path_factory.mktemp("vocabulary") / "vocabulary.mtmv"
    build(Sources(), out, version=EDITION)
    return out


def environment(vocabulary: Path, database: str = "sqlite:///:memory:") -> dict[str, str]:
    return {"MTM_ENVIRONMENT": "development", "MTM_DATABASE_URL": database, "MTM_VOCABULARY": str(vocabulary)}


@pytest.mark.parametrize(
    ("name", "settings", "create"),
    [("eligibility", EligibilitySettings, eligibility_app), ("review", ReviewSettings, review_app)],
)
async def test_ready_service_names_its_edition(
    built: Path, tmp_path: Path, name: str, settings: Any, create: Callable[[Any], FastAPI]
) -> None:
    given = settings.from_environment(name, environment(built, f"sqlite:///{tmp_path}/{name}.db"))
    app = create(given)
    transport = httpx.ASGITransport(app)
    async with (
        app.router.lifespan_context(app),
        httpx.AsyncClient(transport=transport, base_url="http://test") as client,
    ):
        ready = (await client.get("/readyz")).json()

    assert ready["versions"]["vocabulary"] == EDITION
    assert ready["versions"]["vocabulary_sha256"] == f"sha256:{read_seal(built)}"


@pytest.mark.parametrize("command", ["serve", "worker"])
@pytest.mark.parametrize("service", [eligibility, review, documents], ids=["eligibility", "review", "documents"])
def test_spoiled_vocabulary_is_refused_in_one_line(
    built: Path, tmp_path: Path, service: typer.Typer, command: str
) -> None:
    spoiled = tmp_path / "vocabulary.mtmv"
    spoiled.write_bytes(built.read_bytes()[:-1])
    answer = CliRunner(env=environment(spoiled)).invoke(service, [command])

    assert answer.exit_code == 2
    assert f"MTM_VOCABULARY cannot be used: {spoiled}: is cut short" in answer.stderr
    assert "Traceback" not in answer.stderr
