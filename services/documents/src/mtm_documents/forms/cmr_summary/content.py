"""Chooses the words of the written summary: a Cover Letter and the two lists of its edition, always all three.

Edition 2022: Recommended To-Do List and Medication List. Edition 2013, for plan years to 2021: Medication Action Plan
and Personal Medication List. Order, titles and labels follow the standardized format (Form CMS-10396) as far as it is
known; the sentences are ours until the official wording is laid over them.
"""

from pathlib import Path
from typing import Final

from mtm_documents.catalogues import Words
from mtm_documents.domain.gaps import Gap, GapCode
from mtm_documents.domain.parties import Purpose
from mtm_documents.forms._shared import letter
from mtm_documents.forms._shared.disposal import disposal, disposal_gaps
from mtm_documents.forms._shared.letter import Content
from mtm_documents.forms.cmr_summary import edition_2013, edition_2022
from mtm_documents.forms.cmr_summary.value import CmrSummary, ListedMedication, MedicationSource
from mtm_documents.forms.editions import FormIdentity, disposal_links, form_identity

KIND: Final = "cmr_summary"
ACTION_PLAN: Final = "2013"
"""The edition with a Medication Action Plan and a Personal Medication List."""


def content(value: CmrSummary, words: Words, wording: Path | None = None) -> Content:
    """Everything that the summary says, in order."""
    lists = _lists_2013(value, words) if value.edition == ACTION_PLAN else _lists_2022(value, words)
    return (
        letter.frame(words, title=words("title"), letterhead=value.letterhead)
        | identified(form_identity(KIND, value.edition, wording), words)
        | {"disposal": _disposal(value, words, wording)}
        | lists
    )


def identified(identity: FormIdentity, words: Words) -> Content:
    """The footer's two ends and the Paperwork Reduction Act statement; an edition without an expiry prints none."""
    right = words("form.right.approved", omb=identity.omb_number)
    if identity.expires:
        right = words("form.right", omb=identity.omb_number, expires=identity.expires)
    return {
        "form_left": words("form.left", form=identity.form_number, date=identity.form_date),
        "form_right": right,
        "pra": _pra(identity, words),
    }


def _lists_2022(value: CmrSummary, words: Words) -> Content:
    said = {
        "includes": words.rich("cover.includes"),
        "parts": [words.rich("cover.todo"), words.rich("cover.list")],
        "use": words.rich("cover.use"),
        "uses": [words.rich(f"cover.use.{use}") for use in ("visits", "hospital", "share", "update")],
        "call": letter.call(value.contact, Purpose.QUESTIONS, words, "cover.call"),
    }
    return {
        "cover": _cover(value, words, ("todo.title", "list.title")) | said,
        "todo": edition_2022.todo(value, words),
        "list": edition_2022.medication_list(value, words),
    }


def _lists_2013(value: CmrSummary, words: Words) -> Content:
    said = {
        "includes": words.rich("cover.2013.includes"),
        "parts": [words.rich("cover.2013.plan"), words.rich("cover.2013.list")],
        "use": words.rich("cover.2013.use"),
        "uses": [words.rich(f"cover.2013.use.{use}") for use in ("visits", "update", "hospital", "share")],
        "call": letter.call(value.contact, Purpose.QUESTIONS, words, "cover.2013.call"),
    }
    return {
        "cover": _cover(value, words, ("action_plan.title", "personal_list.title")) | said,
        "plan": edition_2013.action_plan(value, words),
        "list": edition_2013.personal_list(value, words),
    }


def gaps(value: CmrSummary, language: str) -> list[Gap]:
    """What the summary should say and cannot: an empty labelled cell is printed."""
    found = letter.contact_gaps(value.contact, language) + letter.address_gaps(value.addressee)
    if not value.provider.name:
        found.append(Gap(GapCode.MISSING_PROVIDER, "provider.name", "nobody signs: the programme's name is printed"))
    for place, medication in enumerate(value.medications):
        where = f"medications[{place}]"
        if value.edition == ACTION_PLAN:
            found += _medication_gaps(medication, where) + _date_gaps(medication, where)
        elif medication.is_stopped:
            found.append(Gap(GapCode.STOPPED_NOT_LISTED, where, "this edition lists only what is taken now"))
        else:
            found += _medication_gaps(medication, where)
    if value.take_back_sites is not None:
        found += disposal_gaps(value.take_back_sites)
    return found


def _medication_gaps(medication: ListedMedication, where: str) -> list[Gap]:
    prescribed = medication.source is MedicationSource.PRESCRIPTION
    wanted = (
        (GapCode.MISSING_DIRECTIONS, "directions", medication.directions),
        (GapCode.MISSING_REASON, "reason", medication.reason),
        (GapCode.MISSING_PRESCRIBER, "prescriber", medication.prescriber or not prescribed),
    )
    return [Gap(code, f"{where}.{field}", "an empty cell is printed") for code, field, told in wanted if not told]


def _date_gaps(medication: ListedMedication, where: str) -> list[Gap]:
    wanted = [(GapCode.MISSING_START_DATE, "started", medication.started is not None)]
    if medication.is_stopped:
        wanted += [
            (GapCode.MISSING_STOP_DATE, "stopped", medication.stopped is not None),
            (GapCode.MISSING_STOP_REASON, "stop_reason", bool(medication.stop_reason)),
        ]
    return [Gap(code, f"{where}.{field}", "an empty cell is printed") for code, field, told in wanted if not told]


def _cover(value: CmrSummary, words: Words, lists: tuple[str, str]) -> Content:
    copies = words.listed(list(value.copies_to))
    enclosed = [words(title) for title in lists]
    if value.take_back_sites is not None:
        enclosed.append(words("disposal.title"))
    return {
        "title": words("title"),
        "running": letter.running(words, value.member_name),
        "date": words.date(value.dated),
        "reference": words("reference", reference=value.reference) if value.reference else "",
        "address": letter.address(value.addressee),
        "salutation": words("salutation", name=value.addressee.name),
        "thanks": words.rich("cover.thanks", date=words.date(value.reviewed_on)),
        "forward": words.rich("cover.forward", plan=value.contact.plan_name),
        "closing": words("closing"),
        "signature": _signature(value),
        "enclosed": words("cover.enclosed", items=", ".join(enclosed)),
        "copies": words("cover.copies", names=copies) if copies else "",
    }


def _signature(value: CmrSummary) -> list[str]:
    """Who held the consultation; a letter that nobody is named for is the programme's."""
    name = value.provider.name or value.contact.administrator or value.contact.plan_name
    return [line for line in (name, value.provider.title) if line]


def _pra(identity: FormIdentity, words: Words) -> Content:
    text = words(
        "pra.text",
        omb=identity.omb_number,
        minutes=identity.minutes_to_complete,
        address=identity.comments_address,
    )
    return {"title": words("pra.title"), "text": text}


def _disposal(value: CmrSummary, words: Words, wording: Path | None) -> Content | None:
    if value.take_back_sites is None:
        return None
    return disposal(value.take_back_sites, disposal_links(wording), words)
