"""The frame of a letter of sections: everything but what the letter is about."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from mtm_documents.catalogues import Run, Words
from mtm_documents.domain.parties import Addressee, Contact, Letterhead, Purpose
from mtm_documents.forms._shared import letter
from mtm_documents.forms._shared.letter import Content

Section = dict[str, object]


class LetterValue(Protocol):
    """What every such letter is made of."""

    @property
    def letterhead(self) -> Letterhead:
        """Who sends it."""
        ...

    @property
    def contact(self) -> Contact:
        """How the programme is reached."""
        ...

    @property
    def addressee(self) -> Addressee:
        """The envelope."""
        ...

    @property
    def member_name(self) -> str:
        """Who is greeted."""
        ...

    @property
    def dated(self) -> date:
        """The letter's day."""
        ...


def simple_letter(
    value: LetterValue,
    words: Words,
    *,
    intro: Sequence[list[Run]],
    sections: Sequence[Section],
    topics: Sequence[Content] = (),
    disposal: Content | None = None,
) -> Content:
    """The content of the letter; the words of its title and questions are the form's own."""
    return letter.frame(words, title=words("title"), letterhead=value.letterhead) | {
        "running": letter.running(words, value.member_name),
        "date": words.date(value.dated),
        "address": letter.address(value.addressee),
        "salutation": words("salutation", name=value.member_name),
        "intro": list(intro),
        "topics": list(topics),
        "sections": list(sections),
        "questions": letter.call(value.contact, Purpose.QUESTIONS, words, "questions"),
        "closing": words("closing"),
        "signature": [value.contact.administrator or value.contact.plan_name],
        "disposal": disposal,
    }


def section(
    words: Words, title: str, *paragraphs: list[Run], bullets: Sequence[list[Run]] = (), after: Sequence[list[Run]] = ()
) -> Section:
    """A part of a letter under its own title."""
    told = [paragraph for paragraph in paragraphs if paragraph]
    return {"title": words(title), "paragraphs": told, "bullets": list(bullets), "after": list(after)}
