"""`mtm-review policy check · list · forecast`: for whoever writes a sponsor's policy, and whoever answers for it.

`check` reads the files as the service will and names every mistake at once; `forecast` asks a running service what the
policy would take away from its pharmacists' lists before anybody's list gets shorter.
"""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from time import sleep
from typing import Annotated, Any, Final

import httpx
import typer
from mtm_shared.contracts.policies import BurdenLine, PolicyForecast
from mtm_shared.reference import Collected, ReferenceDataError, collect, read_toml, toml_line
from mtm_shared.vocabulary import load_vocabulary
from mtm_shared.web.calling import calling, refusal
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from mtm_review.domain.finding import Severity
from mtm_review.domain.policies import Policies
from mtm_review.domain.policy import Off, Policy
from mtm_review.reference import load_knowledge
from mtm_review.reference.policy_tables import Ground, load_policies, read_policy_file

commands = typer.Typer(
    help="Sponsors' policies: check the files, list them with their state, forecast what they would change.",
    no_args_is_help=True,
    rich_markup_mode="markdown",
)
_POLL_SECONDS: Final = 0.5
_RULES_SHOWN: Final = 20

VocabularyOption = Annotated[
    Path | None, typer.Option(envvar="MTM_VOCABULARY", help="Built vocabulary, where it is not the shipped one.")
]


def _ground(vocabulary: Path | None) -> Ground:
    known = load_vocabulary(vocabulary)
    return Ground.of(load_knowledge(vocabulary=known), known)


def _told(refusals: tuple[ReferenceDataError, ...], folder: Path) -> list[str]:
    """Each refusal with the file and the line."""
    told = []
    for each in refusals:
        path = folder / each.file
        line = each.line or (toml_line(path, each.place) if each.place and path.is_file() else None)
        told.append(f"{each.file}{f':{line}' if line else ''}: {each.place} {each.problem}".replace(":  ", ": "))
    return told


@commands.command()
def check(
    path: Annotated[Path, typer.Argument(exists=True, help="A policy (*.toml), or a folder of them.")],
    vocabulary: VocabularyOption = None,
) -> None:
    """Name every mistake in a policy, or in a folder of policies and between them. Exit code 1 where there is one.

    A file is right when a service would start with it: `mtm-review policy check policies/example-2027.toml`
    """
    ground = _ground(vocabulary)
    read: Collected[Policies]
    if path.is_dir():
        read = collect(lambda: load_policies(path, ground))
    else:
        read = collect(lambda: Policies.of([read_policy_file(path, ground)]))
    if read.refusals or read.value is None:
        for line in _told(read.refusals, path if path.is_dir() else path.parent):
            typer.echo(line)
        count = len(read.refusals)
        typer.echo(f"{count} mistake{'' if count == 1 else 's'}.", err=True)
        raise typer.Exit(1)
    for policy in read.value.by_id.values():
        for warning in _warnings(policy, ground):
            typer.echo(f"{policy.policy_id}: warning: {warning}")
        typer.echo(f"{policy.policy_id}: {_counted(len(policy.entries))}, version {policy.version}, no mistake.")


def _warnings(policy: Policy, ground: Ground) -> list[str]:
    """What may be written and will not do what it says."""
    return [
        f"off {hider.target.rule_id}: its findings are contraindicated, may not be hidden and stay shown"
        for hider in policy.hiders
        if isinstance(hider, Off)
        and hider.target.rule_id
        and ground.rules[hider.target.rule_id].severity is Severity.CONTRAINDICATED
    ]


def _counted(entries: int) -> str:
    return "1 entry" if entries == 1 else f"{entries} entries"


@commands.command("list")
def list_policies(
    folder: Annotated[Path, typer.Option(envvar="MTM_POLICIES", exists=True, help="Folder of policies.")],
    on: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="State on this day (today).")] = None,
    vocabulary: VocabularyOption = None,
) -> None:
    """List the policies of a folder: whom they are for, until when, and whether they act."""
    read = collect(lambda: load_policies(folder, _ground(vocabulary)))
    if read.refusals or read.value is None:
        for line in _told(read.refusals, folder):
            typer.echo(line, err=True)
        raise typer.Exit(1)
    day = (on or datetime.now(UTC)).date()
    table = Table("policy", "sponsor", "for", "from", "until", "state", "entries")
    for policy in read.value.by_id.values():
        table.add_row(*map(escape, _row(policy, day)))
    Console().print(table)


def _row(policy: Policy, day: date) -> list[str]:
    ended = sum(terms.expires_on < day for terms in policy.entries)
    return [
        policy.name,
        policy.sponsor,
        ", ".join(sorted(policy.programs | policy.contracts)),
        str(policy.effective_from),
        str(policy.terms.expires_on),
        policy.state_on(day).value,
        f"{len(policy.entries)}{f' ({ended} ended)' if ended else ''}",
    ]


@commands.command()
def forecast(
    as_of: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="Latest reviews up to this day are counted.")],
    policy: Annotated[
        str | None, typer.Option(help="Id of a loaded policy, or a file (*.toml). None: that of each member's payer.")
    ] = None,
    program: Annotated[str | None, typer.Option(help="Only members under this programme.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    url: Annotated[str, typer.Option(envvar="MTM_REVIEW_URL", help="Address of the running service.")] = (
        "http://127.0.0.1:8002"
    ),
    token: Annotated[str | None, typer.Option(envvar="MTM_TOKEN", help="Access token (development key if none).")] = (
        None
    ),
) -> None:
    """Forecast the burden of alerts over the stored reviews, without the policy and with it.

    A worker of the service must be running: it screens the latest review of each member again.
    """
    body: dict[str, Any] = {"as_of": as_of.date().isoformat()}
    if program is not None:
        body["program_id"] = program
    if policy is not None:
        body["policy"] = _sent(policy)
    with calling(url, token) as client:
        done = _followed(client, body, Console(stderr=True))
    if done.burden is None:
        typer.echo("The forecast failed; the worker's log says why.", err=True)
        raise typer.Exit(1)
    if as_json:
        typer.echo(done.model_dump_json(indent=2))
    else:
        _print(done, Console())


def _sent(policy: str) -> Any:
    """The id, or what the file says in JSON's words."""
    if not policy.endswith(".toml"):
        return policy
    try:
        return json.loads(json.dumps(read_toml(Path(policy)), default=str))
    except (ReferenceDataError, OSError) as error:
        typer.echo(f"{policy}: {error}", err=True)
        raise typer.Exit(1) from None


def _followed(client: httpx.Client, body: dict[str, Any], console: Console) -> PolicyForecast:
    """Order the forecast and wait until the worker is done with it."""
    answer = client.post("/v1/policy-forecasts", json=body)
    kept = _read(answer)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        task = progress.add_task("members", total=kept.counts.members)
        while kept.state in ("queued", "running"):
            sleep(_POLL_SECONDS)
            kept = _read(client.get(f"/v1/policy-forecasts/{kept.forecast_id}"))
            progress.update(task, completed=kept.counts.done)
    return kept


def _read(answer: httpx.Response) -> PolicyForecast:
    if answer.is_error:
        _, told = refusal(answer)
        typer.echo(told, err=True)
        for error in answer.json().get("errors", []) if "json" in answer.headers.get("content-type", "") else []:
            typer.echo(f"  {error['pointer']}: {error['message']}", err=True)
        raise typer.Exit(1)
    return PolicyForecast.model_validate_json(answer.content)


def _print(done: PolicyForecast, console: Console) -> None:
    burden = done.burden
    assert burden is not None
    without, with_policy = burden.without, burden.with_policy
    spread = Table("findings a member", "without", "with policy", title=f"{burden.members} members")
    spread.add_row("mean", f"{without.mean}", f"{with_policy.mean}")
    for name, value in without.percentiles.items():
        spread.add_row(name, str(value), str(with_policy.percentiles.get(name, "")))
    spread.add_row("most", str(without.most), str(with_policy.most))
    for many in ("members_with_1_or_more", "members_with_5_or_more"):
        spread.add_row(many.replace("_", " "), str(getattr(without, many)), str(getattr(with_policy, many)))
    console.print(spread)
    for title in ("screen", "severity", "tier", "rule"):
        console.print(_table(title, getattr(burden, f"by_{title}")))
    console.print(
        f"{burden.hidden} hidden, {burden.shown} shown instead, {burden.lowered} lowered, "
        f"{burden.may_not_hide} kept because they are contraindicated; {done.counts.without_review} without a review.",
        highlight=False,
    )


def _table(title: str, lines: list[BurdenLine]) -> Table:
    table = Table(title, "without", "with policy", "per 100 without", "per 100 with")
    for line in lines[:_RULES_SHOWN]:
        figures = (line.without, line.with_policy, line.without_per_100, line.with_per_100)
        table.add_row(escape(line.name), *map(str, figures))
    if len(lines) > _RULES_SHOWN:
        table.caption = f"{len(lines) - _RULES_SHOWN} more: --json"
    return table
