"""Who may take part in a comprehensive review, and what its record must hold (42 CFR 423.153(d)(1)(vii)(B)).

The consultation is interactive and in real time, with the member. Somebody else (prescriber, caregiver, health-care
proxy or guardian) takes the member's place only where the member cannot take part, never because the member could not
be reached or said no (CMS MTM guidance); that person is named, because the summary names its source.
"""

from dataclasses import dataclass
from datetime import date

from mtm_review.domain.review import Consultation, Review, ReviewKind

BENEFICIARY = "beneficiary"


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one field of the record."""

    field: str
    code: str
    message: str


class ConsultationRefused(Exception):
    """The record cannot be that of a comprehensive review."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("the consultation cannot be recorded")
        self.faults = faults


def check_consultation(review: Review, held: Consultation, today: date) -> None:
    """Raise `ConsultationRefused` with every fault of the record."""
    faults = [fault for fault in (_when(held, today), _how(held), *_who(review, held)) if fault is not None]
    if faults:
        raise ConsultationRefused(tuple(faults))


def _when(held: Consultation, today: date) -> Fault | None:
    if held.held_on > today:
        return Fault("held_on", "held_in_future", "a consultation is recorded after it was held")
    return None


def _how(held: Consultation) -> Fault | None:
    if not held.synchronous:
        return Fault("synchronous", "not_synchronous", "a comprehensive review is held in person or in real time")
    return None


def _who(review: Review, held: Consultation) -> tuple[Fault | None, ...]:
    if held.recipient == BENEFICIARY or review.kind is not ReviewKind.CMR:
        return ()
    unable = held.cognitively_impaired == "Y" or held.unable_reason is not None
    named = bool(held.recipient_name and held.recipient_name.strip())
    return (
        None
        if unable
        else Fault(
            "recipient",
            "proxy_not_allowed",
            "somebody else takes part only where the member cannot; not because of no answer or a refusal",
        ),
        None if named else Fault("recipient_name", "proxy_not_named", "the summary names who gave the information"),
    )
