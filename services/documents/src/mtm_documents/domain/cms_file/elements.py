"""How each field of a row follows from the facts (CMS-10185, section II, elements A to X): one function a field.

A layout names the fields that its year has; a name that is not here is refused when the layout is read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from mtm_documents.domain.cms_file.ascii import to_ascii
from mtm_documents.domain.cms_file.facts import Cmr, Facts, Span
from mtm_documents.domain.cms_file.layout import CMR_DATE
from mtm_documents.domain.cms_file.row import Value

MOST_CMR_DATES: Final = 9
_CODES: Final = {"chronic_drugs_cost": "01", "at_risk": "02", "both": "03"}
_METHODS: Final = {"face_to_face": "01", "telephone": "02", "telehealth": "03", "other": "99"}
_RECIPIENTS: Final = {"beneficiary": "01", "prescriber": "02", "caregiver": "03", "other_authorized": "04"}
_EXPANDED: Final = "04"


@dataclass(frozen=True, slots=True)
class Counted:
    """The facts, and of the work only what counts for this contract and period: done while enrolled, within the year.

    A comprehensive review counts when its summary was sent; `held` are all consultations, sent or not.
    """

    facts: Facts
    mbi: str
    period: Span
    cmrs: tuple[Cmr, ...]
    held: tuple[Cmr, ...]
    tmr_days: tuple[date, ...]
    safe_disposal_on: date | None

    @property
    def opted_out_on(self) -> date | None:
        """The day of leaving; a member who left after the period was enrolled to its end, and its file says so."""
        return self._by_the_end(self.facts.opted_out_on)

    @property
    def cmr_offered_on(self) -> date | None:
        """The day of the offer; one after the period is next year's."""
        return self._by_the_end(self.facts.cmr_offered_on)

    def _by_the_end(self, day: date | None) -> date | None:
        return None if day is None or (self.period.last is not None and day > self.period.last) else day

    @property
    def first(self) -> Cmr | None:
        """The first review that counts."""
        return self.cmrs[0] if self.cmrs else None


def counted(facts: Facts, mbi: str, period: Span) -> Counted:
    """What counts of the facts; nothing is moved into a period or an enrolment in which it did not happen."""
    here = [day for day in facts.work.tmr_days if period.holds(day) and facts.enrolled.holds(day)]
    inside = (cmr for cmr in facts.work.cmrs if period.holds(cmr.held_on) and facts.enrolled.holds(cmr.held_on))
    held = tuple(sorted(inside, key=lambda cmr: (cmr.held_on, cmr.review_id)))
    sent_on = facts.sent.safe_disposal_on
    return Counted(
        facts=facts,
        mbi=mbi,
        period=period,
        cmrs=tuple(cmr for cmr in held if cmr.review_id in facts.sent.summaries),
        held=held,
        tmr_days=tuple(sorted(here)),
        safe_disposal_on=sent_on if sent_on is not None and period.holds(sent_on) else None,
    )


def targeting_code(facts: Facts) -> str:
    """01 diseases, drugs and cost, 02 at-risk, 03 both, 04 the plan's wider criteria only; empty if facts disagree."""
    if facts.criteria_met_on is None:
        return _EXPANDED
    return _CODES.get(facts.pathway or "", "")


def _impaired(it: Counted) -> Value:
    """As found at the first consultation, whether or not its summary was sent; U where there was none."""
    return it.held[0].cognitively_impaired if it.held else "U"


def _long_term_care(it: Counted) -> Value:
    """On the day of the first consultation, else of the offer; U where there was neither."""
    day = it.held[0].held_on if it.held else it.cmr_offered_on
    if day is None:
        return "U"
    return _flag(any(stay.holds(day) for stay in it.facts.facility))


def _flag(said: bool) -> str:
    return "Y" if said else "N"


def _name(name: str | None) -> str | None:
    return (to_ascii(name).text if name else "") or None


def _first(read: Callable[[Cmr], str | None]) -> Callable[[Counted], Value]:
    return lambda it: read(it.first) if it.first else None


def _cmr_date(place: int) -> Callable[[Counted], Value]:
    return lambda it: it.cmrs[place].held_on if place < len(it.cmrs) else None


_ONE_BY_ONE: Final[Mapping[str, Callable[[Counted], Value]]] = {
    "contract_id": lambda it: it.facts.contract_id,
    "mbi": lambda it: it.mbi,
    "first_name": lambda it: _name(it.facts.first_name),
    "middle_initial": lambda it: (_name(it.facts.middle_initial) or "")[:1] or None,
    "last_name": lambda it: _name(it.facts.last_name),
    "birth_date": lambda it: it.facts.birth_date,
    "targeting_code": lambda it: targeting_code(it.facts) or None,
    "criteria_met": lambda it: _flag(it.facts.criteria_met_on is not None),
    "cognitively_impaired": _impaired,
    "in_long_term_care": _long_term_care,
    "enrolled_on": lambda it: it.facts.enrolled_on,
    "criteria_met_on": lambda it: it.facts.criteria_met_on,
    "opted_out_on": lambda it: it.opted_out_on,
    "opt_out_reason": lambda it: it.facts.opt_out_reason if it.opted_out_on == it.facts.opted_out_on else None,
    "cmr_offered": lambda it: _flag(it.cmr_offered_on is not None),
    "cmr_offered_on": lambda it: it.cmr_offered_on,
    "cmr_received": lambda it: _flag(bool(it.cmrs)),
    "cmr_count": lambda it: len(it.cmrs),
    "cmr_method": _first(lambda cmr: _METHODS.get(cmr.method, "99")),
    "cmr_provider": _first(lambda cmr: cmr.provider_type),
    "cmr_recipient": _first(lambda cmr: _RECIPIENTS.get(cmr.recipient)),
    "first_tmr_on": lambda it: it.tmr_days[0] if it.tmr_days else None,
    "tmr_count": lambda it: len(it.tmr_days),
    "recommendations": lambda it: it.facts.work.recommendations,
    "resolutions": lambda it: it.facts.work.resolutions,
    "safe_disposal": lambda it: _flag(it.safe_disposal_on is not None),
    "safe_disposal_on": lambda it: it.safe_disposal_on,
}
ELEMENTS: Final[Mapping[str, Callable[[Counted], Value]]] = {
    **_ONE_BY_ONE,
    **{f"{CMR_DATE}{place + 1}": _cmr_date(place) for place in range(MOST_CMR_DATES)},
}
