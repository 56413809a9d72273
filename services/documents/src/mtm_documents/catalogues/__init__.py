"""The words of every document, by language, kept apart from templates and code.

One gettext catalogue a form and language (`<language>/LC_MESSAGES/<form>.po`) plus `shared`. Keys name the place
(`cover.thanks`), in English as in Spanish, so that official wording can replace any string without a release.
"""

from mtm_documents.catalogues.words import (
    LANGUAGES,
    CatalogueError,
    Run,
    WordingStatus,
    Words,
    load_words,
)

__all__ = ["LANGUAGES", "CatalogueError", "Run", "WordingStatus", "Words", "load_words"]
