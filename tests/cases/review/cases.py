"""Reads the labelled cases and turns each into the body of `POST /v1/screenings` and what is expected of the answer.

A case is written so that a pharmacist can read it: drugs by name, fills as `every` N days `from` a day (`until`
another, else the day of the case), prescribers as letters, conditions by ICD-10-CM. A key that is not known is an
error, so that a misspelt expectation cannot pass unseen.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
AS_OF = date(2026, 6, 30)
BIRTH_DATE = date(1950, 3, 15)
PRESCRIBERS = {"A": "1234567893", "B": "1245319599", "C": "1356384390"}
_MEDICATION = {
    "drug", "source", "status", "start", "end", "every", "from", "until", "by", "route", "as_needed",
}  # fmt: skip
_KEPT = {"status", "start", "end", "route", "as_needed"}
_CASE = {
    "id", "because", "disagree", "as_of", "birth_date", "sex", "medications", "conditions", "stays", "findings",
    "suppressed", "not_checked", "coverage",
}  # fmt: skip
_KEYS = ("rule", "dur", "tier", "severity", "condition")
_FINDING = {"medications", *_KEYS}


@dataclass(frozen=True)
class Case:
    """One case. `stays` is apart from the body, because only stored reviews know stays."""

    case_id: str
    because: str
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
        """Assert that an answer in the wire's shape is what the case expects; the message shows the member."""
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
        as_of = raw.get("as_of", AS_OF)
        conditions = [_condition(item) for item in raw.get("conditions", [])]
        body: dict[str, Any] = {
            "as_of": as_of.isoformat(),
            "member": {
                "birth_date": raw.get("birth_date", BIRTH_DATE).isoformat(),
                "sex": raw.get("sex", "female"),
            },
            "medications": [_medication(place, item, as_of) for place, item in enumerate(raw["medications"], 1)],
            "conditions": conditions,
            "options": {"max_findings": 50},
        }
        yield Case(
            case_id=raw["id"],
            because=raw["because"],
            body=body,
            stays=[_wire(stay) for stay in raw.get("stays", [])],
            findings=raw.get("findings", []),
            suppressed=raw.get("suppressed", []),
            not_checked=raw.get("not_checked"),
            coverage=raw.get("coverage"),
            table=_lines([*raw["medications"], *conditions]),
        )


def _medication(place: int, item: dict[str, Any], as_of: date) -> dict[str, Any]:
    assert set(item) <= _MEDICATION, f"unknown {sorted(set(item) - _MEDICATION)} in {item}"
    prescriber = PRESCRIBERS[item["by"]] if "by" in item else None
    kept = {key: value for key, value in item.items() if key in _KEPT}
    medication: dict[str, Any] = {
        "medication_id": f"m{place}",
        "name": item["drug"],
        "source": item.get("source", "claim"),
        "fills": [_fill(day, item["every"], prescriber) for day in _days(item, as_of)],
    }
    medication.update(kept)
    if prescriber:
        medication["prescriber_npi"] = prescriber
    return _wire(medication)


def _days(item: dict[str, Any], as_of: date) -> Iterator[date]:
    if "every" in item:
        day = item["from"]
        while day <= item.get("until", as_of):
            yield day
            day += timedelta(days=item["every"])


def _fill(day: date, days_supply: int, prescriber: str | None) -> dict[str, Any]:
    fill: dict[str, Any] = {"fill_date": day.isoformat(), "days_supply": days_supply}
    return {**fill, "prescriber_npi": prescriber} if prescriber else fill


def _condition(item: str | dict[str, Any]) -> dict[str, Any]:
    return {"icd10": item, "source": "claim"} if isinstance(item, str) else {"source": "claim", **_wire(item)}


def _wire(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in table.items()}


def _lines(items: Any) -> str:
    return "\n".join(f"  {item}" for item in items) if isinstance(items, list) else f"  {items}"
