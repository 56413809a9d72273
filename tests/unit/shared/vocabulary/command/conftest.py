"""Runs `mtm-vocabulary` as a person does, at 80 columns and without colour."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from mtm_shared import rule_files
from mtm_shared.vocabulary.command import app
from typer.testing import CliRunner

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    """The exit code and what was written, standard error included."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("MTM_VOCABULARY", raising=False)

    def invoke(*arguments: str | Path) -> tuple[int, str]:
        result = CliRunner().invoke(app, [str(each) for each in arguments])
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result.exit_code, result.output

    return invoke


@pytest.fixture
def run_json(run: Run) -> Callable[..., Any]:
    """The JSON document that a command writes."""

    def invoke(*arguments: str | Path) -> Any:
        return json.loads(run(*arguments, "--json")[1])

    return invoke


@pytest.fixture
def no_services(monkeypatch: pytest.MonkeyPatch) -> None:
    """No service is installed, as in an image that has the vocabulary only."""
    monkeypatch.setattr(rule_files, "entry_points", lambda group: ())
