"""A plan's programme as its published page tells it: running, with members who meet every test of it."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from deciding import DRUGS, fill
from programme import HELD, Programme
from unit.documents.structure import text_of
from whole_job import member

LANGUAGES = ("en", "es")
PRESCRIBER = "1234567893"


@dataclass
class Plan:
    """One programme, and what was made in it so far."""

    running: Programme
    program_id: str
    year: int
    codes: tuple[str, ...]
    kept: dict[Any, Any] = field(default_factory=dict)

    async def program(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.running.ok("eligibility", "GET", f"/v1/programs/{self.program_id}")
        return found

    async def parameter(self, name: str) -> Any:
        (found,) = [one for one in (await self.program())["parameters"] if one["name"] == name]
        return found["value"]

    async def channel(self, purpose: str) -> tuple[str, str, str]:
        contact = (await self.program())["contact"]
        (found,) = [one for one in contact["channels"] if one["purpose"] == purpose]
        return found["value"], found["tty"], found["hours"]

    def fills(self, drugs: int = len(DRUGS), total: str = "250.00") -> list[dict[str, Any]]:
        return [
            fill(f"{place}-{month}", drug_name=drug, fill_date=f"{self.year}-{month:02d}-05", total_cost=total)
            | {"prescriber_npi": PRESCRIBER}
            for place, drug in enumerate(DRUGS[:drugs])
            for month in range(1, 7)
        ]

    def diagnoses(self, codes: tuple[str, ...]) -> list[dict[str, Any]]:
        day = f"{self.year}-02-10"
        return [
            {"icd10": code, "service_date": day, "setting": "outpatient", "claim_id": f"D-{code}"} for code in codes
        ]

    def coverage(self, plan_type: str = "MA-PD") -> dict[str, Any]:
        start = f"{self.year}-01-01"
        return {"contract_id": "H1234", "pbp_id": "001", "plan_type": plan_type, "effective_from": start}

    async def decide(self, plan_type: str = "MA-PD", as_of: str = "06-30", **parts: Any) -> dict[str, Any]:
        """What the programme decides of a member who meets every test, but for the given parts."""
        record = {
            "member": member(birth_date="1950-02-03")["member"],
            "coverage": self.coverage(plan_type),
            "fills": self.fills(),
            "diagnoses": self.diagnoses(self.codes),
            **parts,
        }
        body = {"program_id": self.program_id, "as_of": f"{self.year}-{as_of}", "record": record}
        found: dict[str, Any] = await self.running.ok("eligibility", "POST", "/v1/determinations/evaluate", body)
        return found

    async def criterion(self, name: str, **parts: Any) -> dict[str, Any]:
        (found,) = [one for one in (await self.decide(**parts))["criteria"] if one["criterion"] == name]
        return dict(found)

    async def cost(self, total: str) -> str:
        """The outcome of the cost test for a year in which one maintenance drug cost this in all, known at its end."""
        first = date(self.year, 1, 1)
        claims = [
            fill(f"C-{month}", fill_date=str(first + timedelta(days=30 * month)), total_cost="0.00")
            for month in range(12)
        ]
        claims[0]["total_cost"] = total
        return str((await self.criterion("annual_cost", as_of="12-31", fills=claims))["outcome"])

    async def enroll(self, member_id: str, language: str = "en") -> dict[str, Any]:
        """The enrolment of a member, made by the determination alone."""
        if member_id not in self.kept:
            path = f"/v1/members/{member_id}"
            told = member(member_id=member_id, language=language, phone="(717) 555-0100")
            await self.running.ok("eligibility", "PUT", path, told | {"coverage": self.coverage()})
            await self.running.ok("eligibility", "POST", f"{path}/fills", {"fills": self.fills()})
            claims = {"diagnoses": self.diagnoses(self.codes)}
            await self.running.ok("eligibility", "POST", f"{path}/diagnoses", claims)
            asked = {"program_id": self.program_id, "as_of": f"{self.year}-06-30"}
            decided = await self.running.ok("eligibility", "POST", f"{path}/determinations", asked)
            assert decided["enrollment_id"], decided["criteria"]
            found = f"/v1/enrollments/{decided['enrollment_id']}"
            self.kept[member_id] = await self.running.ok("eligibility", "GET", found)
        return dict(self.kept[member_id])

    async def document(self, kind: str, language: str = "en", **subject: str) -> str:
        """The text of the PDF that the document's service keeps."""
        key = (kind, language, *sorted(subject.items()))
        if key not in self.kept:
            body = {"kind": kind, "language": language, **subject}
            made = await self.running.ok("documents", "POST", "/v1/documents", body)
            answer = await self.running.clients["documents"].get(made["content_url"])
            assert answer.is_success, answer.text
            self.kept[key] = text_of(answer.content)
        return str(self.kept[key])

    async def letters(self, kind: str = "enrollment_letter") -> tuple[str, str]:
        """The letter to a member in English and in Spanish."""
        enrollment_id = (await self.enroll("M-1"))["enrollment_id"]
        english, spanish = [await self.document(kind, language, enrollment_id=enrollment_id) for language in LANGUAGES]
        return english, spanish

    async def review(self, kind: str, member_id: str = "M-1") -> dict[str, Any]:
        """An open review of the member."""
        await self.enroll(member_id)
        if (kind, member_id) not in self.kept:
            body = {"member_id": member_id, "kind": kind, "as_of": f"{self.year}-06-30"}
            self.kept[kind, member_id] = await self.running.ok("review", "POST", "/v1/reviews", body)
        return dict(self.kept[kind, member_id])

    async def decide_findings(self, path: str) -> None:
        for finding in (await self.running.ok("review", "GET", path))["findings"]:
            decision = {"decision": "accepted", "reason": "agreed", "author": "Pat Doe"}
            await self.running.ok("review", "POST", f"{path}/findings/{finding['finding_id']}/decision", decision)

    async def recommended(self, to: str) -> dict[str, Any]:
        """A suggestion to this addressee, from a completed targeted review."""
        review = await self.review("tmr", f"M-{to}")
        if ("recommended", to) not in self.kept:
            body = {"to": to, "channel": "mail", "sent_on": f"{self.year}-06-30", "author": "Pat Doe"}
            body |= {"text": "Consider a safer medicine.", "problem_category": "other"}
            body |= {"prescriber_npi": PRESCRIBER} if to == "prescriber" else {}
            path = f"/v1/reviews/{review['review_id']}"
            self.kept["recommended", to] = await self.running.ok("review", "POST", f"{path}/recommendations", body)
            await self.decide_findings(path)
            await self.running.ok("review", "POST", f"{path}/complete", {"author": "Pat Doe"})
        return dict(self.kept["recommended", to]) | {"review_id": review["review_id"]}

    async def summaries(self) -> tuple[str, str]:
        """What a member gets after a comprehensive review with an over-the-counter drug, in both languages."""
        review = await self.review("cmr", "M-2")
        path = f"/v1/reviews/{review['review_id']}"
        if "completed" not in self.kept:
            added = [{"name": "ibuprofen", "source": "otc"}, {"name": "fish oil", "source": "supplement"}]
            added.append({"name": "ginkgo", "source": "herbal"})
            await self.running.ok("review", "POST", f"{path}/medications", {"author": "P", "medications": added})
            held = HELD | {"held_on": f"{self.year}-06-30"}
            await self.running.ok("review", "POST", f"{path}/consultation", held)
            await self.decide_findings(path)
            await self.running.ok("review", "POST", f"{path}/complete", {"author": "Pat Doe"})
            self.kept["completed"] = True
        subject = {"review_id": review["review_id"]}
        english, spanish = [await self.document("cmr_summary", language, **subject) for language in LANGUAGES]
        return english, spanish


AETNA_CODES = ("M81.0", "I50.22", "E11.9", "F32.1", "J45.909", "J44.9", "I25.10")
HEALTH_OPTIONS_CODES = ("I10", "E78.5", "I50.22", "E11.9", "F32.1", "M81.0", "M06.9", "J45.909", "J44.9", "B20")
