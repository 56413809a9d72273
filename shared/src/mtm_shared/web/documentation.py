"""The OpenAPI document: what the framework derives, with every status that a route can really answer.

A generated client and a contract test both need the failures too. They follow from the route: a body can be
unreadable, too large or of the wrong type; a scope can be missing; a parameter can be invalid; a database can be away.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from mtm_shared.contracts.problem import Problem
from mtm_shared.web.problems import documented

_METHODS: Final = ("get", "put", "post", "delete", "patch", "head", "options")
_REPLACED: Final = ("HTTPValidationError", "ValidationError")


def describe(app: FastAPI, servers: list[dict[str, str]]) -> dict[str, Any]:
    """The document of this application."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
        tags=app.openapi_tags,
        servers=servers,
        license_info=app.license_info,
    )
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    for name in _REPLACED:
        schemas.pop(name, None)
    schemas.update(_problem_schemas())
    components["schemas"] = dict(sorted(schemas.items()))
    if schemes := components.get("securitySchemes"):
        components["securitySchemes"] = {"bearer": next(iter(schemes.values()))}
    for operation in _operations(document):
        _add_failures(operation)
    return document


def _problem_schemas() -> Mapping[str, Any]:
    _, definitions = models_json_schema([(Problem, "serialization")], ref_template="#/components/schemas/{model}")
    schemas: dict[str, Any] = definitions["$defs"]
    return schemas


def _operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for path in document.get("paths", {}).values():
        for method in _METHODS:
            if method in path:
                yield path[method]


def _add_failures(operation: dict[str, Any]) -> None:
    responses: dict[str, Any] = operation["responses"]
    statuses = {500}
    if "requestBody" in operation:
        statuses |= {400, 413, 415, 422}
    if operation.get("parameters"):
        statuses.add(422)
    if schemes := operation.get("security"):
        statuses |= {401, 403, 503}
        # Each scope came as a scheme of its own; OpenAPI 3.1 lets a bearer scheme list what a token must hold.
        operation["security"] = [{"bearer": sorted({scope for scheme in schemes for scope in scheme})}]
    if any(item.get("name") == "If-Match" for item in operation.get("parameters", ())):
        statuses.add(412)
    # The framework's own 422 describes a shape that is never sent.
    if _is_framework_422(responses.get("422")):
        del responses["422"]
    for status in statuses:
        responses.setdefault(str(status), documented(status))
    operation["responses"] = dict(sorted(responses.items()))


def _is_framework_422(response: Mapping[str, Any] | None) -> bool:
    content = (response or {}).get("content", {}).get("application/json", {})
    return str(content.get("schema", {}).get("$ref", "")).endswith("/HTTPValidationError")
