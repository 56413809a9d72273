"""A member with coverage and claims, as a sponsor's systems know them.

Costs follow the prescription drug event: total cost is ingredient cost, dispensing fee, sales tax and vaccine
administration fee together, whoever pays (42 CFR 423.100, gross covered prescription drug costs).
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from mtm_shared.contracts.common import (
    Answer,
    CodeText,
    Day,
    Drug,
    Identifier,
    Language,
    Money,
    NotChecked,
    Quantity,
    Request,
    Sex,
    ShortText,
    example,
)

CoverageStatus = Literal["C", "E", "O"]
Adjustment = Literal["", "A", "D", "R"]
Setting = Literal["inpatient", "outpatient", "carrier", "snf", "hha", "hospice", "other"]
StayKind = Literal["inpatient", "snf", "hospice"]
ZipCode = Annotated[str, StringConstraints(pattern=r"^\d{5}(-?\d{4})?$")]
ContractId = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9]{4}$")]
PbpId = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]


class Address(Request):
    """A postal address in the United States."""

    line1: ShortText
    line2: ShortText | None = None
    city: ShortText
    state: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]
    zip_code: ZipCode


class Prescriber(Request):
    """A prescriber of the member, so that letters and lists can name them."""

    npi: Annotated[str, StringConstraints(pattern=r"^\d{10}$")]
    name: ShortText
    phone: ShortText | None = None


class Member(Request):
    """Who the member is. `language` chooses the language of every letter."""

    member_id: Identifier
    mbi: CodeText | None = None
    first_name: ShortText | None = None
    middle_initial: ShortText | None = None
    last_name: ShortText | None = None
    birth_date: Day
    sex: Sex = "unknown"
    zip_code: ZipCode | None = None
    address: Address | None = None
    phone: ShortText | None = None
    language: Language = "en"
    prescribers: Annotated[list[Prescriber], Field(max_length=200)] = []
    death_date: Day | None = None


class Coverage(Request):
    """One span of Part D coverage under a contract and plan benefit package."""

    contract_id: ContractId
    pbp_id: PbpId
    plan_type: Literal["MA-PD", "PDP"]
    effective_from: Day
    effective_to: Day | None = None
    low_income: bool | None = None

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.effective_to is not None and self.effective_to < self.effective_from:
            raise ValueError("effective_to is before effective_from")
        return self


class Fill(Request):
    """A dispensed prescription, with the four cost parts of the drug event, or `total_cost`; both must agree."""

    claim_id: Identifier
    ndc: CodeText | None = None
    rxcui: CodeText | None = None
    drug_name: ShortText | None = None
    fill_date: Day
    days_supply: Annotated[int, Field(ge=0, le=999)]
    quantity: Quantity
    ingredient_cost: Money | None = None
    dispensing_fee: Money | None = None
    sales_tax: Money | None = None
    vaccine_fee: Money | None = None
    total_cost: Money | None = None
    coverage_status: CoverageStatus = "C"
    adjustment: Adjustment = ""
    prescriber_npi: CodeText | None = None
    pharmacy_npi: CodeText | None = None
    patient_residence: Annotated[str, StringConstraints(max_length=2)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.ndc is None and self.rxcui is None and self.drug_name is None:
            raise ValueError("one of ndc, rxcui and drug_name is required")
        if self.total_cost is None and self.ingredient_cost is None:
            raise ValueError("give ingredient_cost with the other cost parts, or total_cost")
        if self.total_cost is not None and self.ingredient_cost is not None and self.total_cost != self._parts():
            raise ValueError("total_cost is not the sum of ingredient_cost, dispensing_fee, sales_tax and vaccine_fee")
        return self

    def _parts(self) -> Decimal:
        parts = (self.ingredient_cost, self.dispensing_fee, self.sales_tax, self.vaccine_fee)
        return sum((part for part in parts if part is not None), Decimal(0))

    @property
    def cost(self) -> Decimal:
        """Total cost in dollars: the four parts together; a part that the event leaves blank is zero there."""
        return self.total_cost if self.total_cost is not None else self._parts()


class Diagnosis(Request):
    """A diagnosis on a claim; all the claim's days and settings matter to evidence policies."""

    icd10: CodeText
    service_date: Day
    setting: Setting
    claim_id: Identifier | None = None


class DrugManagement(Request):
    """Status under the sponsor's drug management programme (42 CFR 423.153(f))."""

    at_risk: bool
    coverage_limitation: bool
    effective_from: Day
    effective_to: Day | None = None


class Stay(Request):
    """A stay during which the facility supplies the drugs, so that gaps between fills are expected."""

    kind: StayKind
    from_: Annotated[Day, Field(alias="from")]
    to: Day | None = None


class MemberRecord(Request):
    """Everything a determination needs of one member."""

    member: Member
    coverage: Coverage
    fills: Annotated[list[Fill], Field(max_length=5000)] = []
    diagnoses: Annotated[list[Diagnosis], Field(max_length=5000)] = []
    drug_management: DrugManagement | None = None
    stays: Annotated[list[Stay], Field(max_length=500)] = []


class MemberUpsert(Request):
    """`PUT /v1/members/{member_id}`: the member and one span of coverage."""

    member: Member
    coverage: Coverage


class FillBatch(Request):
    """Fills of one member, upserted by `claim_id`."""

    model_config = example(
        fills=[
            {
                "claim_id": "C-1001",
                "ndc": "00071015523",
                "fill_date": "2026-06-01",
                "days_supply": 30,
                "quantity": "30",
                "ingredient_cost": "11.20",
                "dispensing_fee": "1.50",
                "sales_tax": "0.00",
                "vaccine_fee": "0.00",
                "coverage_status": "C",
            }
        ]
    )

    fills: Annotated[list[Fill], Field(min_length=1, max_length=5000)]


class DiagnosisBatch(Request):
    """Diagnoses of one member, upserted by code, date, setting and claim."""

    model_config = example(diagnoses=[{"icd10": "E11.9", "service_date": "2026-03-02", "setting": "outpatient"}])

    diagnoses: Annotated[list[Diagnosis], Field(min_length=1, max_length=5000)]


class DrugManagementBatch(Request):
    """Drug management spans of one member, upserted by `effective_from`."""

    model_config = example(
        drug_management=[{"at_risk": True, "coverage_limitation": True, "effective_from": "2026-02-01"}]
    )

    drug_management: Annotated[list[DrugManagement], Field(min_length=1, max_length=100)]


class StayBatch(Request):
    """Stays of one member, upserted by kind and first day."""

    model_config = example(stays=[{"kind": "inpatient", "from": "2026-04-10", "to": "2026-04-14"}])

    stays: Annotated[list[Stay], Field(min_length=1, max_length=500)]


class RejectedItem(Answer):
    """An item that was not taken, and why."""

    pointer: str
    code: str
    message: str


class UpsertResult(Answer):
    """What became of the items of one request: in = accepted + replaced + deleted + rejected."""

    accepted: int
    replaced: int
    deleted: int
    rejected: list[RejectedItem] = []


class StoredMember(Answer):
    """A member as stored, with every span of coverage."""

    member: Member
    coverage: list[Coverage]


class MemberSummary(Answer):
    """A member in a list: enough to go through a population, nothing that names a person."""

    member_id: str
    language: Language


class ProfileFill(Answer):
    """A netted fill with the drug as understood; `drug` is null where it could not be understood."""

    claim_id: str
    ndc: str | None = None
    rxcui: str | None = None
    drug_name: str | None = None
    drug: Drug | None = None
    fill_date: date
    days_supply: int
    quantity: Quantity
    total_cost: Money
    coverage_status: CoverageStatus
    prescriber_npi: str | None = None
    pharmacy_npi: str | None = None


class ProfileEnrollment(Answer):
    """The enrolment that stands on the day, if any."""

    enrollment_id: str
    program_id: str
    status: str
    enrolled_on: date
    plan_year: int | None = None


class Profile(Answer):
    """What a review reads of a member, as of a day."""

    member: Member
    coverage: list[Coverage]
    fills: list[ProfileFill]
    diagnoses: list[Diagnosis]
    drug_management: list[DrugManagement]
    stays: list[Stay]
    enrollment: ProfileEnrollment | None = None
    not_checked: list[NotChecked] = []
    vocabulary_version: str
    as_of: date
