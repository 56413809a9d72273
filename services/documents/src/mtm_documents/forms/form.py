"""What a form is to the rest of the service, whatever it says."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from mtm_documents.catalogues import LANGUAGES, Words
from mtm_documents.domain.gaps import Gap
from mtm_documents.forms._shared.data import FormData
from mtm_documents.forms._shared.letter import Content

FORMS_FOLDER: Final = Path(__file__).parent


class UnknownEditionError(Exception):
    """The form has no such edition."""


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of document: its editions, the value it is made of, the door's model, and how its words are chosen.

    `content` takes the value, the words and the wording folder; `gaps` the value and the language. Both are pure.
    """

    kind: str
    editions: tuple[str, ...]
    value_type: type[Any]
    data_model: type[FormData]
    content: Callable[[Any, Words, Path | None], Content]
    gaps: Callable[[Any, str], list[Gap]]
    languages: tuple[str, ...] = LANGUAGES
    part_of: str = ""
    """The kind that it is a part of: words and form numbers are that kind's, so that official ones serve both."""

    @property
    def family(self) -> str:
        """The kind whose words and form numbers it uses."""
        return self.part_of or self.kind

    @property
    def folder(self) -> Path:
        """Where its templates are."""
        return FORMS_FOLDER / self.kind

    def template(self, edition: str, suffix: str) -> str:
        """The template's path below the forms: the edition's own where it has one, or else the form's."""
        own = f"template-{edition}{suffix}"
        return f"{self.kind}/{own if (self.folder / own).is_file() else f'template{suffix}'}"

    @property
    def current_edition(self) -> str:
        """The edition in force, used when a caller names none."""
        return self.editions[0]

    def edition_of(self, value: Any) -> str:
        """The value's edition, if the form has it."""
        edition = str(value.edition)
        if edition not in self.editions:
            raise UnknownEditionError(f"{self.kind} has no edition {edition!r}")
        return edition
