"""The three services and their workers as real processes on this machine, started together and ended together.

Every child runs in a session of its own: Ctrl-C reaches this program only, which then ends its children in order. They
get the environment of the demo and no `MTM_*` of the caller's, so that nobody's database is touched by accident.
"""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx

SERVICES = ("eligibility", "review", "documents")
WORKERS = SERVICES
PORTS = {"eligibility": 8001, "review": 8002, "documents": 8003}
READY_WITHIN = 40.0
STOP_WITHIN = 6.0
LOG_LINES = 25


class DemoFailed(Exception):
    """The demo cannot go on; `service` names whose log explains it."""

    def __init__(self, message: str, service: str | None = None) -> None:
        super().__init__(message)
        self.service = service


class PortBusy(DemoFailed):
    """Somebody else listens where a service should."""


@dataclass(slots=True)
class Child:
    """A process with the log that it writes."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path


@dataclass(slots=True)
class House:
    """The running services. Use as a context manager: leaving it ends every child."""

    folder: Path
    ports: Mapping[str, int] = field(default_factory=lambda: dict(PORTS))
    children: list[Child] = field(default_factory=list)
    logs: dict[str, Path] = field(default_factory=dict)
    _open: list[IO[bytes]] = field(default_factory=list)

    def url(self, service: str) -> str:
        """Where a service answers."""
        return f"http://127.0.0.1:{self.ports[service]}"

    def check_ports(self) -> None:
        """Refuse to start when a port is taken; the message says what to do."""
        busy = [f"{port} ({name})" for name, port in self.ports.items() if not _is_free(port)]
        if busy:
            plural = "ports are" if len(busy) > 1 else "port is"
            raise PortBusy(
                f"The {plural} in use: {', '.join(busy)}. Stop what listens there "
                "(`make down`, if it is `make up`), or choose others with PORTS=9001,9002,9003 (--ports)."
            )

    async def migrate(self) -> None:
        """Make the three databases, each with the service's own command."""
        await asyncio.gather(*(self.run(service, "migrate") for service in SERVICES))

    async def run(self, service: str, *arguments: str) -> None:
        """Run one of a service's own commands to its end."""
        child = self._start(service, *arguments)
        try:
            await asyncio.to_thread(child.process.wait)
        except asyncio.CancelledError:
            # The thread that waits must not hold up the end of the run.
            _signal(child.process, signal.SIGKILL)
            raise
        self.children.remove(child)
        if child.process.returncode != 0:
            raise DemoFailed(f"`mtm-{service} {arguments[0]}` ended with {child.process.returncode}.", child.name)

    def start(self) -> None:
        """Start services and workers; `wait_until_ready` says when they answer."""
        for service in SERVICES:
            self._start(service, "serve")
        for service in WORKERS:
            self._start(service, "worker")

    async def wait_until_ready(self) -> None:
        """Wait until every service answers `GET /readyz` with 200, or say which one ended or took too long."""
        try:
            async with asyncio.timeout(READY_WITHIN), httpx.AsyncClient(timeout=2) as client:
                await asyncio.gather(*(self._ready(client, service) for service in SERVICES))
        except TimeoutError:
            raise DemoFailed(f"The services were not ready within {READY_WITHIN:.0f} s.", "eligibility") from None

    async def _ready(self, client: httpx.AsyncClient, service: str) -> None:
        while True:
            self.check_alive()
            with suppress(httpx.HTTPError):
                if (await client.get(f"{self.url(service)}/readyz")).status_code == 200:
                    return
            await asyncio.sleep(0.1)

    def check_alive(self) -> None:
        """Raise if a child has ended."""
        for child in self.children:
            if child.process.poll() is not None:
                raise DemoFailed(f"{child.name} ended with status {child.process.returncode}.", child.name)

    def log_tail(self, name: str) -> str:
        """The last lines of a child's log; they hold no member data."""
        path = self.logs.get(name) or self.logs.get(f"{name}-serve")
        if path is None or not path.exists():
            return ""
        return "\n".join(path.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:])

    def stop(self) -> int:
        """End every child: ask first, then insist. Says how many were running."""
        running = [child for child in reversed(self.children) if child.process.poll() is None]
        for child in running:
            _signal(child.process, signal.SIGTERM)
        for child in running:
            try:
                child.process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                _signal(child.process, signal.SIGKILL)
                child.process.wait()
        self.children.clear()
        for log in self._open:
            log.close()
        self._open.clear()
        return len(running)

    def _start(self, service: str, *arguments: str) -> Child:
        name = f"{service}-{arguments[0]}"
        path = self.folder / "logs" / f"{name}.log"
        path.parent.mkdir(parents=True, exist_ok=True)
        log = path.open("wb")
        self._open.append(log)
        process = subprocess.Popen(
            [*_ending_with_us(), str(Path(sys.executable).parent / f"mtm-{service}"), *arguments],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            env=self._environment(service),
            start_new_session=True,
        )
        child = Child(name, process, path)
        self.children.append(child)
        self.logs[name] = path
        return child

    def _environment(self, service: str) -> dict[str, str]:
        data = self.folder / "data"
        data.mkdir(parents=True, exist_ok=True)
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("MTM_")}
        return inherited | {
            "MTM_ENVIRONMENT": "development",
            "MTM_HOST": "127.0.0.1",
            "MTM_PORT": str(self.ports[service]),
            "MTM_DATABASE_URL": f"sqlite:///{data / service}.db",
            "MTM_DATA_DIR": str(data / "uploads"),
            "MTM_ELIGIBILITY_URL": self.url("eligibility"),
            "MTM_REVIEW_URL": self.url("review"),
            "MTM_LOG_LEVEL": "warning",
            "PYTHONUNBUFFERED": "1",
        }


def _is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        # As the server will: a port in TIME_WAIT can be bound again, one that is listened on cannot.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _ending_with_us() -> list[str]:
    """Where util-linux is there, the kernel ends the children of a run that is killed without a chance to tidy up."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)
