"""Chooses the words of the letter on safe disposal: why it comes, and the sheet with the six items of 422.111(j)."""

from pathlib import Path

from mtm_documents.catalogues import Words
from mtm_documents.domain.gaps import Gap
from mtm_documents.forms._shared import letter
from mtm_documents.forms._shared.disposal import disposal, disposal_gaps
from mtm_documents.forms._shared.letter import Content
from mtm_documents.forms._shared.simple import section, simple_letter
from mtm_documents.forms.editions import disposal_links
from mtm_documents.forms.safe_disposal.value import SafeDisposal


def content(value: SafeDisposal, words: Words, wording: Path | None = None) -> Content:
    """Everything that the letter says, in order."""
    links = disposal_links(wording)
    full = {
        "soon": words.rich("full.soon"),
        "sites_best": words.rich("full.best"),
        "trash": [words.rich(f"full.{step}") for step in ("mix", "seal", "name", "throw")],
        "kit": words.rich("full.kit"),
        "flush": words.rich("full.flush", flush=links.flush),
    }
    why = [words.rich(f"why.{one}") for one in ("opioids", "old", "children")]
    return simple_letter(
        value,
        words,
        intro=[words.rich("intro.why", plan=value.contact.plan_name, year=value.plan_year)],
        sections=[section(words, "why.title", bullets=why, after=[words.rich("why.next")])],
        disposal=disposal(value.take_back_sites, links, words) | full,
    )


def gaps(value: SafeDisposal, language: str) -> list[Gap]:
    """What the letter should say and cannot."""
    found = letter.contact_gaps(value.contact, language) + letter.address_gaps(value.addressee)
    return found + disposal_gaps(value.take_back_sites)
