"""Turns a form's value into a tagged PDF or an HTML page, and says what made it and what it lacks."""

from mtm_documents.rendering.render import (
    Rendered,
    UnknownFormError,
    UnknownLanguageError,
    WrongValueError,
    render,
)

__all__ = ["Rendered", "UnknownFormError", "UnknownLanguageError", "WrongValueError", "render"]
