"""Writes the three OpenAPI documents, so that clients can be generated without starting a service."""

import importlib
import json
import sys
from pathlib import Path
from typing import Any, Final

SERVICES: Final = {
    "eligibility": "EligibilitySettings",
    "review": "ReviewSettings",
    "documents": "DocumentsSettings",
}
_ENVIRONMENT: Final = {
    "MTM_ENVIRONMENT": "development",
    "MTM_DATABASE_URL": "sqlite://",
    "MTM_ELIGIBILITY_URL": "http://127.0.0.1:8001",
    "MTM_REVIEW_URL": "http://127.0.0.1:8002",
}


def openapi(service: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of a service, as `/openapi.json` answers it."""
    settings_type = getattr(importlib.import_module(f"mtm_{service}.settings"), SERVICES[service])
    settings = settings_type.from_environment(service, _ENVIRONMENT)
    app = importlib.import_module(f"mtm_{service}.main").create_app(settings)
    document: dict[str, Any] = app.openapi()
    return document


def text(service: str) -> str:
    """The document as it is committed: two spaces of indent, a line at the end."""
    return json.dumps(openapi(service), indent=2, ensure_ascii=False) + "\n"


def main(folder: Path) -> None:
    """Writes `<service>.json` for each service into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for service in SERVICES:
        (folder / f"{service}.json").write_text(text(service), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
