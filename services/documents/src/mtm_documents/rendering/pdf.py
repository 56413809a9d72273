"""Sets content as a tagged PDF with Typst, in its PDF/UA-1 mode.

Data goes in as JSON, so that nothing a person wrote is ever markup; fonts are only the shipped ones; the creation
date is the letter's own, so that the same data gives the same bytes. A Typst compiler serves one caller at a time
(it raises when shared), so compilers are lent from a pool.
"""

import json
import re
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any, Final

import typst

from mtm_documents.fonts import FONTS
from mtm_documents.forms.form import FORMS_FOLDER, Form

_STANDARD: Final = "ua-1"
_LONG_WORD: Final = 20
_WORD_PARTS: Final = re.compile(rf"[^\s/\-\u00ad\u200b]{{{_LONG_WORD + 1},}}|[/\-]{{{_LONG_WORD + 1},}}")
_HYPHEN: Final = re.compile(r"(?<=[^\W\d])-(?=[^\W\d])")
_BREAK: Final = "\u200b"
_PAGES: Final = re.compile(rb"/Type\s*/Page\b(?!s)")


class NotPrintableError(Exception):
    """The typesetter refused the content; its own text is not kept, for it could repeat the content."""


class _Pool:
    """Compilers of one template, lent to one caller at a time; it grows to as many as are ever used at once."""

    def __init__(self, template: Path) -> None:
        self._template = template
        self._idle: LifoQueue[typst.Compiler] = LifoQueue()

    def compile(self, data: str, timestamp: datetime) -> bytes:
        compiler = self._take()
        try:
            compiled = compiler.compile(
                format="pdf", pdf_standards=[_STANDARD], timestamp=timestamp, sys_inputs={"data": data}
            )
        except typst.TypstError:
            raise NotPrintableError("the typesetter refused the content") from None
        finally:
            self._idle.put(compiler)
        if not isinstance(compiled, bytes):
            raise TypeError("Typst gave no single PDF")
        return compiled

    def _take(self) -> typst.Compiler:
        try:
            return self._idle.get_nowait()
        except Empty:
            return typst.Compiler(
                str(self._template), root=str(FORMS_FOLDER), font_paths=_fonts(), ignore_system_fonts=True
            )


def to_pdf(form: Form, edition: str, content: dict[str, Any], dated: date) -> tuple[bytes, int]:
    """The PDF and its number of pages."""
    doubles_hyphens = content["language"] == "es"
    data = json.dumps(_breakable(content, doubles_hyphens), ensure_ascii=False)
    compiled = _pool(FORMS_FOLDER / form.template(edition, ".typ")).compile(data, datetime.combine(dated, time(), UTC))
    return compiled, len(_PAGES.findall(compiled))


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@lru_cache(maxsize=32)
def _pool(template: Path) -> _Pool:
    return _Pool(template)


def _breakable(content: Any, doubles_hyphens: bool) -> Any:
    """Lets a word that is longer than a line break anywhere, so that nothing runs off the page.

    Spanish typesetting repeats a hyphen on the next line; in the name of a drug that would be a second hyphen, so
    the break is put behind it.
    """
    if isinstance(content, str):
        text = _HYPHEN.sub("-" + _BREAK, content) if doubles_hyphens else content
        return _WORD_PARTS.sub(_broken, text)
    if isinstance(content, dict):
        return {key: _breakable(part, doubles_hyphens) for key, part in content.items()}
    if isinstance(content, list | tuple):
        return [_breakable(part, doubles_hyphens) for part in content]
    return content


def _broken(word: re.Match[str]) -> str:
    """Break points for a long word: after its dots, as in a web address, and anywhere in a part that is still long."""
    parts = word.group().split(".")
    return f".{_BREAK}".join(_BREAK.join(part) if len(part) > _LONG_WORD else part for part in parts)
