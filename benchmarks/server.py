"""One service on one uvicorn worker, with one more route that only validates: the peer of the measurement.

`POST /v1/bench/validate` reads and validates the same body behind the same middleware, token check and routing, and
answers with fixed bytes: what any endpoint costs before it does its work.
"""

import importlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Final

import httpx
from fastapi import Depends, FastAPI
from mtm_shared.contracts.eligibility import EvaluationRequest
from mtm_shared.contracts.screening import ScreeningRequest
from mtm_shared.logs import configure_logging
from mtm_shared.storage import migrate
from mtm_shared.web import Principal, Router, require
from mtm_shared.web.server import bind, serve
from starlette.responses import Response

KEY: Final = "openmtm-development"
_SETTINGS: Final = {"eligibility": "EligibilitySettings", "review": "ReviewSettings"}


def _validator(service: str) -> Router:
    router = Router(prefix="/v1/bench")
    reader = Depends(require(f"{service}.read"))

    if service == "eligibility":

        @router.post("/validate")
        async def validate_evaluation(body: EvaluationRequest, _: Annotated[Principal, reader]) -> Response:
            return Response(b'{"valid":true}', media_type="application/json")
    else:

        @router.post("/validate")
        async def validate_screening(body: ScreeningRequest, _: Annotated[Principal, reader]) -> Response:
            return Response(b'{"valid":true}', media_type="application/json")

    return router


def _app(service: str, folder: Path) -> FastAPI:
    settings: Any = getattr(importlib.import_module(f"mtm_{service}.settings"), _SETTINGS[service]).from_environment(
        service,
        {
            "MTM_ENVIRONMENT": "development",
            "MTM_DATABASE_URL": f"sqlite:///{folder}/{service}.db",
            "MTM_ELIGIBILITY_URL": "http://127.0.0.1:8001",
        },
    )
    migrate(service, settings.database_url)
    app: FastAPI = importlib.import_module(f"mtm_{service}.main").create_app(settings)
    app.include_router(_validator(service))
    return app


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(service: str, *, pinned: bool = True) -> Iterator[int]:
    """The service in a process of its own, on the first core unless told otherwise; its port when it is ready."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        where = "first core" if pinned else "any core"
        command = [sys.executable, "-m", "benchmarks.server", service, str(port), folder, where]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
            try:
                _wait(f"http://127.0.0.1:{port}", process)
                yield port
            finally:
                process.terminate()


def _wait(address: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until and process.poll() is None:
        try:
            if httpx.get(f"{address}/readyz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} did not become ready")


def pin(core: int) -> None:
    """Keeps this process on one core, where the platform can and the core is there."""
    if hasattr(os, "sched_setaffinity") and core in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {core})


if __name__ == "__main__":
    if sys.argv[4] == "first core":
        pin(0)
    configure_logging()
    serve(_app(sys.argv[1], Path(sys.argv[3])), bind("127.0.0.1", int(sys.argv[2])))
