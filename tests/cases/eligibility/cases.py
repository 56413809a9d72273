"""Worked cases that a pharmacist can read, one TOML file each for a programme, and what makes them into records.

A file holds defaults, named regimens (drugs filled every so many days) and cases. `load_cases` gives each case as a
`MemberRecord` dict for the wire, with what is expected of it; `mismatches` compares that with a determination in its
wire shape, so that the same cases run against the kernel, the API and a population run. Unknown keys are refused:
a misspelt expectation must not pass for a case.

A drug is `{name|ndc|rxcui, every, from, until?, days?, cost | costs, status?, deleted?, adjusted?}`: filled every
`every` days, each fill `days` (else `every`) days' supply. `deleted = [2]` adds a deletion of the second fill,
`adjusted = {2 = "10.00"}` an adjustment of its cost. `on` is a single fill.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
CRITERIA = ("chronic_conditions", "part_d_drugs", "annual_cost", "drug_management")
_DRUG_KEYS = {
    "name", "ndc", "rxcui", "every", "from", "until", "on", "days", "cost", "costs", "status", "deleted", "adjusted",
}  # fmt: skip
_CASE_KEYS = {
    "title", "why", "as_of", "born", "sex", "coverage", "regimens", "drugs", "diagnoses", "drug_management", "stays",
    "expect",
}  # fmt: skip
_EXPECT_KEYS = {"outcome", "pathway", "score", "not_counted", "not_checked", "notices", "because", *CRITERIA}

Table = Mapping[str, Any]


@dataclass(frozen=True)
class Case:
    """One case: the programme, the day, the record as it goes over the wire, and what is expected."""

    case_id: str
    program_id: str
    title: str
    why: str
    as_of: date
    record: dict[str, Any]
    expect: Table

    def __str__(self) -> str:
        return f"{self.case_id}: {self.title}"


def load_cases() -> list[Case]:
    """Every case of every programme, in the order of the files."""
    return [case for path in sorted(FOLDER.glob("*/*.toml")) for case in _cases_of(path)]


def _cases_of(path: Path) -> Iterator[Case]:
    file = tomllib.loads(path.read_text(encoding="utf-8"))
    _refuse(file, {"program", "defaults", "regimen", "case"}, path.name)
    assert file["program"] == path.parent.name, f"{path.name} is in the folder of another programme"
    for number, table in enumerate(file["case"], 1):
        case_id = f"{file['program']}.{path.stem}.{number}"
        _refuse(table, _CASE_KEYS, case_id)
        _refuse(table["expect"], _EXPECT_KEYS, case_id)
        whole = {**file.get("defaults", {}), **table}
        drugs = [drug for name in whole.get("regimens", []) for drug in file["regimen"][name]]
        yield Case(
            case_id=case_id,
            program_id=file["program"],
            title=table["title"],
            why=table["why"],
            as_of=whole["as_of"],
            record=_record(case_id, whole, [*drugs, *whole.get("drugs", [])]),
            expect=table["expect"],
        )


def _record(case_id: str, case: Table, drugs: list[Table]) -> dict[str, Any]:
    coverage = case["coverage"]
    record = {
        "member": {"member_id": case_id, "birth_date": case["born"].isoformat(), "sex": case.get("sex", "female")},
        "coverage": {
            "contract_id": "H1234" if coverage["plan_type"] == "MA-PD" else "S1234",
            "pbp_id": "001",
            "plan_type": coverage["plan_type"],
            "effective_from": coverage["from"].isoformat(),
            "effective_to": coverage["to"].isoformat() if "to" in coverage else None,
        },
        "fills": [fill for place, drug in enumerate(drugs, 1) for fill in _fills(drug, place, case["as_of"])],
        "diagnoses": [_diagnosis(given, case["as_of"]) for given in case.get("diagnoses", [])],
        "stays": [_dated(stay) for stay in case.get("stays", [])],
    }
    if "drug_management" in case:
        spell = {"effective_from" if key == "from" else "effective_to" if key == "to" else key: value
                 for key, value in case["drug_management"].items()}  # fmt: skip
        record["drug_management"] = _dated(spell)
    return record


def _fills(drug: Table, place: int, as_of: date) -> Iterator[dict[str, Any]]:
    _refuse(drug, _DRUG_KEYS, f"drug {place}")
    identifier = {key: drug[key] for key in ("ndc", "rxcui") if key in drug}
    if not identifier:
        identifier = {"drug_name": drug["name"]}
    adjusted = drug.get("adjusted", {})
    for number, day in enumerate(_days(drug, as_of), 1):
        fill = {
            "claim_id": f"{place}-{number}",
            **identifier,
            "fill_date": day.isoformat(),
            "days_supply": drug.get("days", drug.get("every", 30)),
            "quantity": str(drug.get("days", drug.get("every", 30))),
            "total_cost": drug["costs"][number - 1] if "costs" in drug else drug["cost"],
            "coverage_status": drug.get("status", "C"),
            "adjustment": "",
        }
        yield fill
        if number in drug.get("deleted", []):
            yield {**fill, "adjustment": "D"}
        if str(number) in adjusted:
            yield {**fill, "adjustment": "A", "total_cost": adjusted[str(number)]}


def _days(drug: Table, as_of: date) -> Iterator[date]:
    if "on" in drug:
        yield drug["on"]
        return
    day, until = drug["from"], drug.get("until", as_of)
    count = len(drug["costs"]) if "costs" in drug else None
    while day <= until and count != 0:
        yield day
        day += timedelta(days=drug["every"])
        count = None if count is None else count - 1


def _diagnosis(given: str | Table, as_of: date) -> dict[str, Any]:
    if isinstance(given, str):
        given = {"icd10": given}
    _refuse(given, {"icd10", "on", "setting"}, "diagnosis")
    on = given.get("on", as_of - timedelta(days=60))
    return {"icd10": given["icd10"], "service_date": on.isoformat(), "setting": given.get("setting", "carrier")}


def _dated(table: Table) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in table.items()}


def _refuse(table: Table, known: set[str], where: str) -> None:
    assert not set(table) - known, f"{where}: unknown key {sorted(set(table) - known)[0]}"


def mismatches(case: Case, determination: Mapping[str, Any]) -> list[str]:
    """What a determination, in its wire shape, says otherwise than the case expects; empty when it agrees."""
    expect = case.expect
    wrong = [
        f"{key}: {determination[key]!r}, expected {expect[key]!r}"
        for key in ("outcome", "score")
        if key in expect and determination[key] != expect[key]
    ]
    if determination["pathway"] != expect.get("pathway"):
        wrong.append(f"pathway: {determination['pathway']!r}, expected {expect.get('pathway')!r}")
    if (determination["score"] == 100) != (expect["outcome"] == "eligible"):
        wrong.append(f"score: {determination['score']} with {determination['outcome']}")
    criteria = {criterion["criterion"]: criterion for criterion in determination["criteria"]}
    for name in CRITERIA:
        wrong.extend(_criterion_mismatches(name, expect.get(name), criteria.get(name)))
    for key, value in (("not_counted", "code"), ("not_checked", "value"), ("notices", "code")):
        found = {item[value] for item in determination[key]}
        wrong.extend(f"{key}: no {each!r} in {sorted(found)}" for each in expect.get(key, []) if each not in found)
    for name, words in expect.get("because", {}).items():
        if words not in criteria[name]["because"]:
            wrong.append(f"{name}: {words!r} not in {criteria[name]['because']!r}")
    return wrong


def _criterion_mismatches(name: str, expected: str | None, criterion: Mapping[str, Any] | None) -> Iterator[str]:
    """`expected` is `met`, or `met 8`: the outcome and what was observed; `none`: the programme has no such test."""
    if expected is None:
        return
    if expected == "none" or criterion is None:
        if (expected == "none") != (criterion is None):
            yield f"{name}: {criterion}, expected {expected}"
        return
    outcome, _, observed = expected.partition(" ")
    if criterion["outcome"] != outcome or (observed and not _same(criterion["observed"], observed)):
        found = f"{criterion['outcome']} {criterion['observed']}"
        yield f"{name}: {found}, expected {expected} ({criterion['because']})"


def _same(observed: str, expected: str) -> bool:
    try:
        return Decimal(observed) == Decimal(expected)
    except ArithmeticError:
        return observed == expected


def as_table(case: Case) -> str:
    """The member as a person reads it, for a case that fails."""
    record = case.record
    lines = [str(case), f"  {case.why}", f"  as of {case.as_of}, {record['coverage']}"]
    by_drug: dict[str, list[dict[str, Any]]] = {}
    for fill in record["fills"]:
        kind = fill["coverage_status"] + fill["adjustment"]
        by_drug.setdefault(f"{fill.get('drug_name') or fill.get('ndc') or fill.get('rxcui'):<60}{kind:>3}", []).append(
            fill
        )
    lines += [
        f"  {drug} {len(fills):>3} x {fills[0]['days_supply']:>3} days  {fills[0]['fill_date']} to "
        f"{fills[-1]['fill_date']}  {sum(Decimal(fill['total_cost']) for fill in fills):>10}"
        for drug, fills in by_drug.items()
    ]
    lines += [f"  {each['service_date']}  {each['icd10']} ({each['setting']})" for each in record["diagnoses"]]
    if "drug_management" in record:
        lines.append(f"  {record['drug_management']}")
    return "\n".join(lines)
