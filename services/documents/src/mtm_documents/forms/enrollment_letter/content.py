"""Chooses the words of an enrolment letter.

What plans publish of their letters (enrolled without asking, no cost, leave at any time, about 30 minutes, not a
benefit, a seven-digit PIN for calling back, what is learnt used for the programme only) is said here in plain words,
each sentence only where the programme's facts call for it. Conditions, drugs and costs of the member are not named:
the letter may be opened by others.
"""

from pathlib import Path

from mtm_documents.catalogues import Run, Words
from mtm_documents.domain.gaps import Gap, GapCode
from mtm_documents.domain.parties import Purpose
from mtm_documents.forms._shared import letter
from mtm_documents.forms._shared.disposal import disposal, disposal_gaps
from mtm_documents.forms._shared.letter import Content
from mtm_documents.forms.editions import disposal_links
from mtm_documents.forms.enrollment_letter.value import CriterionKind, EnrollmentLetter, Qualification

Section = dict[str, object]


def content(value: EnrollmentLetter, words: Words, wording: Path | None = None) -> Content:
    """Everything that the letter says, in order."""
    return letter.frame(words, title=words("title"), letterhead=value.letterhead) | {
        "running": letter.running(words, value.member_name),
        "date": words.date(value.dated),
        "address": letter.address(value.addressee),
        "salutation": words("salutation", name=value.member_name),
        "intro": _intro(value, words),
        "sections": [
            _section(words, "facts.title", bullets=_facts(value, words)),
            _why(value, words),
            _section(words, "review.title", *_review(value, words)),
            _section(words, "schedule.title", *_schedule(value, words)),
            *_calls(value, words),
            _leave(value, words),
        ],
        "questions": letter.call(value.contact, Purpose.QUESTIONS, words, "questions"),
        "closing": words("closing"),
        "signature": [value.contact.administrator or value.contact.plan_name],
        "disposal": disposal(value.take_back_sites, disposal_links(wording), words),
    }


def gaps(value: EnrollmentLetter, language: str) -> list[Gap]:
    """What the letter should say and cannot."""
    found = letter.contact_gaps(value.contact, language) + letter.address_gaps(value.addressee)
    if not value.contact.channels_for(Purpose.OPT_OUT):
        detail = "no channel for leaving the programme: its telephones are printed"
        found.append(Gap(GapCode.MISSING_OPT_OUT_CHANNEL, "contact.channels", detail))
    if not value.qualified_by:
        detail = "no criterion: the letter offers to explain"
        found.append(Gap(GapCode.MISSING_QUALIFICATION, "qualified_by", detail))
    return found + disposal_gaps(value.take_back_sites)


def _section(words: Words, title: str, *paragraphs: list[Run], bullets: list[list[Run]] | None = None) -> Section:
    return {
        "title": words(title),
        "paragraphs": [paragraph for paragraph in paragraphs if paragraph],
        "bullets": bullets or [],
        "after": [],
    }


def _intro(value: EnrollmentLetter, words: Words) -> list[list[Run]]:
    enrolled = words.rich(
        "intro.enrolled",
        date=words.date(value.enrolled_on),
        plan=value.contact.plan_name,
        year=value.plan_year,
    )
    administrator = value.contact.administrator
    runs_it = words.rich("intro.administrator", administrator=administrator) if administrator else []
    return [enrolled, letter.joined(words.rich("intro.purpose"), runs_it)]


def _facts(value: EnrollmentLetter, words: Words) -> list[list[Run]]:
    promised = ("confidential",) if value.health_facts_for_program_only else ()
    return [words.rich(f"facts.{fact}") for fact in ("free", "voluntary", "benefit", "doctor", *promised)]


def _why(value: EnrollmentLetter, words: Words) -> Section:
    if not value.qualified_by:
        return _section(words, "why.title", words.rich("why.intro.unknown"))
    reasons = [_reason(qualification, value.plan_year, words) for qualification in value.qualified_by]
    return _section(words, "why.title", words.rich("why.intro"), bullets=reasons)


def _reason(qualification: Qualification, year: int, words: Words) -> list[Run]:
    criterion, required = qualification.criterion, qualification.required
    if criterion is CriterionKind.DRUG_MANAGEMENT:
        return words.rich("why.drug_management")
    if required is None:
        raise ValueError(f"a letter that names {criterion} needs the number that was required")
    spelt = words.money(required) if criterion is CriterionKind.ANNUAL_COST else words.number(required)
    kind = f"{criterion}.maintenance" if qualification.maintenance_only else str(criterion)
    return words.rich(f"why.{kind}.{qualification.comparison}", required=spelt, year=year)


def _review(value: EnrollmentLetter, words: Words) -> list[list[Run]]:
    methods = [words(f"review.method.{method}") for method in value.cmr_methods]
    spelt = words.listed(methods, last="list.or")
    takes = words.rich("review.takes", minutes=words.number(value.cmr_minutes), methods=spelt)
    return [
        words.rich("review.what"),
        letter.joined(takes, words.rich("review.ask")),
        letter.joined(words.rich("review.summary"), words.rich("review.quarterly")),
    ]


def _schedule(value: EnrollmentLetter, words: Words) -> list[list[Run]]:
    call = letter.call(value.contact, Purpose.SCHEDULE, words, "schedule.call")
    by = words.rich("schedule.by", date=words.date(value.schedule_by)) if value.schedule_by else []
    site = value.contact.website
    website = words.rich("schedule.website", website=site) if site else []
    return [letter.joined(call, by), letter.joined(words.rich("schedule.helper"), website)]


def _calls(value: EnrollmentLetter, words: Words) -> list[Section]:
    numbers = words.listed(list(value.contact.caller_ids), last="list.or")
    calls = words.rich("calls.from", numbers=numbers) if numbers else []
    paragraphs = [calls]
    if value.uses_callback_pin:
        paragraphs = [calls, letter.joined(words.rich("calls.pin"), words.rich("calls.verify"))]
    return [_section(words, "calls.title", *paragraphs)] if any(paragraphs) else []


def _leave(value: EnrollmentLetter, words: Words) -> Section:
    lines = letter.opt_out_lines(value.contact, words)
    intro = "leave.intro" if len(lines) > 1 else "leave.intro.one"
    section = _section(words, "leave.title", words.rich(intro), bullets=lines)
    return section | {"after": [letter.joined(words.rich("leave.review_only"), words.rich("leave.same"))]}
