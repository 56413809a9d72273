"""How often drugs show a condition rightly: members whose conditions are known are screened as if none were on record.

Specificity counts, of the members without the condition, those in whom it is not inferred; sensitivity, of those with
it, those in whom it is. What a made-up plan says is what its makers believed of drugs and diseases, no more.
"""

import csv
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from mtm_review.domain.medication import Medication, Source, Supply
from mtm_review.domain.patient import Patient
from mtm_review.domain.situation import situation_of
from mtm_review.reference import load_knowledge
from mtm_review.usecases.understanding import understand
from mtm_shared.vocabulary import load_vocabulary

from deploy.local.sample.calendars import LAST
from deploy.local.sample.knowledge import conditions as sample_conditions
from deploy.local.sample.member import make_member

BORN = date(1950, 1, 1)


@dataclass(frozen=True)
class Person:
    """Somebody whose conditions are known, with the medications as of a day."""

    has: frozenset[str]
    medications: tuple[Medication, ...]
    as_of: date


@dataclass(frozen=True)
class Measured:
    """What was counted of one condition."""

    people: int
    have: int
    rightly: int
    wrongly: int

    @property
    def specificity(self) -> float:
        """1 where nobody was without the condition."""
        without = self.people - self.have
        return 1 - self.wrongly / without if without else 1.0

    @property
    def right_when_inferred(self) -> float:
        """Of those in whom it was inferred, the share who have it."""
        found = self.rightly + self.wrongly
        return self.rightly / found if found else 0.0

    @property
    def sensitivity(self) -> float:
        """0 where nobody had the condition."""
        return self.rightly / self.have if self.have else 0.0


def measure(people: Iterable[Person]) -> dict[str, Measured]:
    """Every condition of the whitelist, in order of its id."""
    knowledge = load_knowledge()
    wanted = sorted({each.condition for each in knowledge.inference.by_id.values()})
    have, rightly, wrongly, total = Counter[str](), Counter[str](), Counter[str](), 0
    for person in people:
        total += 1
        have.update(person.has)
        found = situation_of(Patient(BORN), person.medications, person.as_of, knowledge).inferred
        for one in found:
            (rightly if one.condition in person.has else wrongly)[one.condition] += 1
    return {name: Measured(total, have[name], rightly[name], wrongly[name]) for name in wanted}


def _medication(place: int, ndc: str, supplies: tuple[Supply, ...]) -> Medication:
    drug, problem, _ = understand(load_vocabulary(), ndc, None, None)
    return Medication(f"m{place}", drug, ndc, fills=supplies, source=Source.CLAIM, problem=problem)


def of_the_sample(members: int, seed: int = 2026) -> Iterator[Person]:
    """Members of the made-up plan, with the conditions that they were made with."""
    vocabulary = load_vocabulary()
    shown = [
        frozenset(name for code, _ in row.icd10 for name in vocabulary.conditions_of(code))
        for row in sample_conditions()
    ]
    for number in range(1, members + 1):
        member = make_member(seed, number, bad_rows=0.0)
        supplies: defaultdict[str, list[Supply]] = defaultdict(list)
        for fill in member.fills:
            if fill.adjustment == "":
                supplies[fill.ndc].append(Supply(date.fromordinal(fill.day), fill.days_supply))
        yield Person(
            frozenset(name for place in member.conditions for name in shown[place]),
            tuple(_medication(n, ndc, tuple(found)) for n, (ndc, found) in enumerate(supplies.items())),
            date.fromordinal(LAST),
        )


def of_bundles(folder: Path) -> Iterator[Person]:
    """Synthetic seniors in FHIR: active prescriptions, and every condition of the record."""
    vocabulary = load_vocabulary()
    for path in sorted(folder.glob("*.json")):
        records = [entry["resource"] for entry in json.loads(path.read_text(encoding="utf-8"))["entry"]]
        coded = [each["code"]["coding"][0]["code"] for each in records if each["resourceType"] == "Condition"]
        has = frozenset(name for code in coded for name in vocabulary.conditions_of_snomed(code))
        yield Person(has, tuple(_prescribed(records)), date(2020, 1, 1))


def _prescribed(records: list[Mapping[str, Any]]) -> Iterator[Medication]:
    for place, record in enumerate(records):
        if record["resourceType"] == "MedicationRequest" and record["status"] == "active":
            (coding,) = record["medicationCodeableConcept"]["coding"]
            drug, problem, _ = understand(load_vocabulary(), None, coding["code"], coding["display"])
            yield Medication(f"m{place}", drug, coding["display"], source=Source.REPORTED, problem=problem)


def of_claims(folder: Path) -> Iterator[Person]:
    """Beneficiaries of CCW files: as of the end of each one's last supply, with every diagnosis of any claim."""
    vocabulary = load_vocabulary()
    diagnosed: defaultdict[str, set[str]] = defaultdict(set)
    for name in ("carrier", "outpatient", "inpatient", "snf", "hha", "hospice"):
        for row in _rows(folder / f"{name}.csv"):
            for code in {row[column] for column in row if "DGNS" in column and "VRSN" not in column}:
                diagnosed[row["BENE_ID"]] |= vocabulary.conditions_of(code)
    supplies: defaultdict[str, dict[str, list[Supply]]] = defaultdict(lambda: defaultdict(list))
    for row in _rows(folder / "pde.csv"):
        day = datetime.strptime(row["SRVC_DT"], "%d-%b-%Y").replace(tzinfo=UTC).date()
        supplies[row["BENE_ID"]][row["PROD_SRVC_ID"]].append(Supply(day, max(1, int(row["DAYS_SUPLY_NUM"]))))
    for beneficiary, drugs in sorted(supplies.items()):
        last = max(fill.fill_date + timedelta(days=fill.days_supply) for found in drugs.values() for fill in found)
        yield Person(
            frozenset(diagnosed[beneficiary]),
            tuple(_medication(n, ndc, tuple(found)) for n, (ndc, found) in enumerate(drugs.items())),
            last,
        )


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="|")
