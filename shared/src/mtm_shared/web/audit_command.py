"""`mtm-<service> audit verify · head`: the chain over the audit trail, checked, and its head to keep elsewhere."""

import asyncio
import re
from collections.abc import Callable
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import DatabaseError

from mtm_shared.storage.audit import AuditTrail
from mtm_shared.storage.audit_chain import Head, Verdict, head_of, verify
from mtm_shared.storage.engine import Database
from mtm_shared.web.settings import ServiceSettings


def audit_commands(trail: AuditTrail, load: Callable[[], ServiceSettings]) -> typer.Typer:
    """The commands for one service."""
    app = typer.Typer(help="The audit trail.", no_args_is_help=True)

    @app.command("verify")
    def verify_trail(
        head: Annotated[
            str, typer.Option(help="A head that was kept elsewhere (POSITION:HASH), which the chain must hold.")
        ] = "",
    ) -> None:
        """Walk the chain of hashes; ends with status 1 at the first entry that is not what was sealed."""
        verdict = asyncio.run(_verify(trail, load().database_url, _head(head)))
        if verdict.fault:
            typer.echo(f"broken: {verdict.fault}", err=True)
            raise typer.Exit(1)
        waiting = verdict.entries - verdict.sealed
        typer.echo(f"{verdict.sealed} entries hold, {waiting} not sealed yet; head {_told(verdict.head)}")

    @app.command("head")
    def print_head() -> None:
        """The chain's last link, to keep where nobody of this database can change it."""
        typer.echo(_told(asyncio.run(_read_head(trail, load().database_url))))

    return app


def _told(head: Head) -> str:
    return f"{head.position}:{head.hash}"


def _head(text: str) -> Head | None:
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,18}:[0-9a-f]{64}", text):
        raise typer.BadParameter("must be POSITION:HASH as `audit head` prints it", param_hint="--head")
    position, _, digest = text.partition(":")
    return Head(int(position), digest)


async def _verify(trail: AuditTrail, url: str, anchor: Head | None) -> Verdict:
    database = Database.at(url)
    try:
        async with database.reading() as session:
            return await verify(session, trail, anchor)
    except DatabaseError:
        return _no_trail()
    finally:
        await database.dispose()


async def _read_head(trail: AuditTrail, url: str) -> Head:
    database = Database.at(url)
    try:
        async with database.reading() as session:
            return await head_of(session, trail)
    except DatabaseError:
        return _no_trail()
    finally:
        await database.dispose()


def _no_trail() -> NoReturn:
    typer.echo("the database holds no audit trail; has it been migrated?", err=True)
    raise typer.Exit(2)
