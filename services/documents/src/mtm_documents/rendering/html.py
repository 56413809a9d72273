"""Sets the same content as one HTML page with landmarks, for screens: no scripts, nothing loaded from elsewhere."""

from functools import lru_cache
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from mtm_documents.forms.form import FORMS_FOLDER, Form

_SUFFIX: Final = ".html.j2"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(FORMS_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=32)
def _template(path: str) -> Template:
    return _environment().get_template(path)


def to_html(form: Form, edition: str, content: dict[str, Any]) -> bytes:
    """The page, UTF-8."""
    return _template(form.template(edition, _SUFFIX)).render(d=content).encode()
