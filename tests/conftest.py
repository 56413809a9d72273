"""Fixtures that every folder shares."""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg
import pytest
from support import docker_or_skip

POSTGRES_IMAGE = "postgres:17"
_READY_WITHIN_SECONDS = 60.0


def pytest_configure() -> None:
    """Some tests press Ctrl-C: a run in a shell's background ignores it, and the processes it starts would too."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


async def _wait_for(address: str) -> None:
    """Until a query is answered: the container's log says ready once before its own restart."""
    until = time.monotonic() + _READY_WITHIN_SECONDS
    while True:
        try:
            connection = await asyncpg.connect(address, timeout=5)
        except (OSError, asyncpg.PostgresError, TimeoutError):
            if time.monotonic() > until:
                raise
            await asyncio.sleep(0.2)
            continue
        try:
            await connection.execute("SELECT 1")
        finally:
            await connection.close()
        return


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL server in a container, as `postgresql://user:password@host:port/database`."""
    docker_or_skip()
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    from testcontainers.core.container import DockerContainer

    container = (
        DockerContainer(POSTGRES_IMAGE)
        .with_env("POSTGRES_USER", "openmtm")
        .with_env("POSTGRES_PASSWORD", "openmtm")
        .with_env("POSTGRES_DB", "openmtm")
        .with_exposed_ports(5432)
    )
    with container:
        host, port = container.get_container_host_ip(), container.get_exposed_port(5432)
        address = f"postgresql://openmtm:openmtm@{host}:{port}/openmtm"
        _run(_wait_for(address))
        yield address


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> str:
    """The server's first database, as the services write addresses (`postgresql+asyncpg://…`)."""
    return postgres_server.replace("postgresql://", "postgresql+asyncpg://")


@pytest.fixture
def fresh_postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty database of its own for one test."""
    with postgres_database(postgres_server) as url:
        yield url


@contextmanager
def postgres_database(postgres_server: str) -> Iterator[str]:
    """An empty database of its own."""
    name = f"test_{os.getpid()}_{time.monotonic_ns()}"

    async def execute(statement: str) -> None:
        connection = await asyncpg.connect(postgres_server)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    _run(execute(f"CREATE DATABASE {name}"))
    base = postgres_server.rsplit("/", 1)[0].replace("postgresql://", "postgresql+asyncpg://")
    yield f"{base}/{name}"
    _run(execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def _run(work: object) -> None:
    """Run a coroutine from a synchronous fixture, on a loop of its own."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as threads:
        threads.submit(lambda: asyncio.run(work)).result()  # type: ignore[arg-type]
