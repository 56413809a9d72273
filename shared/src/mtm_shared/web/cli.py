"""The command line that every service has: `serve`, `migrate`, `worker`; a service adds its own commands.

`--help` names every variable that the service reads. Refused settings and taken ports are one plain message and a
non-zero exit, never a traceback.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable, Mapping
from typing import Annotated, TypeVar

import typer
from fastapi import FastAPI

from mtm_shared.logs import configure_logging
from mtm_shared.storage.audit import AuditTrail
from mtm_shared.storage.migrate import migrate as migrate_database
from mtm_shared.web.audit_command import audit_commands
from mtm_shared.web.server import PortTaken, bind
from mtm_shared.web.server import serve as serve_app
from mtm_shared.web.settings import ServiceSettings, SettingsRefused, describe_settings

CreateApp = Callable[..., FastAPI]
Worker = Callable[..., Awaitable[None]]
Settings = TypeVar("Settings", bound=ServiceSettings)


def load_settings(name: str, kind: type[Settings], environ: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment, with logging set up by them; else a message and exit code 2."""
    try:
        settings = kind.from_environment(name, os.environ if environ is None else environ)
    except SettingsRefused as refusal:
        typer.echo(str(refusal), err=True)
        raise typer.Exit(2) from None
    configure_logging(settings.log_level)
    return settings


def service_cli(
    name: str,
    create_app: CreateApp,
    *,
    settings: type[ServiceSettings] = ServiceSettings,
    worker: Worker | None = None,
    trail: AuditTrail | None = None,
    about: str = "",
) -> typer.Typer:
    """A Typer application `mtm-<name>`.

    `create_app(settings) -> FastAPI`; `worker(settings, stop: asyncio.Event)` is awaited until it returns; with a
    `trail` come the commands that check it.
    """
    app = typer.Typer(
        name=f"mtm-{name}",
        help=about or f"The OpenMTM {name} service.",
        epilog=_variables(settings),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode="markdown",
        pretty_exceptions_enable=False,
    )
    _add_serve(app, name, create_app, settings)
    _add_migrate(app, name, settings)
    if worker is not None:
        _add_worker(app, name, worker, settings)
    if trail is not None:
        app.add_typer(audit_commands(trail, lambda: load_settings(name, settings)), name="audit")
    return app


def _variables(kind: type[ServiceSettings]) -> str:
    lines = [
        f"- `{variable}`: {about}{f' (default {default})' if default else ''}"
        for variable, about, default in describe_settings(kind)
    ]
    return "Environment:\n\n" + "\n".join(lines)


def _add_serve(app: typer.Typer, name: str, create_app: CreateApp, kind: type[ServiceSettings]) -> None:
    @app.command()
    def serve(
        host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
        port: Annotated[int | None, typer.Option(help="Port to listen on.", min=1, max=65535)] = None,
    ) -> None:
        """Answer requests until stopped."""
        environ = dict(os.environ)
        if host is not None:
            environ["MTM_HOST"] = host
        if port is not None:
            environ["MTM_PORT"] = str(port)
        settings = load_settings(name, kind, environ)
        try:
            listener = bind(settings.host, settings.port)
        except PortTaken as taken:
            typer.echo(f"{name}: {taken}", err=True)
            raise typer.Exit(1) from None
        with listener:
            started = serve_app(create_app(settings), listener)
        raise typer.Exit(0 if started else 1)


def _add_migrate(app: typer.Typer, name: str, kind: type[ServiceSettings]) -> None:
    @app.command()
    def migrate(
        to: Annotated[str, typer.Option(help="Revision to go to.")] = "head",
    ) -> None:
        """Bring the database to the revision that this version needs."""
        settings = load_settings(name, kind)
        migrate_database(name, settings.database_url, to)
        typer.echo(f"{name}: database is at {to}", err=True)


def _add_worker(app: typer.Typer, name: str, worker: Worker, kind: type[ServiceSettings]) -> None:
    @app.command("worker")
    def work() -> None:
        """Work off jobs until stopped."""
        settings = load_settings(name, kind)
        asyncio.run(until_signalled(lambda stop: worker(settings, stop)))


async def until_signalled(work: Callable[[asyncio.Event], Awaitable[None]]) -> None:
    """Run `work(stop)`; SIGINT and SIGTERM set `stop`, a second one ends at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def signalled() -> None:
        if stop.is_set():
            sys.exit(130)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, signalled)
    await work(stop)
