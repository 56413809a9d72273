"""Checks the words and the editions of documents, ours and those of a sponsor's wording folder (`MTM_WORDING`), and the
rules of the CMS file (`MTM_CMS_RULES`).

A member must not get a letter with a hole in it: a string that is empty, unknown or lacks in one language, a value that
no form gives, an edition without its form number are told before anything is rendered.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from mtm_shared.reference import collect
from mtm_shared.rule_files import Problem, RuleFiles, Severity, problems_of
from mtm_shared.vocabulary import Vocabulary

from mtm_documents.catalogues.words import HERE as CATALOGUES
from mtm_documents.catalogues.words import LANGUAGES, CatalogueError, load_words
from mtm_documents.forms.editions import HERE as FORMS_FOLDER
from mtm_documents.forms.editions import disposal_links, form_identity
from mtm_documents.reference import cms


def recognises(path: Path) -> bool:
    """Whether the path is a wording folder (catalogues, editions or links) or one of rules of the CMS file."""
    return _of_cms(path) or (
        path.is_dir()
        and any(
            (path / name).exists()
            for name in ("links.toml", "editions", *(f"{each}/LC_MESSAGES" for each in LANGUAGES))
        )
    )


def check_path(path: Path, _: Vocabulary) -> Iterator[Problem]:
    """Every problem of our own catalogues, editions and rules, or of the folder laid over them."""
    if _of_cms(path):
        for file, load in cms.files(path):
            yield from _check_toml(file.parent, partial(load, file))
        return
    # Every form with its shapes: `mtm-vocabulary show` looks in here too, and need not wait for them.
    from mtm_documents.forms.registry import FORMS

    overlay = None if path in (CATALOGUES, FORMS_FOLDER) else path
    if path != FORMS_FOLDER:
        for kind in dict.fromkeys(form.family for form in FORMS.values()):
            for language in LANGUAGES:
                # Past the cache of the service: a person checks again after each change.
                yield from _check_words(path, partial(load_words.__wrapped__, kind, language, overlay))
    if path != CATALOGUES:
        for kind, edition in dict.fromkeys((form.family, each) for form in FORMS.values() for each in form.editions):
            yield from _check_toml(path, partial(form_identity.__wrapped__, kind, edition, overlay))
        yield from _check_toml(path, partial(disposal_links.__wrapped__, overlay))


def _of_cms(path: Path) -> bool:
    return path.is_dir() and any((path / name).exists() for name in ("layouts", "measures", "validation.toml"))


def _check_words(path: Path, read: Callable[[], Any]) -> Iterator[Problem]:
    try:
        read()
    except CatalogueError as error:
        yield Problem(Severity.ERROR, path, None, "", None, str(error))


def _check_toml(path: Path, read: Callable[[], Any]) -> Iterator[Problem]:
    yield from problems_of(collect(read).refusals, path)


RULE_FILES = RuleFiles(
    service="documents", own=(CATALOGUES, FORMS_FOLDER, cms.HERE), recognises=recognises, check=check_path
)
