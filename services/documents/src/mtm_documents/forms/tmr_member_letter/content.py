"""Chooses the words of the letter after a targeted review: what to talk about, and that nothing changes by itself."""

from pathlib import Path
from typing import Final

from mtm_documents.catalogues import Words
from mtm_documents.domain.gaps import Gap
from mtm_documents.forms._shared import letter
from mtm_documents.forms._shared.letter import Content
from mtm_documents.forms._shared.simple import section, simple_letter
from mtm_documents.forms.tmr_member_letter.value import TmrMemberLetter, Topic

_A_LINE: Final = 50
_LONG: Final = 1200
"""Letters that surely fit on a page, each action counted as a line more; what is longer is measured."""


def content(value: TmrMemberLetter, words: Words, wording: Path | None = None) -> Content:
    """Everything that the letter says, in order."""
    reviewed = words.rich("intro.reviewed", date=words.date(value.reviewed_on), plan=value.contact.plan_name)
    told = [words.rich(f"change.{one}") for one in ("nothing", "keep", "visit")]
    return simple_letter(
        value,
        words,
        intro=[reviewed, words.rich("intro.talk")],
        topics=[_topic(one, words) for one in value.topics],
        sections=[section(words, "change.title", bullets=told)],
    )


def _topic(one: Topic, words: Words) -> Content:
    written = len(one.topic) + sum(len(action) for action in one.actions)
    return {
        "topic": one.topic or words("topic.other"),
        "actions": [[(text, False)] for text in one.actions],
        "long": written + _A_LINE * len(one.actions) > _LONG,
    }


def gaps(value: TmrMemberLetter, language: str) -> list[Gap]:
    """What the letter should say and cannot."""
    return letter.contact_gaps(value.contact, language) + letter.address_gaps(value.addressee)
