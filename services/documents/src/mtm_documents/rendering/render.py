"""One way from a value to bytes, for every form, language and target.

The bytes depend on the value, the wording and the templates alone: no clock, no random id, no font of the host. What
made them is said with fingerprints, what they lack with gaps (ARCHITECTURE.md, laws 5 and 6).
"""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, Literal

from mtm_documents.catalogues import load_words
from mtm_documents.domain.gaps import Gap
from mtm_documents.fonts import FONTS
from mtm_documents.forms.form import FORMS_FOLDER, Form
from mtm_documents.forms.registry import FORMS
from mtm_documents.rendering.clean import clean
from mtm_documents.rendering.html import to_html
from mtm_documents.rendering.pdf import to_pdf

Target = Literal["pdf", "html"]

_MEDIA_TYPES: Final = {"pdf": "application/pdf", "html": "text/html; charset=utf-8"}
_TEMPLATE_FILES: Final = frozenset({".typ", ".j2", ".toml", ".py"})


class UnknownFormError(Exception):
    """No form of that kind."""


class UnknownLanguageError(Exception):
    """The form is not written in that language."""


class WrongValueError(TypeError):
    """The value is not what the form is made of."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document: the exact bytes, and what made them. An HTML page counts no pages."""

    content: bytes
    media_type: str
    pages: int
    sha256: str
    edition: str
    template_fingerprint: str
    wording_fingerprint: str
    gaps: tuple[Gap, ...]


def render(kind: str, language: str, value: Any, *, target: Target = "pdf", wording: Path | None = None) -> Rendered:
    """The document of `kind` in `language`, made of `value`.

    `wording` is the folder of official strings laid over ours (`MTM_WORDING`). Raises UnknownFormError,
    UnknownLanguageError, WrongValueError, UnknownEditionError, CatalogueError for a wording that cannot be used, and
    NotPrintableError for what the typesetter refuses.
    """
    form = _form(kind, language, value)
    edition = form.edition_of(value)
    words = load_words(form.family, language, wording)
    printable, gaps = clean(value)
    content = form.content(printable, words, wording)
    if target == "pdf":
        made, pages = to_pdf(form, edition, content, value.dated)
    else:
        made, pages = to_html(form, edition, content), 0
    return Rendered(
        content=made,
        media_type=_MEDIA_TYPES[target],
        pages=pages,
        sha256=hashlib.sha256(made).hexdigest(),
        edition=edition,
        template_fingerprint=template_fingerprint(kind),
        wording_fingerprint=words.fingerprint,
        gaps=(*form.gaps(printable, language), *gaps),
    )


@lru_cache(maxsize=32)
def template_fingerprint(kind: str) -> str:
    """`sha256:` and 16 hex digits over the form's files, the shared ones, the fonts, and the typesetter's version."""
    digest = hashlib.sha256(f"typst {version('typst')} babel {version('babel')}".encode())
    folders = {FORMS_FOLDER / name for name in (kind, FORMS[kind].family, "_shared")}
    ours = [path for folder in folders for path in folder.rglob("*")]
    for path in sorted(path for path in ours if path.suffix in _TEMPLATE_FILES) + sorted(FONTS.glob("*.ttf")):
        digest.update(path.relative_to(FORMS_FOLDER.parent).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return f"sha256:{digest.hexdigest()[:16]}"


def _form(kind: str, language: str, value: Any) -> Form:
    form = FORMS.get(kind)
    if form is None:
        raise UnknownFormError(f"no form {kind!r}; there are {', '.join(FORMS)}")
    if language not in form.languages:
        raise UnknownLanguageError(f"{kind} is not written in {language!r}")
    if not isinstance(value, form.value_type):
        raise WrongValueError(f"{kind} is made of {form.value_type.__name__}, not of {type(value).__name__}")
    return form
