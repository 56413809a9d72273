"""Chooses the words of the offer of a comprehensive medication review.

The offer is owed to each enrolled member, newly targeted or continuing, in any setting; saying no to it does not leave
the programme (CMS guidance). A member who cannot take part may be stood in for by a caregiver, a representative or the
prescriber (42 CFR 423.153(d)(1)(vii)(B)(2)), so the letter says who may join and who may take part instead.
"""

from pathlib import Path

from mtm_documents.catalogues import Run, Words
from mtm_documents.domain.gaps import Gap, GapCode
from mtm_documents.domain.parties import Purpose
from mtm_documents.forms._shared import letter
from mtm_documents.forms._shared.letter import Content
from mtm_documents.forms.cmr_offer_letter.value import CmrOfferLetter

_AT_HAND = ("prescription", "otc", "herbal", "supplement")


def content(value: CmrOfferLetter, words: Words, wording: Path | None = None) -> Content:
    """Everything that the letter says, in order; nothing of it stands in the wording folder's links or editions."""
    del wording
    return letter.frame(words, title=words("title"), letterhead=value.letterhead) | {
        "running": letter.running(words, value.member_name),
        "date": words.date(value.dated),
        "address": letter.address(value.addressee),
        "salutation": words("salutation", name=value.member_name),
        "intro": _intro(value, words),
        "sections": [
            _section(words, "schedule.title", _schedule(value, words)),
            _section(words, "review.title", _review(value, words)),
            _section(words, "who.title", [words.rich("who.helper"), words.rich("who.instead")]),
            _section(
                words,
                "prepare.title",
                [words.rich("prepare.intro")],
                bullets=[words.rich(f"prepare.{kind}") for kind in _AT_HAND],
                after=[words.rich("prepare.questions")],
            ),
            _section(
                words,
                "facts.title",
                [],
                bullets=[words.rich(f"facts.{fact}") for fact in ("free", "benefit", "voluntary", "doctor")],
            ),
            _section(words, "decline.title", [letter.joined(words.rich("decline.text"), words.rich("decline.later"))]),
        ],
        "questions": letter.call(value.contact, Purpose.QUESTIONS, words, "questions"),
        "closing": words("closing"),
        "signature": [value.contact.administrator or value.contact.plan_name],
    }


def gaps(value: CmrOfferLetter, language: str) -> list[Gap]:
    """What the letter should say and cannot."""
    found = letter.contact_gaps(value.contact, language) + letter.address_gaps(value.addressee)
    if value.schedule_by is None:
        found.append(Gap(GapCode.MISSING_DUE_DATE, "schedule_by", "no day to call by is printed"))
    return found


def _section(
    words: Words,
    title: str,
    paragraphs: list[list[Run]],
    bullets: list[list[Run]] | None = None,
    after: list[list[Run]] | None = None,
) -> Content:
    kept = [paragraph for paragraph in paragraphs if paragraph]
    return {"title": words(title), "paragraphs": kept, "bullets": bullets or [], "after": after or []}


def _intro(value: CmrOfferLetter, words: Words) -> list[list[Run]]:
    administrator = value.contact.administrator
    runs_it = words.rich("intro.administrator", administrator=administrator) if administrator else []
    due = words.rich("intro.due", date=words.date(value.schedule_by)) if value.schedule_by else []
    offer = words.rich("intro.offer", plan=value.contact.plan_name, year=value.plan_year)
    return [paragraph for paragraph in (letter.joined(offer, runs_it), due) if paragraph]


def _schedule(value: CmrOfferLetter, words: Words) -> list[list[Run]]:
    site = value.contact.website
    website = words.rich("schedule.website", website=site) if site else []
    return [letter.joined(letter.call(value.contact, Purpose.SCHEDULE, words, "schedule.call"), website)]


def _review(value: CmrOfferLetter, words: Words) -> list[list[Run]]:
    methods = words.listed([words(f"review.method.{method}") for method in value.cmr_methods], last="list.or")
    return [
        words.rich("review.what"),
        letter.joined(
            words.rich("review.takes", minutes=words.number(value.cmr_minutes), methods=methods),
            words.rich("review.summary", days=words.number(value.summary_days)),
        ),
    ]
