"""Each service keeps to its OpenAPI document, whatever is sent: no 500, no undocumented status, every answer valid.

The services run as real processes on loopback; schemathesis derives requests from each document: examples, boundary
values, and data that the document forbids. The committed documents in docs/openapi are what the services answer.
"""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from live import conforms
from support import ROOT

from deploy.local.openapi import SERVICES, text

KEY = "openmtm-development"
EXAMPLES = 25
STARTS_WITHIN_SECONDS = 60.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, f"{url} ended with {process.returncode}"
        try:
            if httpx.get(f"{url}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    pytest.fail(f"{url} did not become ready")


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The three services as processes, each on a database of its own."""
    folder = tmp_path_factory.mktemp("services")
    urls = {name: f"http://127.0.0.1:{free_port()}" for name in SERVICES}
    with ExitStack() as stack:
        for name, url in urls.items():
            environment = os.environ | {
                "MTM_ENVIRONMENT": "development",
                "MTM_DATABASE_URL": f"sqlite:///{folder}/{name}.db",
                "MTM_DATA_DIR": str(folder / "data"),
                "MTM_ELIGIBILITY_URL": urls["eligibility"],
                "MTM_REVIEW_URL": urls["review"],
            }
            command = [str(Path(sys.executable).with_name(f"mtm-{name}"))]
            log = stack.enter_context((folder / f"{name}.log").open("wb"))
            subprocess.run([*command, "migrate"], env=environment, check=True, stdout=log, stderr=log)
            serve = [*command, "serve", "--port", url.rsplit(":", 1)[1]]
            process = stack.enter_context(subprocess.Popen(serve, env=environment, stdout=log, stderr=log))
            stack.callback(process.terminate)
            wait_until_ready(url, process)
        yield urls


@pytest.mark.parametrize("service", SERVICES)
def test_service_keeps_to_its_document(service: str, urls: dict[str, str], tmp_path: Path) -> None:
    conforms(urls[service], token=KEY, examples=EXAMPLES, folder=tmp_path, exclude="^/metrics$")


@pytest.mark.parametrize("service", SERVICES)
def test_committed_document_is_what_the_service_answers(service: str) -> None:
    committed = (ROOT / "docs" / "openapi" / f"{service}.json").read_text(encoding="utf-8")
    assert committed == text(service), "run `make openapi`"
