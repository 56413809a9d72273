"""`make demo`: the main job end to end on this machine, and a page about it in `out/index.html`.

Without `--claims`, a made-up plan of fictional members; with it, the given folder of claims. Three real services on
SQLite, every step over HTTP. Ctrl-C at any moment ends everything that was started.
"""

import argparse
import asyncio
import signal
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rich.console import Console

from deploy.local.calls import TOKEN
from deploy.local.given_claims import run_on_claims
from deploy.local.processes import SERVICES, DemoFailed, House, PortBusy
from deploy.local.report.accounts import write_facts
from deploy.local.report.page import write_page
from deploy.local.sample_plan import run_on_sample
from deploy.local.steps import Steps
from deploy.local.tidying import clear_run

INTERRUPTED = 130
USAGE = 2


def _arguments(given: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m deploy.local.demo", description="Run OpenMTM's main job on this machine."
    )
    parser.add_argument("--claims", type=Path, help="folder of claims (RIF or DE-SynPUF files) instead of the sample")
    parser.add_argument("--out", type=Path, default=Path("out"), help="where to leave the page (default: out)")
    parser.add_argument("--members", type=int, default=1000, help="members of the sample plan (default: 1000)")
    parser.add_argument("--seed", type=int, default=2026, help="seed of the sample plan (default: 2026)")
    parser.add_argument("--ports", type=_ports, help="three ports, comma-separated (default: 8001,8002,8003)")
    parser.add_argument("--keep", action="store_true", help="keep the services running until Ctrl-C, to try them")
    return parser.parse_args(given)


def _ports(text: str) -> dict[str, int]:
    ports = [int(part) for part in text.split(",")]
    if len(set(ports)) != len(SERVICES):
        raise argparse.ArgumentTypeError("give three different ports, such as 9001,9002,9003")
    return dict(zip(SERVICES, ports, strict=True))


async def _run(given: argparse.Namespace, house: House, console: Console) -> None:
    steps = Steps(console)
    with steps.shown():
        if given.claims is not None:
            outcomes = await run_on_claims(house, given.claims, steps)
        else:
            outcomes = await run_on_sample(house, steps, count=given.members, seed=given.seed)
    outcomes.times = list(steps.times)
    outcomes.seconds = steps.seconds
    page = write_page(house.folder, outcomes)
    write_facts(house.folder, outcomes)
    console.print(f"[bold green]Done in {outcomes.seconds:.0f} s.[/] Open {page}", highlight=False, soft_wrap=True)
    if given.keep:
        await _keep(house, console)


async def _keep(house: House, console: Console) -> None:
    """Leave the services to be tried, until Ctrl-C."""
    for service in SERVICES:
        console.print(f"  {service}: {house.url(service)}/docs", highlight=False)
    console.print(f"  bearer token: {TOKEN}. Ctrl-C ends them.", highlight=False)
    with suppress(asyncio.CancelledError):
        await asyncio.Event().wait()


async def _until_done_or_told(given: argparse.Namespace, house: House, console: Console) -> None:
    """SIGTERM and a closed terminal end the run as Ctrl-C does."""
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    await _run(given, house, console)


def _stop(house: House, console: Console) -> None:
    # A second Ctrl-C must not leave half of the children behind.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if not house.logs:
        return
    ended = house.stop()
    console.print(f"Stopped {ended} processes; nothing that this started is running any more.", highlight=False)


def _explain(failure: DemoFailed, house: House, console: Console) -> int:
    console.print(f"\n[bold red]The demo cannot go on.[/] {failure}", highlight=False, soft_wrap=True)
    tail = house.log_tail(failure.service) if failure.service else ""
    if failure.service and tail:
        console.rule(f"last lines of {house.logs[failure.service]}")
        console.print(tail, markup=False, highlight=False, soft_wrap=True)
    return USAGE if isinstance(failure, PortBusy) else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the demo; answers the exit status."""
    given = _arguments(arguments)
    console = Console()
    house = House(given.out.resolve(), **({"ports": given.ports} if given.ports else {}))
    try:
        house.check_ports()
        clear_run(house.folder)
        asyncio.run(_until_done_or_told(given, house, console))
    except DemoFailed as failure:
        return _explain(failure, house, console)
    except (KeyboardInterrupt, asyncio.CancelledError):
        console.print("\nInterrupted.")
        return INTERRUPTED
    finally:
        _stop(house, console)
    return 0


if __name__ == "__main__":
    sys.exit(main())
