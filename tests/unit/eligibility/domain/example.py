"""Members for examples: `a_member().on("E11.9").filling("metformin", every=30)`, without codes or files."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Self

from mtm_eligibility.domain.determination import Criterion, CriterionName, Determination
from mtm_eligibility.domain.determine import determine
from mtm_eligibility.domain.facts import (
    Adjustment,
    Coverage,
    CoverageStatus,
    Diagnosis,
    DrugManagement,
    Fill,
    MemberFacts,
    PlanType,
    Setting,
    Sex,
    Stay,
)
from mtm_eligibility.domain.program import Program
from mtm_eligibility.reference import load_programs
from mtm_shared.values.drug import Drug, Ingredient, ResolvedBy

AS_OF = date(2026, 6, 30)
MAINTENANCE = tuple(f"drug {letter}" for letter in "abcdefghijkl")
CONDITIONS = {"E119": "diabetes", "I10": "hypertension", "E785": "dyslipidemia", "J449": "copd", "J45909": "asthma"}


def program(program_id: str = "cms-2026") -> Program:
    return load_programs()[program_id]


def changed(part: Any, **values: Any) -> Any:
    """A part of a programme with other values at the given names, their citations kept."""
    return replace(part, **{name: replace(getattr(part, name), value=value) for name, value in values.items()})


def drug(*names: str, maintenance: bool = True, supplement: bool = False, brand: str | None = None) -> Drug:
    ingredients = tuple(
        Ingredient(name, name, name, maintenance=maintenance, supplement=supplement) for name in sorted(names)
    )
    return Drug("+".join(names), " / ".join(names), ingredients, ResolvedBy.NAME, brand=brand)


def fill(claim_id: str = "1", of: Drug | None = None, on: date = AS_OF, cost: str = "10.00", **values: Any) -> Fill:
    defaults: dict[str, Any] = {
        "days_supply": 30,
        "quantity": Decimal(30),
        "coverage_status": CoverageStatus.COVERED,
        "adjustment": Adjustment.ORIGINAL,
        "given": of.name if of else "00000000000",
        "problem": "" if of else "unknown_ndc",
    }
    return Fill(claim_id, on, cost=Decimal(cost), drug=of, **{**defaults, **values})


@dataclass(frozen=True)
class Example:
    """A member in the making; each step gives a new one."""

    facts: MemberFacts

    def _with(self, **values: Any) -> Self:
        return replace(self, facts=replace(self.facts, **values))

    def on(self, *codes: str, at: date = AS_OF, setting: Setting = Setting.CARRIER) -> Self:
        found = tuple(
            Diagnosis(code, at, setting, f"{code}-{at}", frozenset({CONDITIONS[code]} if code in CONDITIONS else ()))
            for code in codes
        )
        return self._with(diagnoses=self.facts.diagnoses + found)

    def on_code_not_understood(self, code: str, at: date = AS_OF) -> Self:
        found = Diagnosis(code, at, Setting.CARRIER, problem="unknown_icd10")
        return self._with(diagnoses=(*self.facts.diagnoses, found))

    def filling(self, of: Drug | str | None, cost: str = "10.00", at: date = AS_OF, **values: Any) -> Self:
        of = drug(of) if isinstance(of, str) else of
        claim_id = values.pop("claim_id", f"c{len(self.facts.fills)}")
        return self._with(fills=(*self.facts.fills, fill(claim_id, of, at, cost, **values)))

    def filling_each(self, names: tuple[str, ...], cost: str = "10.00", at: date = AS_OF) -> Self:
        example = self
        for name in names:
            example = example.filling(name, cost, at)
        return example

    def covered(self, since: date, until: date | None = None, plan_type: PlanType = PlanType.MA_PD) -> Self:
        return self._with(coverage=(Coverage("H1234", "001", plan_type, since, until),))

    def without_coverage(self) -> Self:
        return self._with(coverage=())

    def limited(self, *, active: bool = True, at_risk: bool = True) -> Self:
        return self._with(drug_management=(DrugManagement(at_risk, active, AS_OF - timedelta(days=90)),))

    def told_nothing_of_drug_management(self) -> Self:
        return self._with(drug_management=None)

    def staying(self, *stays: Stay) -> Self:
        return self._with(stays=stays)

    def under(self, rules: Program | str = "cms-2026", as_of: date = AS_OF) -> Determination:
        return determine(self.facts, program(rules) if isinstance(rules, str) else rules, as_of)

    def criterion(self, name: CriterionName, rules: Program | str = "cms-2026", as_of: date = AS_OF) -> Criterion:
        return next(each for each in self.under(rules, as_of).criteria if each.criterion is name)


def a_member() -> Example:
    """Covered for years, nothing filled, nothing diagnosed, told not to be under drug management."""
    coverage = Coverage("H1234", "001", PlanType.MA_PD, date(2020, 1, 1))
    return Example(MemberFacts("m1", date(1948, 6, 14), Sex.FEMALE, (coverage,), (), (), ()))


def an_eligible_member() -> Example:
    """Three core diseases, eight maintenance drugs, $1,600 spent this year."""
    return a_member().on("E119", "I10", "E785").filling_each(MAINTENANCE[:8], "200.00")


Step = Callable[[Example], Example]
