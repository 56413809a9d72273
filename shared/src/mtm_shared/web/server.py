"""Runs a service on uvloop and httptools, ends in good order, and says plainly when a port is taken."""

import socket
import sys

import uvicorn
from fastapi import FastAPI


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
    server = uvicorn.Server(config)
    server.run(sockets=[listener])
    return server.started
