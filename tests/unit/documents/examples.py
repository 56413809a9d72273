"""An example of each kind of document in each edition, so that what every form must do is tested once for all of them.

A new kind joins with one line in `EXAMPLES`: its value in an edition, and the same value with any text in the places
that people write in. `UNPRINTED` names what a document rightly does not print, with the reason.
"""

import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from mtm_documents.catalogues import Words
from mtm_documents.domain.parties import Addressee, Channel, ChannelKind, Contact, Letterhead, Meeting, Purpose
from mtm_documents.forms.cmr_offer_letter.value import CmrOfferLetter
from mtm_documents.forms.cmr_summary.value import ListedMedication, MedicationSource, Provider, TodoItem
from mtm_documents.forms.medication_list_blank.value import MedicationListBlank
from mtm_documents.forms.registry import FORMS
from mtm_documents.forms.tmr_member_letter.value import Topic
from unit.documents.samples import (
    HEALTH_OPTIONS,
    LETTERHEAD,
    MARIA,
    MEDICATIONS,
    SITES,
    a_disposal_letter,
    a_letter,
    a_problem,
    a_report,
    a_summary,
    a_tmr_letter,
    an_opt_out,
)

Make = Callable[[str], Any]
"""The value in an edition."""
Fill = Callable[[str, str], Any]
"""The value in an edition, with a text in each place that people write in; a word in another."""

NAPROXEN = ListedMedication(
    "naproxen 500 mg tablet",
    "Take 1 tablet by mouth twice a day with food",
    "Shoulder pain",
    "Dr. Alan Whitfield",
    started=date(2019, 2, 1),
    is_stopped=True,
    stopped=date(2021, 1, 4),
    stop_reason="It made my feet swell",
)


@dataclass(frozen=True)
class Example:
    """How a kind is told: as usual, and with any text at all."""

    usual: Make
    filled: Fill
    unprinted: frozenset[str] = frozenset()


def summary(edition: str) -> Any:
    """A summary; edition 2013 tells dates, and a medicine that was stopped."""
    medications: tuple[ListedMedication, ...] = MEDICATIONS
    if edition == "2013":
        dated = (dataclasses.replace(each, started=date(2020, n % 12 + 1, n + 3)) for n, each in enumerate(MEDICATIONS))
        medications = (*dated, NAPROXEN)
    told = ("Uses a pill box",)
    return a_summary(edition=edition, medications=medications, take_back_sites=SITES, other_information=told)


def filled_summary(edition: str, text: str) -> Any:
    """Thirty medications and ten topics, all of them the text."""
    medication = ListedMedication(text, text, text, text)
    if edition == "2013":
        stopped = {"started": date(2020, 5, 6), "is_stopped": True, "stopped": date(2021, 5, 6), "stop_reason": text}
        medication = dataclasses.replace(medication, **stopped)  # type: ignore[arg-type]
    return a_summary(
        edition=edition,
        **_written(text),
        provider=Provider(text, text),
        todo_items=(TodoItem(text, (text,) * 4),) * 10,
        medications=(medication,) * 30,
        allergies=(text,) * 3,
        side_effects=(text,),
        other_information=(text,),
        informant=text,
        copies_to=(text,),
        reference=text,
    )


def offer(edition: str) -> CmrOfferLetter:
    """An offer with every way to meet."""
    return CmrOfferLetter(
        letterhead=LETTERHEAD,
        contact=HEALTH_OPTIONS,
        addressee=MARIA,
        member_name="María Elena Castañeda",
        dated=date(2024, 4, 15),
        plan_year=2024,
        schedule_by=date(2024, 5, 31),
        cmr_minutes=35,
        cmr_methods=tuple(Meeting),
        summary_days=14,
        edition=edition,
    )


def blank(edition: str) -> MedicationListBlank:
    """A programme's blank list."""
    return MedicationListBlank(LETTERHEAD, HEALTH_OPTIONS, date(2024, 1, 1), edition=edition)


def _written(text: str) -> dict[str, Any]:
    return {
        "letterhead": Letterhead(text, (text,)),
        "contact": _contact(text),
        "addressee": Addressee(text, (text, text)),
        "member_name": text,
    }


def _contact(text: str) -> Contact:
    return Contact(text, text, (Channel(ChannelKind.PHONE, "1-800-555-0100", Purpose.ANY, text, text, text),), (), text)


def _filled_blank(edition: str, text: str) -> Any:
    return dataclasses.replace(blank(edition), letterhead=Letterhead(text, (text,)), contact=_contact(text))


def _filled_report(edition: str, text: str) -> Any:
    told = a_problem(
        medications=(text, text), because=text, consequence=text, suggestion=text, evidence=(text,) * 12, source=text
    )
    return a_report(
        edition=edition,
        letterhead=Letterhead(text, (text,)),
        contact=_contact(text),
        prescriber_name=text,
        member_name=text,
        problems=(told,) * 3,
    )


EXAMPLES: Mapping[str, Example] = {
    "enrollment_letter": Example(
        lambda edition: a_letter(edition=edition),
        lambda edition, text: a_letter(edition=edition, **_written(text)),
        unprinted=frozenset({"contact.channels[1].purpose"}),
    ),
    "cmr_summary": Example(summary, filled_summary, unprinted=frozenset({"contact.website", "contact.channels[1]"})),
    "cmr_offer_letter": Example(
        offer,
        lambda edition, text: dataclasses.replace(offer(edition), **_written(text)),
        unprinted=frozenset({"contact.channels[1]"}),
    ),
    "opt_out_confirmation": Example(
        lambda edition: an_opt_out(edition=edition),
        lambda edition, text: an_opt_out(edition=edition, **_written(text)),
        unprinted=frozenset({"contact.website", "contact.channels[1]"}),
    ),
    "safe_disposal": Example(
        lambda edition: a_disposal_letter(edition=edition),
        lambda edition, text: a_disposal_letter(edition=edition, **_written(text)),
        unprinted=frozenset({"contact.website", "contact.channels[1]"}),
    ),
    "tmr_member_letter": Example(
        lambda edition: a_tmr_letter(edition=edition),
        lambda edition, text: a_tmr_letter(edition=edition, topics=(Topic(text, (text, text)),) * 5, **_written(text)),
        unprinted=frozenset({"contact.website", "contact.channels[1]"}),
    ),
    "prescriber_report": Example(
        lambda edition: a_report(edition=edition),
        _filled_report,
        unprinted=frozenset(
            {
                "contact.website",
                "contact.channels[1]",
                "problems[0].category",
                "problems[1].category",
                "problems[0].severity",
                "problems[1].severity",
            }
        ),
    ),
    "medication_list_blank": Example(
        blank, _filled_blank, unprinted=frozenset({"dated", "contact.website", "contact.channels[1]"})
    ),
}
"""By kind. A list names its plan on the letterhead, and leaving is no matter of a summary, an offer or a list."""

EVERY_EDITION = [(kind, edition) for kind, form in FORMS.items() for edition in form.editions]
LANGUAGES = ("en", "es")
_NEVER = ("edition", "contact.caller_ids", "contact.plan_name")
"""The edition is on the footer as a form date; calls and plan name are told where the letter has use for them."""


def data_of(kind: str, value: Any, words: Words) -> list[tuple[str, str]]:
    """Each datum of the value with its path, as the language spells it; codes and switches are told in words."""
    unprinted = (*_NEVER, *EXAMPLES[kind].unprinted)
    return [(path, text) for path, text in _data(value, "", words) if not path.startswith(unprinted)]


def _data(value: Any, path: str, words: Words) -> Iterator[tuple[str, str]]:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        for field in dataclasses.fields(value):
            name = f"{path}.{field.name}" if path else field.name
            if not (name.endswith(".hours_es") and words.language == "en") and not (
                name.endswith(".hours") and words.language == "es"
            ):
                yield from _data(getattr(value, field.name), name, words)
    elif isinstance(value, tuple):
        for place, item in enumerate(value):
            yield from _data(item, f"{path}[{place}]", words)
    elif isinstance(value, date):
        yield path, words.date(value)
    elif isinstance(value, str) and value and not isinstance(value, Enum):
        yield path, value
    elif isinstance(value, Decimal):
        is_money = path.endswith("required") and value >= 100
        yield path, words.money(value) if is_money else words.number(value)


__all__ = ["EVERY_EDITION", "EXAMPLES", "LANGUAGES", "MedicationSource", "data_of"]
