"""Chooses the words of a confirmation: what was asked for, what stays the same, how to come back."""

from pathlib import Path

from mtm_documents.catalogues import Run, Words
from mtm_documents.domain.gaps import Gap
from mtm_documents.domain.parties import Purpose
from mtm_documents.forms._shared import letter
from mtm_documents.forms._shared.letter import Content
from mtm_documents.forms._shared.simple import section, simple_letter
from mtm_documents.forms.opt_out_confirmation.value import OptOutConfirmation


def content(value: OptOutConfirmation, words: Words, wording: Path | None = None) -> Content:
    """Everything that the letter says, in order."""
    key = "review" if value.review_only else "program"
    plan = value.contact.plan_name
    asked = words.rich(f"asked.{key}", date=words.date(value.asked_on), plan=plan, year=value.plan_year)
    same = ["drugs", "doctor", *(["program"] if value.review_only else [])]
    return simple_letter(
        value,
        words,
        intro=[asked, _until(value, words)],
        sections=[
            section(words, "same.title", words.rich("same.intro"), bullets=[words.rich(f"same.{one}") for one in same]),
            section(words, "back.title", *_back(value, words)),
        ],
    )


def _until(value: OptOutConfirmation, words: Words) -> list[Run]:
    if value.review_only:
        return words.rich("until.review", year=value.plan_year)
    return words.rich("until.good") if value.permanent else words.rich("until.year", year=value.plan_year)


def _back(value: OptOutConfirmation, words: Words) -> list[list[Run]]:
    key = "back.review" if value.review_only else "back.program"
    return [words.rich(key), letter.call(value.contact, Purpose.OPT_OUT, words, "back.call")]


def gaps(value: OptOutConfirmation, language: str) -> list[Gap]:
    """What the letter should say and cannot."""
    return letter.contact_gaps(value.contact, language) + letter.address_gaps(value.addressee)
