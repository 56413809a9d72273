"""Runs an application on a loopback port, and schemathesis against it: what callers meet, not what functions return.

`conforms` generates requests from the OpenAPI document, good and bad, and fails on any answer that the document does
not describe, on any server error, and on any schema that an answer breaks.
"""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from mtm_shared.web.server import bind


@contextmanager
def running(app: FastAPI) -> Iterator[str]:
    """The base address of the application, served from a thread of this process."""
    listener = bind("127.0.0.1", 0)
    config = uvicorn.Config(app, access_log=False, log_config=None, lifespan="on", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    started = threading.Event()
    startup = server.startup

    async def announce(sockets: object = None) -> None:
        await startup(sockets=sockets)  # type: ignore[arg-type]
        started.set()

    server.startup = announce  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        if not started.wait(60):
            raise TimeoutError("the application did not start")
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(20)
        listener.close()


def conforms(
    address: str, *, token: str = "openmtm-development", examples: int = 15, folder: Path, exclude: str = ""
) -> None:
    """Fail with schemathesis's report when a service at `address` breaks its own OpenAPI document.

    Two checks are left out: a cursor or an ETag that fits its pattern can still be unknown, and the wire takes a number
    written as a text ("30").
    """
    command = [
        str(Path(sys.executable).with_name("schemathesis")),
        "run",
        f"{address}/openapi.json",
        "--header",
        f"Authorization: Bearer {token}",
        "--exclude-checks",
        "positive_data_acceptance,negative_data_rejection",
        "--max-examples",
        str(examples),
        "--seed",
        "1",
        "--no-color",
        "--generation-database",
        "none",
    ]
    if exclude:
        command += ["--exclude-path-regex", exclude]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
