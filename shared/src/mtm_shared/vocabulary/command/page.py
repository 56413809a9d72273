"""Lays an answer out for a terminal: 80 columns, readable without colour, no code ever broken over two lines."""

import json
import os
import shutil
import sys
import textwrap
from collections.abc import Iterable
from typing import Any, Final

import typer

_LABEL: Final = 14
_NARROWEST, _WIDEST = 40, 100


class Page:
    """Lines to be written at once, so that an answer is whole or not there."""

    def __init__(self, width: int | None = None) -> None:
        self._width = width or max(_NARROWEST, min(_WIDEST, shutil.get_terminal_size((80, 24)).columns))
        self._lines: list[str] = []

    def heading(self, text: str) -> None:
        """A line that starts a part; an empty line stands before it."""
        if self._lines:
            self._lines.append("")
        for line in self._wrapped(text, "", ""):
            self._lines.append(typer.style(line, bold=True))

    def footer(self, text: str) -> None:
        """A last line, apart from the rest."""
        self._lines += ["", text]

    def row(self, label: str, value: object, depth: int = 1) -> None:
        """A label and its value; long values hang under themselves."""
        if value in (None, "", (), []):
            return
        text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
        blank = " " * (2 * depth + _LABEL)
        first = "  " * depth + label.ljust(_LABEL)
        if len(label) >= _LABEL:
            # A long label stands above its value, which stays in the column of the others.
            self._lines.append(first.rstrip())
            first = blank
        self._lines += self._wrapped(text, first, blank)

    def line(self, text: str, depth: int = 1) -> None:
        """A sentence."""
        self._lines += self._wrapped(text, "  " * depth, "  " * depth)

    def items(self, items: Iterable[str], depth: int = 1) -> None:
        """A list, an item a line."""
        for item in items:
            self._lines += self._wrapped(item, "  " * depth + "- ", "  " * depth + "  ")

    def __str__(self) -> str:
        return "\n".join(self._lines)

    def _wrapped(self, text: str, first: str, rest: str) -> list[str]:
        return textwrap.wrap(
            text,
            self._width,
            initial_indent=first,
            subsequent_indent=rest,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [first.rstrip()]


def write(text: str) -> None:
    """Write to standard output, without colour unless a terminal shows it and nobody asked for none (NO_COLOR)."""
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    typer.echo(text, color=coloured)


def write_json(value: Any) -> None:
    """Write one JSON document."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))
