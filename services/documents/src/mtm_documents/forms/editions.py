"""What identifies a form on paper: form and OMB numbers, dates, and the addresses that the rules name.

Data, because CMS renews them on its own calendar. A sponsor's wording folder (`MTM_WORDING`) may hold
`editions/<kind>-<edition>.toml` and `links.toml`, which are used whole in place of ours.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from mtm_shared.reference import Reader
from mtm_shared.values.citation import Citation

HERE: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class FormIdentity:
    """How an edition names itself in its footer and its Paperwork Reduction Act statement."""

    form_number: str
    form_date: str
    omb_number: str
    expires: str
    minutes_to_complete: str
    comments_address: str
    citation: Citation


@dataclass(frozen=True, slots=True)
class DisposalLinks:
    """The web addresses on safe disposal: mail-back, site search, flush list, more to read."""

    takeback: str
    search: str
    flush: str
    learn: str
    citation: Citation


@lru_cache(maxsize=32)
def form_identity(kind: str, edition: str, wording: Path | None = None) -> FormIdentity:
    """The identity of an edition; empty strings where the form has none."""
    ours = HERE / kind / "editions" / f"{edition}.toml"
    with Reader.of(_replaced(wording, f"editions/{kind}-{edition}.toml", ours)) as reader:
        return FormIdentity(
            form_number=reader.text("form_number", default=""),
            form_date=reader.text("form_date", default=""),
            omb_number=reader.text("omb_number", default=""),
            expires=reader.text("expires", default=""),
            minutes_to_complete=reader.text("minutes_to_complete", default=""),
            comments_address=reader.text("comments_address", default=""),
            citation=reader.citation(),
        )


@lru_cache(maxsize=4)
def disposal_links(wording: Path | None = None) -> DisposalLinks:
    """The addresses on safe disposal."""
    with Reader.of(_replaced(wording, "links.toml", HERE / "_shared" / "links.toml")) as reader:
        return DisposalLinks(
            takeback=reader.text("takeback"),
            search=reader.text("search"),
            flush=reader.text("flush"),
            learn=reader.text("learn"),
            citation=reader.citation(),
        )


def _replaced(wording: Path | None, name: str, ours: Path) -> Path:
    theirs = None if wording is None else wording / name
    return theirs if theirs is not None and theirs.is_file() else ours
