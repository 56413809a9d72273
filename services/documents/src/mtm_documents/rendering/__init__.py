"""Turns a form's value into a tagged PDF or an HTML page, and says what made it and what it lacks."""

from mtm_documents.rendering.pdf import NotPrintableError
from mtm_documents.rendering.render import (
    Rendered,
    UnknownFormError,
    UnknownLanguageError,
    WrongValueError,
    render,
)

__all__ = ["NotPrintableError", "Rendered", "UnknownFormError", "UnknownLanguageError", "WrongValueError", "render"]
