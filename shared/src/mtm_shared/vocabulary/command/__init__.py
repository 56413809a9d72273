"""`mtm-vocabulary`: look things up, check the data and build a vocabulary from the official files."""

import typer

app = typer.Typer(name="mtm-vocabulary", help=__doc__, no_args_is_help=True)


@app.callback()
def main() -> None:
    """Look things up, check the data and build a vocabulary from the official files."""
