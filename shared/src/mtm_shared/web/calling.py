"""What commands that work through a running service share: whom they are, and what a refusal says.

A service that does not answer is one plain message and exit code 1, never a traceback.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import httpx
import typer
from pydantic import ValidationError

from mtm_shared.contracts.problem import Problem

_SECONDS: Final = 60.0


@contextmanager
def calling(url: str, token: str | None, write_seconds: float = _SECONDS) -> Iterator[httpx.Client]:
    """A client of the service at `url` with the token, or with the development key where none is given."""
    key = token or os.environ.get("MTM_DEVELOPMENT_KEY", "openmtm-development")
    timeout = httpx.Timeout(_SECONDS, write=write_seconds)
    try:
        with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {key}"}, timeout=timeout) as client:
            yield client
    except httpx.HTTPError as error:
        typer.echo(no_answer(url, error), err=True)
        raise typer.Exit(1) from None


def no_answer(url: object, error: httpx.HTTPError) -> str:
    """The message for a service that cannot be reached."""
    return f"{url} does not answer: {type(error).__name__}"


def refusal(answer: httpx.Response) -> tuple[str, str]:
    """The problem's code and the sentence that says it; the code is empty where the answer is no problem document."""
    try:
        problem = Problem.model_validate_json(answer.content)
    except ValidationError:
        return "", f"{answer.status_code} {answer.reason_phrase}"
    return problem.code, f"{answer.status_code} {problem.code}: {problem.detail}"
