"""`mtm-vocabulary`: look things up, explain codes, check the data and build a vocabulary from the official files."""

from typing import Annotated

import typer

from mtm_shared.vocabulary.command.build import build
from mtm_shared.vocabulary.command.checking import check
from mtm_shared.vocabulary.command.looking_up import explain, show
from mtm_shared.vocabulary.command.opening import print_version

app = typer.Typer(
    name="mtm-vocabulary",
    help=__doc__,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    epilog="Environment:\n\n- `MTM_VOCABULARY`: a built vocabulary or a folder of tables (default: the packaged one)"
    "\n\nExit codes: 0 understood or without errors, 1 not understood or with errors, 2 wrong use.",
)


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=print_version, is_eager=True, help="Show the edition and leave.")
    ] = False,
) -> None:
    """Look things up, explain codes, check the data and build a vocabulary from the official files."""


app.command()(show)
app.command()(explain)
app.command()(check)
app.command()(build)
