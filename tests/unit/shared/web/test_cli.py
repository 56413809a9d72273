"""The command line: help names every variable; refusals are plain words and a code, never a traceback."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from mtm_shared.web import service_cli
from mtm_shared.web.server import PortTaken, bind
from typer.testing import CliRunner
from web_app import make_app

TESTS = Path(__file__).parents[3]
PROGRAM = """
import asyncio, sys
sys.path.insert(0, {tests!r})
from web_app import make_app
from mtm_shared.web import service_cli

async def work(settings, stop):
    print("working", flush=True)
    await stop.wait()
    print("stopped", flush=True)

service_cli("eligibility", make_app, worker=work)()
"""


def run(*arguments: str, **environ: str) -> tuple[int, str]:
    app = service_cli("eligibility", make_app)
    done = CliRunner().invoke(app, list(arguments), env={"MTM_ENVIRONMENT": "", "COLUMNS": "120", **environ})
    return done.exit_code, done.output


def test_help_names_every_variable() -> None:
    code, text = run("--help")
    assert code == 0
    assert [name for name in ("MTM_ENVIRONMENT", "MTM_DATABASE_URL", "MTM_LOG_LEVEL") if name not in text] == []


def test_refused_settings_are_a_message_and_a_code() -> None:
    code, text = run("serve")
    assert (code, text.splitlines()[0]) == (2, "eligibility does not start:")


@pytest.fixture
def taken_port() -> Iterator[int]:
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    port = listener.getsockname()[1]
    yield port
    listener.close()


def test_a_taken_port_is_a_message_and_a_code(taken_port: int) -> None:
    code, text = run("serve", "--port", str(taken_port), MTM_ENVIRONMENT="development")
    assert code == 1
    assert text.startswith(f"eligibility: cannot listen on 127.0.0.1:{taken_port}: ")


def test_an_address_that_is_not_ours_cannot_be_listened_on() -> None:
    with pytest.raises(PortTaken, match=r"203\.0\.113\.1"):
        bind("203.0.113.1", 8001)


class Process:
    """The command line in a process of its own."""

    def __init__(self, tmp_path: Path, *arguments: str) -> None:
        script = tmp_path / "service.py"
        script.write_text(PROGRAM.format(tests=str(TESTS)))
        environ = {**os.environ, "MTM_ENVIRONMENT": "development", "MTM_DATABASE_URL": f"sqlite:///{tmp_path}/x.db"}
        self.process = subprocess.Popen(
            [sys.executable, str(script), *arguments], env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )

    def stop(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGTERM)
        out, _ = self.process.communicate(timeout=30)
        return self.process.returncode, out.decode()


def _answer(address: str) -> httpx.Response:
    until = time.monotonic() + 30
    while True:
        try:
            return httpx.get(address)
        except httpx.TransportError:
            if time.monotonic() > until:
                raise


def test_serve_answers_and_ends_in_good_order(tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = Process(tmp_path, "serve", "--port", str(port))
    answer = _answer(f"http://127.0.0.1:{port}/healthz")
    code, _ = process.stop()
    assert (answer.status_code, "server" in answer.headers) == (200, False)
    assert code in {0, -signal.SIGTERM}


def test_a_worker_ends_in_good_order(tmp_path: Path) -> None:
    process = Process(tmp_path, "worker")
    assert process.process.stdout is not None
    assert process.process.stdout.readline() == b"working\n"
    assert process.stop() == (0, "stopped\n")
