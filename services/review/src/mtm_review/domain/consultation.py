"""What makes a consultation count: who took part, how, when and by whom (42 CFR 423.153(d)(1)(vii)(B)).

It is interactive: face to face or over a line on which both speak at once. It is held with the member. Somebody else
may take part in the member's place only where the member was offered the review and is *unable* to accept, such as by
cognitive impairment; one who cannot be reached or does not want to is not unable (CMS yearly MTM guidance).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from mtm_shared.values.citation import Citation

from mtm_review.domain.review import Consultation, Review

BENEFICIARY, IMPAIRED = "beneficiary", "cognitively_impaired"
UNABLE = frozenset({IMPAIRED, "other_unable"})


@dataclass(frozen=True, slots=True)
class ConsultationRules:
    """The lists that a consultation is checked against, with their sources."""

    provider_types: Mapping[str, str]
    provider_types_citation: Citation
    proxy_citation: Citation


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the record of a consultation, and with which of its fields."""

    field: str
    code: str
    message: str


class ConsultationRefused(Exception):
    """The record cannot be of a consultation that counts."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("the consultation does not count")
        self.faults = faults


class ProxyNotAllowed(ConsultationRefused):
    """Somebody took the member's place who may not."""


class UnknownProviderType(ConsultationRefused):
    """No such code in the list of providers."""


def checked(review: Review, given: Consultation, rules: ConsultationRules, today: date) -> Consultation:
    """The consultation as it is kept; raises `ProxyNotAllowed`, `UnknownProviderType` or `ConsultationRefused`."""
    if given.recipient != BENEFICIARY and given.unable_reason is None and given.cognitively_impaired == "Y":
        given = replace(given, unable_reason=IMPAIRED)
    if given.provider_type not in rules.provider_types:
        known = "; ".join(f"{code} {name}" for code, name in rules.provider_types.items())
        message = f"Must be one of: {known} ({rules.provider_types_citation.source})."
        raise UnknownProviderType((Fault("provider_type", "unknown_provider_type", message),))
    if given.recipient != BENEFICIARY and given.unable_reason not in UNABLE:
        raise ProxyNotAllowed((_proxy(given, rules),))
    faults = (*_when(review, given, today), *_how(given), *_who(given))
    if faults:
        raise ConsultationRefused(faults)
    return replace(given, cognitively_impaired="Y") if given.unable_reason == IMPAIRED else given


def _proxy(given: Consultation, rules: ConsultationRules) -> Fault:
    field = "unable_reason" if given.unable_reason is not None else "recipient"
    message = (
        "Somebody else takes part only where the member was offered the review and cannot accept it "
        f"(unable_reason cognitively_impaired or other_unable); {rules.proxy_citation.source}."
    )
    return Fault(field, "proxy_not_allowed", message)


def _when(review: Review, given: Consultation, today: date) -> Iterator[Fault]:
    if given.held_on > today:
        yield Fault("held_on", "in_the_future", "A consultation is recorded after it was held.")
    if review.enrolled_on is not None and given.held_on < review.enrolled_on:
        message = f"The member is enrolled since {review.enrolled_on}; a review before it does not count."
        yield Fault("held_on", "before_enrollment", message)


def _how(given: Consultation) -> Iterator[Fault]:
    if not given.synchronous:
        yield Fault("synchronous", "not_interactive", "A consultation is held in real time, by telehealth too.")


def _who(given: Consultation) -> Iterator[Fault]:
    if given.recipient == BENEFICIARY:
        if given.unable_reason is not None:
            message = "The member took part: there is nothing to give a reason for."
            yield Fault("unable_reason", "member_took_part", message)
        return
    if not (given.recipient_name or "").strip():
        message = "Who takes the member's place is named: the summary tells where its words come from."
        yield Fault("recipient_name", "proxy_unnamed", message)
    if given.recipient == "other_authorized" and not (given.authority or "").strip():
        message = "Say by what right the individual acts for the member, such as a health-care proxy."
        yield Fault("authority", "authority_missing", message)
    if given.unable_reason == IMPAIRED and given.cognitively_impaired == "N":
        message = "The reason says that the member is cognitively impaired, and this says not."
        yield Fault("cognitively_impaired", "contradicts_reason", message)
