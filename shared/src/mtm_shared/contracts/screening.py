"""Screenings: medications and conditions in, findings and what was suppressed or not checked out.

Owned by the review service; a stored review (`contracts.review`) is built from the same shapes.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from mtm_shared.contracts.common import (
    Answer,
    Citation,
    CodeText,
    Day,
    Identifier,
    MadeBy,
    Money,
    NotChecked,
    Quantity,
    Request,
    Sex,
    ShortText,
)
from mtm_shared.contracts.kinds import Screen, Severity
from mtm_shared.contracts.policies import PolicyIn, PolicyOutcome
from mtm_shared.contracts.regimen import Regimen

Confidence = Literal["reported", "inferred_high", "inferred_low"]
MmeFactors = Literal["cdc_2016", "cdc_2018", "cdc_2022"]
Source = Literal["claim", "otc", "herbal", "supplement", "sample", "reported"]
SuppressionReason = Literal[
    "switch", "titration", "taper", "intended_combination", "different_route", "as_needed", "short_overlap",
    "below_threshold", "denied_condition", "policy",
]  # fmt: skip


class Supply(Request):
    """One fill of a medication."""

    fill_date: Day
    days_supply: Annotated[int, Field(ge=0, le=999)]
    quantity: Quantity | None = None
    prescriber_npi: CodeText | None = None
    pharmacy_npi: CodeText | None = None
    total_cost: Money | None = None


class MedicationIn(Request):
    """A medication as given: by NDC, RxCUI or name, with its fills or its dates."""

    medication_id: Identifier | None = None
    ndc: CodeText | None = None
    rxcui: CodeText | None = None
    name: ShortText | None = None
    status: Literal["active", "stopped"] = "active"
    start: Day | None = None
    end: Day | None = None
    fills: Annotated[list[Supply], Field(max_length=1000)] = []
    dose: ShortText | None = None
    route: ShortText | None = None
    frequency: ShortText | None = None
    as_needed: bool = False
    indication: ShortText | None = None
    prescriber_npi: CodeText | None = None
    source: Source = "reported"

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.ndc is None and self.rxcui is None and self.name is None:
            raise ValueError("one of ndc, rxcui and name is required")
        return self


class ConditionIn(Request):
    """A condition by ICD-10-CM, SNOMED CT or this project's own condition id (`code`).

    An `inferred` one counts as possible; one that the member or a prescriber `denied` silences its findings.
    """

    icd10: CodeText | None = None
    snomed: CodeText | None = None
    code: CodeText | None = None
    since: Day | None = None
    until: Day | None = None
    source: Literal["claim", "reported", "inferred"] = "reported"
    denied: bool = False

    @model_validator(mode="after")
    def _coded(self) -> Self:
        if sum(code is not None for code in (self.icd10, self.snomed, self.code)) != 1:
            raise ValueError("give exactly one of icd10, snomed and code")
        return self


class AllergyIn(Request):
    """A reported allergy or intolerance."""

    name: ShortText
    rxcui: CodeText | None = None
    reaction: ShortText | None = None


class LabIn(Request):
    """A laboratory result, such as an estimated glomerular filtration rate in mL/min/1.73 m²."""

    code: CodeText
    value: Quantity
    unit: ShortText
    on: Day


class ReviewAllergy(Answer):
    """An allergy that the review holds, as it was given."""

    given: str
    reaction: str = ""


class ReviewLab(Answer):
    """A laboratory result that the review holds."""

    code: str
    value: Quantity
    unit: str
    on: date


class PersonIn(Request):
    """What screens need of the person."""

    birth_date: Day
    sex: Sex = "unknown"


class ScreeningOptions(Request):
    """How much is shown, which screens run (none named: all of them), and whether the regimen is told as well.

    `policy` is the id of a sponsor's policy that the service has loaded, or a policy as it would be written. With
    `shadow` it changes nothing: the answer says what it would hide and show. `max_findings` goes before a policy's own
    number where it is given. `mme_factors` says how opioids are counted.
    """

    max_findings: Annotated[int, Field(ge=1, le=500)] = 12
    screens: Annotated[list[Screen], Field(max_length=11)] = []
    regimen: bool = False
    mme_factors: MmeFactors = "cdc_2022"
    policy: Identifier | PolicyIn | None = None
    shadow: bool = False

    @model_validator(mode="after")
    def _shadow_of_something(self) -> Self:
        if self.shadow and self.policy is None:
            raise ValueError("shadow needs a policy")
        return self


class ScreeningRequest(Request):
    """`POST /v1/screenings`: screen the given medications, storing nothing."""

    as_of: Day
    member: PersonIn
    medications: Annotated[list[MedicationIn], Field(max_length=500)]
    conditions: Annotated[list[ConditionIn], Field(max_length=1000)] = []
    allergies: Annotated[list[AllergyIn], Field(max_length=200)] = []
    labs: Annotated[list[LabIn], Field(max_length=200)] = []
    options: ScreeningOptions = ScreeningOptions()

    @model_validator(mode="after")
    def _born(self) -> Self:
        if self.member.birth_date > self.as_of:
            raise ValueError("birth_date is after as_of")
        return self


class FindingMedication(Answer):
    """A medication of a finding."""

    medication_id: str
    name: str
    rxcui: str | None = None


class Finding(Answer):
    """One problem that a pharmacist should look at, with its evidence and a next step."""

    finding_id: str
    screen: Screen
    rule_id: str
    dur_code: str
    severity: Severity
    tier: Literal[1, 2, 3]
    confidence: Confidence
    medications: list[FindingMedication]
    condition: str | None = None
    because: str
    consequence: str
    recommendation: str
    evidence: list[str]
    citation: Citation
    rank: int


class Suppressed(Answer):
    """What fired but was not shown, and why."""

    screen: Screen
    rule_id: str
    medications: list[FindingMedication]
    reason: SuppressionReason
    because: str


class InferredCondition(Answer):
    """A condition that nobody reported and that drugs show: to be confirmed or denied."""

    condition: str
    name: str
    confidence: Confidence
    because: str
    medications: list[FindingMedication]


class Coverage(Answer):
    """How much of what was given could be checked."""

    medications: int
    medications_checked: int
    conditions: int
    conditions_checked: int


class AdherenceMeasured(Answer):
    """The proportion of days covered (PDC) of one class of drugs, whether or not it is a finding.

    `pdc` is a percentage, rounded down; `may_miss` are the days of the rest of the year that may still be missed to end
    it at the measure's threshold, negative when that is out of reach.
    """

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    measure: str
    name: str
    pdc: str
    days_covered: int
    days: int
    fills: int
    from_: Annotated[date, Field(alias="from")]
    to: date
    may_miss: int


class OpioidPart(Answer):
    """What one product adds; `mme` is null where it cannot be told, `because` says how it was counted or why not."""

    medication_id: str
    name: str
    mme: Decimal | None
    because: str


class Opioid(Answer):
    """Morphine milligram equivalents of the opioids on hand that day; `mme_per_day` is null when a part is unknown."""

    mme_per_day: Decimal | None
    at_least: Decimal
    factor_set: str
    parts: list[OpioidPart]


class Screening(Answer):
    """The findings on a list of medications; `opioid` is null without an opioid on hand."""

    findings: list[Finding]
    suppressed: list[Suppressed]
    not_checked: list[NotChecked]
    coverage: Coverage
    inferred: list[InferredCondition] = []
    regimen: Regimen | None = None
    policy: PolicyOutcome | None = None
    adherence: list[AdherenceMeasured] = []
    opioid: Opioid | None = None
    made_by: MadeBy
