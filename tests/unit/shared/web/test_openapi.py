"""The OpenAPI document names every status that a route can answer, and the service keeps to it."""

from pathlib import Path

import pytest
from live import conforms, running
from mtm_shared.web import require
from web_app import make_app, settings_for


@pytest.fixture
def database_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/x.db"


def test_a_service_answers_only_what_its_document_says(database_url: str, tmp_path: Path) -> None:
    with running(make_app(settings_for(database_url))) as address:
        conforms(address, folder=tmp_path)


@pytest.mark.docker
def test_a_service_on_postgresql_answers_only_what_its_document_says(fresh_postgres_url: str, tmp_path: Path) -> None:
    with running(make_app(settings_for(fresh_postgres_url))) as address:
        conforms(address, folder=tmp_path)


def test_failures_follow_from_the_route(database_url: str) -> None:
    document = make_app(settings_for(database_url)).openapi()
    statuses = {
        f"{method} {path}": " ".join(operation["responses"])
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    assert statuses == {
        "post /v1/things": "201 400 401 403 409 413 415 422 500 503",
        "get /v1/things": "200 401 403 422 500 503",
        "get /v1/things/{thing_id}": "200 401 403 404 422 500 503",
        "put /v1/things/{thing_id}/name": "200 400 401 403 404 412 413 415 422 500 503",
        "post /v1/uploads": "202 400 401 403 413 415 422 500 503",
        "get /healthz": "200 500",
        "get /readyz": "200 500 503",
        "get /metrics": "200 500",
    }


def test_an_operation_names_the_scope_that_it_needs(database_url: str) -> None:
    document = make_app(settings_for(database_url)).openapi()
    assert document["paths"]["/v1/things"]["post"]["security"] == [{"bearer": ["eligibility.write"]}]
    assert list(document["components"]["securitySchemes"]) == ["bearer"]


def test_operation_ids_are_function_names(database_url: str) -> None:
    document = make_app(settings_for(database_url)).openapi()
    assert document["paths"]["/v1/things"]["post"]["operationId"] == "create_thing"
    assert document["openapi"].startswith("3.1")


def test_shapes_that_are_never_sent_are_not_documented(database_url: str) -> None:
    schemas = make_app(settings_for(database_url)).openapi()["components"]["schemas"]
    assert {"Problem", "ProblemError"} <= schemas.keys()
    assert not {"HTTPValidationError", "ValidationError"} & schemas.keys()


def test_a_scope_that_does_not_exist_is_a_mistake_in_the_program() -> None:
    with pytest.raises(ValueError, match="unknown scope"):
        require("eligibility.reed")
