"""Runs the demo as `make demo` does, in a process of its own on ports of its own."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support import ROOT

PORTS = 3


def free_ports() -> list[int]:
    """Ports that nobody listens on, all reserved at once so that they differ."""
    probes = [socket.socket() for _ in range(PORTS)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def demo(out: Path, ports: list[int], *more: str) -> Iterator[subprocess.Popen[str]]:
    """The demo as `make demo` starts it; killed if the test fails before its end."""
    command = [
        sys.executable,
        "-m",
        "deploy.local.demo",
        "--out",
        str(out),
        "--ports",
        ",".join(map(str, ports)),
        *more,
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=60)
