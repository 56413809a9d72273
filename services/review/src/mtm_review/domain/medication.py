"""Medications as they reach a review: from claims with their fills, or from a list with dates and a status.

A medication that the vocabulary could not understand keeps what was written (`given`) and why it was not understood
(`problem`), so that a review can name it instead of losing it (ARCHITECTURE.md, law 6).

Named tuples rather than dataclasses: a screening makes a hundred of them, and they are three times as quick to make.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from mtm_shared.values.drug import Drug


class MedicationStatus(StrEnum):
    """What the list says; claims say it by their supply instead."""

    ACTIVE = "active"
    STOPPED = "stopped"


class Source(StrEnum):
    """Who told us of the medication."""

    CLAIM = "claim"
    OTC = "otc"
    HERBAL = "herbal"
    SUPPLEMENT = "supplement"
    SAMPLE = "sample"
    REPORTED = "reported"


NOT_TOLD = Decimal(0)


class Supply(NamedTuple):
    """One fill: the day it was dispensed and for how many days it lasts as directed.

    `quantity` is in the product's own units (tablets, mL, patches) and `cost` in dollars; zero means nobody told.
    """

    fill_date: date
    days_supply: int
    prescriber_npi: str = ""
    pharmacy_npi: str = ""
    claim_id: str = ""
    quantity: Decimal = NOT_TOLD
    cost: Decimal = NOT_TOLD


class Medication(NamedTuple):
    """One medication of a member. `drug` is None exactly when `problem` says why it was not understood."""

    medication_id: str
    drug: Drug | None
    given: str
    status: MedicationStatus = MedicationStatus.ACTIVE
    start: date | None = None
    end: date | None = None
    fills: tuple[Supply, ...] = ()
    dose: str = ""
    route: str = ""
    frequency: str = ""
    as_needed: bool = False
    indication: str = ""
    prescriber_npi: str = ""
    source: Source = Source.REPORTED
    problem: str = ""
    problem_detail: str = ""

    @property
    def name(self) -> str:
        """The drug's name, or what was written where it was not understood."""
        return self.drug.name if self.drug is not None else self.given
