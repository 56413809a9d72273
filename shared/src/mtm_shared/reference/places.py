"""On which line of a TOML file a key stands, so that whoever edits it finds the mistake."""

import re
from pathlib import Path
from typing import Final

_HEADER: Final = re.compile(r"\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY: Final = re.compile(r'\s*(?:"([^"]+)"|([A-Za-z0-9_.-]+))\s*=')
_STEP: Final = re.compile(r"([^.\[\]]+)(?:\[(\d+)\])?")


def toml_line(path: Path, keys: str) -> int | None:
    """The line of `table.key` or `array[2].key`; that of the nearest table around it where the key is not written.

    Values over several lines are passed over line by line, which is right for lists and for texts without `key =`.
    """
    wanted = tuple(f"{name}[{place}]" if place else name for name, place in _STEP.findall(keys))
    best: tuple[int, int] | None = None
    table: tuple[str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        if header := _HEADER.fullmatch(line):
            table = _table(header[2], counts, array=header[1] == "[[")
            here = table
        elif key := _KEY.match(line):
            here = (*table, *(key[1] or key[2]).split("."))
        else:
            continue
        if here == wanted[: len(here)] and (best is None or len(here) > best[0]):
            best = (len(here), number)
    return best[1] if best else None


def _table(name: str, counts: dict[tuple[str, ...], int], *, array: bool) -> tuple[str, ...]:
    """The steps to a table, those through an array with the place of its last element."""
    steps: tuple[str, ...] = ()
    parts = [part.strip().strip('"') for part in name.split(".")]
    for depth, part in enumerate(parts):
        plain = (*steps, part)
        if array and depth == len(parts) - 1:
            counts[plain] = counts.get(plain, -1) + 1
        steps = (*steps, f"{part}[{counts[plain]}]" if plain in counts else part)
    return steps
