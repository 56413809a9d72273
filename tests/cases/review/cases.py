"""Reads the labelled cases and turns each into the body of `POST /v1/screenings` and what is expected of the answer.

A case is written so that a pharmacist can read it: drugs by name, fills as `every` N days `from` a day (`until`
another, else the day of the case; `supply` where they last another number of days), each of `quantity` units at a
`cost`, prescribers (`by`) and pharmacies (`at`) as letters, conditions by ICD-10-CM, allergies by name, laboratory
results as `labs`. A key that is not known is an error, so that a misspelt expectation cannot pass unseen. A file named
after a screen is read by that screen alone, any other by the two oldest; `screens` says otherwise. A `miss` says why
this version does not answer as the label says; it is an error once it does.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from mtm_review.domain.finding import Screen

FOLDER = Path(__file__).parent
AS_OF = date(2026, 6, 30)
BIRTH_DATE = date(1950, 3, 15)
PRESCRIBERS = {"A": "1234567893", "B": "1245319599", "C": "1356384390", "D": "1467394817"}
PHARMACIES = {"P": "1003000126", "Q": "1003000134", "R": "1003000142", "S": "1003000159"}
SCREENS = {screen.value for screen in Screen}
_KEPT = {"status", "start", "end", "route", "as_needed", "dose", "frequency", "indication"}
_UNNAMED = ["duplicate_therapy", "drug_disease"]  # read by files about codes and coverage, which speak of no screen
_MEDICATION = {
    "drug", "ndc", "rxcui", "source", "every", "supply", "from", "until", "by", "at", "quantity", "cost", *_KEPT,
}  # fmt: skip
_CASE = {
    "id", "because", "disagree", "as_of", "birth_date", "sex", "medications", "conditions", "stays", "findings",
    "suppressed", "not_checked", "coverage", "allergies", "labs", "screens", "miss",
}  # fmt: skip
_KEYS = ("rule", "dur", "tier", "severity", "condition", "confidence")
_FINDING = {"medications", *_KEYS}


@dataclass(frozen=True)
class Case:
    """One case. `stays` is apart from the body, because only stored reviews know stays."""

    case_id: str
    because: str
    screen: str
    miss: str
    disagree: str
    body: dict[str, Any]
    stays: list[dict[str, Any]]
    findings: list[dict[str, Any]]
    suppressed: list[dict[str, str]]
    not_checked: list[dict[str, str]] | None
    coverage: dict[str, int] | None
    table: str = field(repr=False)

    @property
    def is_nuisance(self) -> bool:
        """True when nothing must be found: a negative that a noisy system would alert on."""
        return not self.findings

    def check(self, answer: dict[str, Any]) -> None:
        """Assert that an answer in the wire's shape is what the case expects, or misses it as the case says."""
        if not self.miss:
            self._check(answer)
            return
        try:
            self._check(answer)
        except AssertionError:
            return
        raise AssertionError(f"{self.case_id} is no miss any more: {self.miss}")

    def _check(self, answer: dict[str, Any]) -> None:
        found = [self._seen(finding) for finding in answer["findings"]]
        wanted = [self._wanted(finding) for finding in self.findings]
        assert sorted(map(str, found)) == sorted(map(str, wanted)), self._explain(answer, "findings")
        reasons = Counter((item["rule_id"], item["reason"]) for item in answer["suppressed"])
        expected = Counter((item["rule"], item["reason"]) for item in self.suppressed)
        assert reasons == expected, self._explain(answer, "suppressed")
        if self.not_checked is not None:
            codes = Counter((item["what"], item["code"]) for item in answer["not_checked"])
            assert codes == Counter((i["what"], i["code"]) for i in self.not_checked), self._explain(
                answer, "not_checked"
            )
        if self.coverage is not None:
            assert answer["coverage"] == self.coverage, self._explain(answer, "coverage")

    def _wanted(self, finding: dict[str, Any]) -> dict[str, Any]:
        every = range(1, len(self.body["medications"]) + 1)
        told = {key: finding[key] for key in _KEYS if key in finding}
        return {"medications": [f"m{place}" for place in finding.get("medications", every)], **told}

    def _seen(self, finding: dict[str, Any]) -> dict[str, Any]:
        """The finding, with only the facts that the case says something about for its rule."""
        said = next((item for item in self.findings if item["rule"] == finding["rule_id"]), {"rule": ""})
        facts = {"rule": finding["rule_id"], "dur": finding["dur_code"], **finding}
        told = {key: facts[key] for key in _KEYS if key in said}
        return {"medications": sorted(m["medication_id"] for m in finding["medications"]), **told}

    def _explain(self, answer: dict[str, Any], part: str) -> str:
        return f"\n{self.case_id}: {self.because}\n{self.table}\n{part} came out as:\n{_lines(answer[part])}"


def load_cases() -> list[Case]:
    """Every case of the folder, in order of file and place; ids are unique."""
    cases = [case for path in sorted(FOLDER.glob("*.toml")) for case in _read(path)]
    twice = [case_id for case_id, count in Counter(case.case_id for case in cases).items() if count > 1]
    assert not twice, f"case ids used twice: {twice}"
    return cases


def _read(path: Path) -> Iterator[Case]:
    for raw in tomllib.loads(path.read_text(encoding="utf-8"))["case"]:
        assert set(raw) <= _CASE, f"{path.name}: {raw.get('id')}: unknown {sorted(set(raw) - _CASE)}"
        for finding in raw.get("findings", []):
            assert set(finding) <= _FINDING, f"{path.name}: {raw['id']}: unknown {sorted(set(finding) - _FINDING)}"
        body = body_of(raw, _screens(raw, path))
        yield Case(
            case_id=raw["id"],
            because=raw["because"],
            screen=path.stem if path.stem in SCREENS else "",
            miss=raw.get("miss", ""),
            disagree=raw.get("disagree", ""),
            body=body,
            stays=[_wire(stay) for stay in raw.get("stays", [])],
            findings=raw.get("findings", []),
            suppressed=raw.get("suppressed", []),
            not_checked=raw.get("not_checked"),
            coverage=raw.get("coverage"),
            table=table_of(raw),
        )


def body_of(raw: dict[str, Any], screens: list[str]) -> dict[str, Any]:
    """The request that a case or a member describes."""
    as_of = raw.get("as_of", AS_OF)
    body: dict[str, Any] = {
        "as_of": as_of.isoformat(),
        "member": {"birth_date": raw.get("birth_date", BIRTH_DATE).isoformat(), "sex": raw.get("sex", "female")},
        "medications": [_medication(place, item, as_of) for place, item in enumerate(raw["medications"], 1)],
        "conditions": [_condition(item) for item in raw.get("conditions", [])],
        "options": {"max_findings": 50, "screens": screens},
    }
    for given, wanted in (("allergies", _allergy), ("labs", _wire)):
        if given in raw:
            body[given] = [wanted(item) for item in raw[given]]
    return body


def table_of(raw: dict[str, Any]) -> str:
    """What the case says of the member, a line each."""
    parts = ("medications", "conditions", "allergies", "labs")
    return _lines([item for part in parts for item in raw.get(part, [])])


def _screens(raw: dict[str, Any], path: Path) -> list[str]:
    screens: list[str] = raw.get("screens", [path.stem] if path.stem in SCREENS else _UNNAMED)
    assert set(screens) <= SCREENS, f"{path.name}: {raw['id']}: unknown {sorted(set(screens) - SCREENS)}"
    return screens


def _allergy(item: str | dict[str, Any]) -> dict[str, Any]:
    return {"name": item} if isinstance(item, str) else item


def _medication(place: int, item: dict[str, Any], as_of: date) -> dict[str, Any]:
    assert set(item) <= _MEDICATION, f"unknown {sorted(set(item) - _MEDICATION)} in {item}"
    medication: dict[str, Any] = {
        "medication_id": f"m{place}",
        "source": item.get("source", "claim"),
        "fills": [_fill(day, item) for day in _days(item, as_of)],
    }
    named = {"name": "drug", "ndc": "ndc", "rxcui": "rxcui"}
    medication.update({key: item[said] for key, said in named.items() if said in item})
    medication.update({key: value for key, value in item.items() if key in _KEPT})
    if "by" in item:
        medication["prescriber_npi"] = PRESCRIBERS[item["by"]]
    return _wire(medication)


def _days(item: dict[str, Any], as_of: date) -> Iterator[date]:
    if "every" in item:
        day = item["from"]
        while day <= item.get("until", as_of):
            yield day
            day += timedelta(days=item["every"])


def _fill(day: date, item: dict[str, Any]) -> dict[str, Any]:
    fill: dict[str, Any] = {"fill_date": day.isoformat(), "days_supply": item.get("supply", item["every"])}
    if "by" in item:
        fill["prescriber_npi"] = PRESCRIBERS[item["by"]]
    if "at" in item:
        fill["pharmacy_npi"] = PHARMACIES[item["at"]]
    fill.update(
        {key: str(item[said]) for key, said in (("quantity", "quantity"), ("total_cost", "cost")) if said in item}
    )
    return fill


def _condition(item: str | dict[str, Any]) -> dict[str, Any]:
    return {"icd10": item, "source": "claim"} if isinstance(item, str) else {"source": "claim", **_wire(item)}


def _wire(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in table.items()}


def _lines(items: Any) -> str:
    return "\n".join(f"  {item}" for item in items) if isinstance(items, list) else f"  {items}"
