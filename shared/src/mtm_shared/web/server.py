"""Runs a service on uvloop and httptools, ends in good order, and says plainly when a port is taken."""

import gc
import socket
import sys
from typing import Final

import uvicorn
from fastapi import FastAPI

_YOUNG_OBJECTS: Final = 20_000
"""A request makes a few thousand objects; the default of 700 looks through them several times each."""


class PortTaken(Exception):
    """Somebody else listens there."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, or `PortTaken`: bound before anything is loaded, so that the message comes at once."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise PortTaken(f"cannot listen on {host}:{port}: {error.strerror}") from error
    listener.set_inheritable(True)
    return listener


class _Server(uvicorn.Server):
    """Keeps what was loaded at the start, such as the vocabulary, out of every later garbage collection."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Starts, then moves what lives as long as the process to the permanent generation."""
        await super().startup(sockets=sockets)
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG_OBJECTS)


def serve(app: FastAPI, listener: socket.socket) -> bool:
    """Serve until a signal; False when the application did not start."""
    config = uvicorn.Config(
        app,
        loop="uvloop" if sys.platform != "win32" else "asyncio",
        http="httptools",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        date_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=25,
        h11_max_incomplete_event_size=None,
    )
    server = _Server(config)
    server.run(sockets=[listener])
    return server.started
