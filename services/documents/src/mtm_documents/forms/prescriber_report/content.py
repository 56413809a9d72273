"""Chooses the words of a report to a prescriber: a cover sheet without member data, then one page a problem.

The reply is a few boxes to tick, with the token of the recommendation; the prescriber decides, and the report says so.
"""

from pathlib import Path

from mtm_documents.catalogues import Words
from mtm_documents.domain.gaps import Gap, GapCode
from mtm_documents.domain.parties import Channel, ChannelKind, Purpose
from mtm_documents.forms._shared import letter
from mtm_documents.forms._shared.letter import Content
from mtm_documents.forms.prescriber_report.value import PrescriberReport, Problem

_REPLIES = ("accept", "change", "decline", "discuss", "not_mine")


def content(value: PrescriberReport, words: Words, wording: Path | None = None) -> Content:
    """Everything that the report says, in order."""
    plan = value.contact.plan_name
    return letter.frame(words, title=words("title"), letterhead=value.letterhead) | {
        "running": words("running"),
        "date": words.date(value.dated),
        "cover": {
            "facts": _facts(value, words),
            "pages_label": words("cover.pages"),
            "intro": [words.rich("cover.intro", plan=plan), words.rich("cover.decide")],
            "reply_title": words("cover.reply.title"),
            "reply": letter.call(value.contact, Purpose.QUESTIONS, words, "cover.reply"),
            "send": [words.rich(f"channel.{way.kind}", value=letter.telephone(way, words)) for way in _ways(value)],
            "code": words.rich("cover.code"),
            "secret_title": words("cover.secret.title"),
            "secret": words.rich("cover.secret", plan=plan),
        },
        "problems": [_problem(value, one, place, words) for place, one in enumerate(value.problems, 1)],
        "closing": words("signature.line"),
        "date_line": words("signature.date"),
    }


def _facts(value: PrescriberReport, words: Words) -> list[tuple[str, str]]:
    npi = words("cover.npi", npi=value.prescriber_npi) if value.prescriber_npi else ""
    prescriber = ", ".join(part for part in (value.prescriber_name, npi) if part) or words("cover.prescriber")
    return [
        (words("cover.to"), prescriber),
        (words("cover.from"), value.contact.administrator or value.contact.plan_name),
        (words("cover.problems"), words.number(len(value.problems))),
    ]


def _problem(value: PrescriberReport, one: Problem, place: int, words: Words) -> Content:
    title = f"{place}. {words(f'category.{one.category}')}"
    return {
        "title": title,
        "running": letter.running(words, value.member_name, title),
        "member": [
            (words("member.name"), value.member_name),
            (words("member.born"), words.date(value.birth_date)),
            (words("member.reviewed"), words.date(value.reviewed_on)),
        ],
        "rows": [
            *([[words("row.severity"), [words(f"severity.{one.severity}")]]] if one.severity else []),
            *([[words("row.medications"), list(one.medications)]] if one.medications else []),
            [words("row.because"), [one.because or words("because.pharmacist"), *one.evidence]],
            *([[words("row.consequence"), [one.consequence]]] if one.consequence else []),
            [words("row.suggestion"), [one.suggestion]],
            *([[words("row.source"), [one.source]]] if one.source else []),
        ],
        "headers": [words("row.what"), words("row.detail")],
        "reply_title": words("reply.title"),
        "replies": [words(f"reply.{reply}") for reply in _REPLIES],
        "note": words("reply.note"),
        "token": words("reply.token", token=one.token) if one.token else "",
    }


def gaps(value: PrescriberReport, language: str) -> list[Gap]:
    """What the report should say and cannot."""
    found = letter.contact_gaps(value.contact, language)
    if not value.prescriber_name:
        found.append(Gap(GapCode.MISSING_PRESCRIBER, "prescriber_name", "no name: only the NPI is printed"))
    if not _ways(value):
        found.append(
            Gap(GapCode.MISSING_REPLY_CHANNEL, "contact.channels", "no fax or mail: only a telephone is printed")
        )
    for place, one in enumerate(value.problems):
        if not one.token:
            found.append(Gap(GapCode.MISSING_REPLY_TOKEN, f"problems[{place}].token", "no code for the reply"))
    return found


def _ways(value: PrescriberReport) -> list[Channel]:
    """Where a signed page can go: never by e-mail, which is no place for health information."""
    serving = value.contact.channels_for(Purpose.QUESTIONS)
    return [channel for channel in serving if channel.kind in (ChannelKind.FAX, ChannelKind.MAIL)]
