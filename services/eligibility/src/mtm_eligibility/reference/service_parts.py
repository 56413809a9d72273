"""Reads the parts of a programme file that decide no test: weights, services, contact, opt-out, identity, wording."""

from mtm_shared.reference import Reader

from mtm_eligibility.domain.program import (
    CallBackIdentity,
    Cited,
    Contact,
    ContactChannel,
    OptOut,
    PriorityComponent,
    PriorityWeights,
    ReviewMeeting,
    ScoreWeights,
    Services,
    Wording,
)
from mtm_eligibility.reference.sources import Sources

_FULL = 100
_PARTS = (
    "at_risk", "extra_drug", "extra_condition", "tenth_over_threshold", "recent_stay", "high_alert_drug",
    "extra_prescriber",
)  # fmt: skip


def read_score(reader: Reader, sources: Sources) -> ScoreWeights:
    """Weights of the three tests, which share exactly 100 points."""
    weights = ScoreWeights(
        chronic_conditions=reader.integer("chronic_conditions", minimum=0),
        part_d_drugs=reader.integer("part_d_drugs", minimum=0),
        annual_cost=reader.integer("annual_cost", minimum=0),
        at_risk_without_limitation=reader.integer("at_risk_without_limitation", minimum=0, maximum=99),
        citation=sources.of(reader),
    )
    together = weights.chronic_conditions + weights.part_d_drugs + weights.annual_cost
    if reader.sound and together != _FULL:
        reader.refuse("annual_cost", together, f"the three weights together must be {_FULL}")
    return weights


def read_priority(reader: Reader, sources: Sources) -> PriorityWeights:
    """Points for each reason, which together give at most 100."""
    parts = {name: _component(reader.table(name)) for name in _PARTS}
    together = sum(part.at_most for part in parts.values())
    if together > _FULL:
        reader.refuse("at_risk", together, f"the most points of all reasons together must be at most {_FULL}")
    return PriorityWeights(
        **parts,
        recent_stay_days=reader.integer("recent_stay_days", minimum=1),
        expected_prescribers=reader.integer("expected_prescribers", minimum=0),
        citation=sources.of(reader),
    )


def _component(reader: Reader) -> PriorityComponent:
    return PriorityComponent(
        each=reader.integer("each", minimum=0, maximum=_FULL),
        at_most=reader.integer("at_most", minimum=0, maximum=_FULL),
    )


def read_services(reader: Reader, sources: Sources) -> Services:
    """What is owed, and by when; every period in days."""
    return Services(
        targeting_every_days=_days(reader, "targeting_every_days", sources),
        cmr_offer_within_days=_days(reader, "cmr_offer_within_days", sources),
        cmr_every_days=_days(reader, "cmr_every_days", sources),
        cmr_minutes=sources.cited(reader, "cmr_minutes", lambda table: table.integer("value", minimum=1)),
        cmr_held_by=sources.cited(reader, "cmr_held_by", _meetings),
        summary_within_days=_days(reader, "summary_within_days", sources),
        summary_edition=_text(reader, "summary_edition", sources),
        tmr_every_days=_days(reader, "tmr_every_days", sources),
        safe_disposal_required=_boolean(reader, "safe_disposal_required", sources),
        warn_days=_days(reader, "warn_days", sources),
    )


def read_contact(reader: Reader, sources: Sources) -> Contact:
    """The contact block; a number that members call out names its TTY and hours."""
    return Contact(
        organization=reader.text("organization"),
        administrator=reader.text("administrator"),
        channels=tuple(_channel(table, sources) for table in reader.tables("channel")),
        caller_ids=reader.texts("caller_ids"),
        website=reader.text("website", default="") or None,
        citation=sources.of(reader),
    )


def _channel(reader: Reader, sources: Sources) -> ContactChannel:
    kind = reader.text("kind", choices=("phone", "mail", "web"))
    spoken = None if kind == "phone" else ""
    return ContactChannel(
        kind=kind,
        value=reader.text("value"),
        purpose=reader.text("purpose", choices=("questions", "scheduling", "opt_out")),
        hours=reader.text("hours", default=spoken),
        hours_es=reader.text("hours_es", default=spoken),
        tty=reader.text("tty", default=spoken),
        citation=sources.of(reader),
    )


def read_opt_out(reader: Reader, sources: Sources, contact: Contact) -> OptOut:
    """How a member leaves; each channel named must be in the contact block with that purpose."""
    opt_out = OptOut(
        channels=_texts(reader, "channels", sources),
        permanent_is_honoured=_boolean(reader, "permanent_is_honoured", sources),
    )
    offered = {channel.kind for channel in contact.for_purpose("opt_out")}
    if reader.sound and (not opt_out.channels.value or set(opt_out.channels.value) != offered):
        problem = (
            f"must be the contact block's opt_out channels, {', '.join(sorted(offered)) or 'of which it has none'}"
        )
        reader.refuse("channels", list(opt_out.channels.value), problem)
    return opt_out


def read_identity(reader: Reader, sources: Sources) -> CallBackIdentity:
    """What a member who calls back is asked for; a PIN has digits exactly where it is used."""
    identity = CallBackIdentity(
        uses_pin=_boolean(reader, "uses_pin", sources),
        pin_digits=sources.cited(reader, "pin_digits", lambda table: table.integer("value", minimum=0, maximum=12)),
        also_asks=_texts(reader, "also_asks", sources),
    )
    if reader.sound and identity.uses_pin.value != bool(identity.pin_digits.value):
        reader.refuse("pin_digits", identity.pin_digits.value, "must be above 0 exactly where a PIN is used")
    return identity


def read_wording(reader: Reader, sources: Sources) -> Wording:
    """Names and facts that letters print."""
    return Wording(
        plan_name=_text(reader, "plan_name", sources),
        program_name=_text(reader, "program_name", sources),
        cost_to_member=sources.cited(reader, "cost_to_member", lambda table: table.text("value", choices=("none",))),
        is_a_benefit=_boolean(reader, "is_a_benefit", sources),
        health_facts_for_program_only=_boolean(reader, "health_facts_for_program_only", sources),
    )


def _days(reader: Reader, key: str, sources: Sources) -> Cited[int]:
    return sources.cited(reader, key, lambda table: table.integer("value", minimum=1))


def _text(reader: Reader, key: str, sources: Sources) -> Cited[str]:
    return sources.cited(reader, key, lambda table: table.text("value"))


def _meetings(table: Reader) -> tuple[ReviewMeeting, ...]:
    values = table.texts("value")
    known = {way.value for way in ReviewMeeting}
    if not values or not known.issuperset(values):
        table.refuse("value", list(values), f"must be one or more of {', '.join(sorted(known))}")
    return tuple(ReviewMeeting(value) for value in values if value in known)


def _texts(reader: Reader, key: str, sources: Sources) -> Cited[tuple[str, ...]]:
    return sources.cited(reader, key, lambda table: table.texts("value"))


def _boolean(reader: Reader, key: str, sources: Sources) -> Cited[bool]:
    return sources.cited(reader, key, lambda table: table.boolean("value"))
