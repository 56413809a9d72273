"""What tests need from outside the repository, and what to do when it is not there.

Real claims, reference lists and a Docker Engine are not part of a checkout. A test that needs one is skipped without
it; `OPENMTM_REQUIRE=refdata,cases,docker` turns the skip into a failure, so that a run meant to be complete cannot be
silently incomplete.
"""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def required() -> frozenset[str]:
    """What this run must not go without."""
    names = os.environ.get("OPENMTM_REQUIRE", "")
    return frozenset(name.strip() for name in names.split(",") if name.strip())


def missing(what: str, why: str) -> None:
    """Skip, or fail when `OPENMTM_REQUIRE` names it."""
    if what in required():
        pytest.fail(f"{what} is required but {why}", pytrace=False)
    pytest.skip(f"{what}: {why}")


def _folder(what: str, variable: str) -> Path:
    folder = Path(os.environ.get(variable) or ROOT.parent / "shared" / what)
    if not folder.is_dir():
        missing(what, f"there is no folder {folder.name}; set {variable}")
    return folder


def refdata() -> Path:
    """The folder of published reference lists (`OPENMTM_REFDATA`, default ../shared/refdata)."""
    return _folder("refdata", "OPENMTM_REFDATA")


def cases() -> Path:
    """The folder of real and synthetic claims (`OPENMTM_CASES`, default ../shared/cases)."""
    return _folder("cases", "OPENMTM_CASES")


def docker_or_skip() -> None:
    """Go on only with a Docker Engine."""
    import docker  # type: ignore[import-untyped]
    from docker.errors import DockerException  # type: ignore[import-untyped]

    try:
        client = docker.from_env(timeout=10)
        try:
            client.ping()
        finally:
            client.close()
    except DockerException:
        missing("docker", "no Docker Engine answers")
