"""The regimen behind a screening: what is taken on the day, since when, how much, and what changed lately."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, PlainSerializer

from mtm_shared.contracts.common import Answer, Ingredient

Amount = Annotated[Decimal, PlainSerializer(lambda value: f"{value:f}", return_type=str, when_used="json")]


class OnHand(Answer):
    """An unbroken stretch of days on hand, both included; `to` is null where nothing says that it ends."""

    from_: Annotated[date, Field(alias="from")]
    to: date | None = None
    fills: int


class DailyDose(Answer):
    """How much of an ingredient a day; `amount` is null where it cannot be told, and `because` says how or why not."""

    rxcui: str
    amount: Amount | None = None
    unit: Literal["mg", "unt", "meq"] | None = None
    because: str


class RegimenLine(Answer):
    """One product as one prescriber orders it, with the days on hand; none where nobody told since when."""

    medication_ids: list[str]
    name: str
    ingredients: list[Ingredient]
    route: str
    active: bool
    as_needed: bool
    source: str
    eras: list[OnHand]
    prescribers: list[str]
    pharmacies: list[str]
    daily_doses: list[DailyDose]


class RegimenChange(Answer):
    """A drug that was started, stopped, restarted, switched, titrated or tapered, and what it was read from."""

    change: Literal["start", "stop", "restart", "switch", "titration", "taper"]
    on: date
    medication_ids: list[str]
    because: str
    evidence: list[str]


class Difference(Answer):
    """A line that was reported, beside the claims that speak of the same drug."""

    difference: Literal[
        "same_drug", "strength_differs", "not_on_claims", "taken_after_supply_ended", "stopped_but_filled"
    ]
    medication_id: str
    claims: list[str]
    because: str


class Regimen(Answer):
    """What is known of a member's medications on a day."""

    as_of: date
    lines: list[RegimenLine]
    changes: list[RegimenChange]
    differences: list[Difference]
