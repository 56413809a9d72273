"""A plan year of 200 generated members, from targeting to the file to CMS, recounted in plain code."""

import csv
import io
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from mtm_documents.storage import tables as documents
from mtm_eligibility.storage import tables as eligibility
from mtm_review.storage import tables as review
from mtm_shared.storage.audit_chain import seal, verify
from programme import HELD, Programme
from sqlalchemy import select
from whole_job import DIAGNOSES, DRUGS

from deploy.local.sample.plan import members

TABLES = {"eligibility": eligibility, "review": review, "documents": documents}
QUARTERS = ("2026-03-31", "2026-06-30", "2026-09-30", "2026-12-31")
STARTS = ((20, "2025-12-01"), (10, "2026-04-02"), (6, "2026-07-02"), (4, "2026-10-02"))
"""How many members begin to take nine drugs on which day; the other 160 take few."""
FEW = 8
FOR_GOOD, THIS_YEAR, DECLINED, DEAD, LEFT, WITH_CMR = range(2), range(2, 4), range(4, 6), 6, 7, range(8, 20)
STOPPING = range(8, 12)
SUMMARY_DAYS = (13, 14, 15)
OFFER_DAYS = (59, 60, 61)


@dataclass
class Put:
    """What was put in: who takes what from when, and what happened to whom."""

    records: list[dict[str, Any]] = field(default_factory=list)
    starts: dict[str, date] = field(default_factory=dict)
    languages: dict[str, str] = field(default_factory=dict)
    stopped: dict[str, set[str]] = field(default_factory=dict)

    def ill(self, day: str = "2026-12-31") -> list[str]:
        return [one for one, start in self.starts.items() if start <= date.fromisoformat(day)]


@dataclass
class Year:
    """What was put in, and what the services told."""

    put: Put
    told: dict[str, Any] = field(default_factory=dict)


def drawn() -> Put:
    """200 generated members: 40 with nine drugs from their day on, 160 with fewer than eight as generated."""
    put = Put()
    starts = [date.fromisoformat(day) for count, day in STARTS for _ in range(count)]
    for one in members(2_000, 7):
        record = one.record
        few = len({fill["ndc"] for fill in record.get("fills", [])}) < FEW and not record.get("drug_management")
        if not few or record["member"].get("death_date") or record.get("stays"):
            continue
        record["coverage"] |= {"contract_id": "H1234", "plan_type": "MA-PD", "effective_from": "2025-01-01"}
        record["coverage"].pop("effective_to", None)
        place = len(put.records)
        if place < len(starts):
            record |= {"fills": [], "diagnoses": []}
            record["member"]["language"] = "es" if place % 3 == 0 else "en"
            put.starts[one.member_id] = starts[place]
        put.languages[one.member_id] = record["member"].get("language", "en")
        put.records.append(record)
        if len(put.records) == 200:
            return put
    raise AssertionError("too few members")


def claims(member_id: str, start: date, after: date, until: date, stopped: set[str]) -> dict[str, Any]:
    days = [start + timedelta(days=30 * month) for month in range(14)]
    new = [day for day in days if after < day <= until]
    fills = [
        {"claim_id": f"{member_id}-{rxcui}-{day}", "rxcui": rxcui, "fill_date": str(day), "days_supply": 30,
         "quantity": "30", "total_cost": "60.00"}
        for day in new for rxcui in DRUGS if rxcui not in stopped or str(day) <= "2026-06-30"
    ]  # fmt: skip
    seen = [{"icd10": code, "service_date": str(day), "setting": "carrier"} for day in new for code in DIAGNOSES]
    return {"fills": fills, "diagnoses": seen}


async def load(running: Programme, put: Put, until: date, after: date) -> Any:
    first = after.year == 2024
    lines = []
    for record in put.records:
        member_id = record["member"]["member_id"]
        more = {"fills": record["fills"], "diagnoses": record["diagnoses"]}
        if member_id in put.starts:
            more = claims(member_id, put.starts[member_id], after, until, put.stopped.get(member_id, set()))
        day_of = {"fills": "fill_date", "diagnoses": "service_date"}
        due = {kind: [one for one in more[kind] if str(after) < one[day_of[kind]] <= str(until)] for kind in day_of}
        if first or due["fills"] or due["diagnoses"]:
            lines.append(json.dumps(record | due))
    sent = {"file": ("members.ndjson", "\n".join(lines).encode())}
    answer = await running.clients["eligibility"].post("/v1/imports", files=sent, data={"format": "ndjson"})
    await running.work("eligibility")
    status = await running.ok("eligibility", "GET", f"/v1/imports/{answer.json()['import_id']}")
    return status["counts"] | {"lines": len(lines)}


async def ran(running: Programme, service: str, path: str, body: dict[str, Any], name: str) -> Any:
    made = await running.ok(service, "POST", path, body)
    await running.work(service)
    status = await running.ok(service, "GET", f"{path}/{made[name]}")
    assert status["state"] == "done", status
    return status


async def quarter(running: Programme, year: Year, day: str, before: date) -> None:
    running.clock.on(day)
    told = year.told
    told.setdefault("imports", []).append(await load(running, year.put, date.fromisoformat(day), before))
    asked = {"program_id": "cms-2026", "as_of": day}
    told.setdefault("targeting", {})[day] = await ran(running, "eligibility", "/v1/targeting-runs", asked, "run_id")
    asked |= {"kind": "tmr"}
    told.setdefault("tmr", {})[day] = await ran(running, "review", "/v1/review-runs", asked, "review_run_id")


async def enrolled(running: Programme) -> dict[str, str]:
    return {
        one["member_id"]: one["enrollment_id"]
        for one in await running.all("eligibility", "/v1/enrollments?program_id=cms-2026")
    }


async def leave(running: Programme, year: Year, ids: dict[str, str]) -> None:
    ill = year.put.ill("2026-03-31")
    running.clock.on("2026-05-15")
    for place in (*FOR_GOOD, *THIS_YEAR, *DECLINED):
        body = {"reason": "03", "on": "2026-05-15", "permanent": place in FOR_GOOD}
        body["scope"] = "cmr_only" if place in DECLINED else "program"
        await running.ok("eligibility", "POST", f"/v1/enrollments/{ids[ill[place]]}/opt-out", body)
    records = {one["member"]["member_id"]: one for one in year.put.records}
    dead, left = records[ill[DEAD]], records[ill[LEFT]]
    dead["member"]["death_date"], left["coverage"]["effective_to"] = "2026-05-10", "2026-05-31"
    for one in (dead, left):
        body = {"member": one["member"], "coverage": one["coverage"]}
        await running.ok("eligibility", "PUT", f"/v1/members/{one['member']['member_id']}", body)
    running.clock.on("2026-06-02")
    year.told["sweep"] = await ran(running, "eligibility", "/v1/enrollment-sweeps", {"as_of": "2026-06-02"}, "run_id")


async def letters(running: Programme, year: Year, ids: dict[str, str]) -> None:
    body = {"kind": "enrollment_letter", "enrollment_ids": list(ids.values())}
    made = await ran(running, "documents", "/v1/print-runs", body, "print_run_id")
    path = f"/v1/print-runs/{made['print_run_id']}/delivery"
    sent = {"channel": "mail", "sent_on": running.clock().date().isoformat(), "status": "sent"}
    year.told["letters_sent"] = await running.ok("documents", "POST", path, sent)
    year.told["letters"] = await running.all("documents", "/v1/documents?kind=enrollment_letter")


async def offers(running: Programme, year: Year, ids: dict[str, str]) -> None:
    running.clock.on("2026-06-01")
    for place, one in enumerate(year.put.ill("2026-03-31")[8:]):
        on = date(2026, 3, 31) + timedelta(days=OFFER_DAYS[place % 3])
        running.clock.on(max(on, date(2026, 5, 29)))
        body = {"channel": "mail", "on": str(on), "result": "mailed", "offers_cmr": True}
        await running.ok("eligibility", "POST", f"/v1/enrollments/{ids[one]}/outreach", body)


async def targeted(running: Programme, year: Year) -> None:
    """Some are reviewed at the half-year, and their prescribers told to stop what harms them; later they do."""
    ill = year.put.ill("2026-03-31")
    for place in STOPPING:
        told = await running.all("review", f"/v1/reviews?member_id={ill[place]}")
        (latest,) = [one for one in told if one["kind"] == "tmr" and one["as_of"] == QUARTERS[1]]
        path = f"/v1/reviews/{latest['review_id']}"
        findings = (await running.ok("review", "GET", path))["findings"]
        finding = next(one for one in findings if one["screen"] == "drug_disease")
        body = {"to": "prescriber", "channel": "fax", "sent_on": QUARTERS[1], "author": "Pat Doe"}
        body |= {"prescriber_npi": "1234567893", "finding_id": finding["finding_id"]}
        made = await running.ok("review", "POST", f"{path}/recommendations", body)
        year.put.stopped[ill[place]] = set(made["expects"]["ingredients"])
        for one in findings:
            decision = {"decision": "accepted", "reason": "agreed", "author": "Pat Doe"}
            await running.ok("review", "POST", f"{path}/findings/{one['finding_id']}/decision", decision)
        await running.ok("review", "POST", f"{path}/complete", {"author": "Pat Doe"})


async def consult(running: Programme, member_id: str, day: str) -> str:
    body = {"member_id": member_id, "kind": "cmr", "as_of": day}
    path = f"/v1/reviews/{(await running.ok('review', 'POST', '/v1/reviews', body))['review_id']}"
    await running.ok("review", "POST", f"{path}/consultation", {**HELD, "held_on": day})
    for finding in (await running.ok("review", "GET", path))["findings"]:
        decision = {"decision": "accepted", "reason": "agreed", "author": "Pat Doe"}
        await running.ok("review", "POST", f"{path}/findings/{finding['finding_id']}/decision", decision)
    await running.ok("review", "POST", f"{path}/complete", {"author": "Pat Doe"})
    advice = {"to": "prescriber", "channel": "fax", "sent_on": day, "author": "Pat Doe", "text": "Stop it."}
    advice |= {"prescriber_npi": "1234567893", "problem_category": "other"}
    await running.ok("review", "POST", f"{path}/recommendations", advice)
    return path.rsplit("/", 1)[1]


async def consultations(running: Programme, year: Year) -> None:
    running.clock.on("2026-07-06")
    ill = year.put.ill("2026-03-31")
    reviews = [await consult(running, ill[place], "2026-07-06") for place in WITH_CMR]
    made = await ran(
        running, "documents", "/v1/print-runs", {"kind": "cmr_summary", "review_ids": reviews}, "print_run_id"
    )
    items = await running.all("documents", f"/v1/print-runs/{made['print_run_id']}/items")
    for place, item in enumerate(items):
        on = date(2026, 7, 6) + timedelta(days=SUMMARY_DAYS[place % 3])
        running.clock.on(on)
        sent = {"channel": "mail", "sent_on": str(on), "status": "sent"}
        await running.ok("documents", "POST", f"/v1/documents/{item['document_id']}/delivery", sent)
    running.clock.on("2026-07-30")


async def the_end(running: Programme, year: Year) -> None:
    told = year.told
    for service, kind in (("eligibility", "cmr_offer"), ("documents", "cmr_summary")):
        path = f"/v1/deadlines?kind={kind}&within_days=366&as_of=2026-12-31"
        states = {state: len(await running.all(service, f"{path}&state={state}")) for state in ("met", "met_late")}
        told[kind] = states
    running.clock.on("2027-01-05")
    told["report"] = await ran(
        running, "documents", "/v1/cms-reports", {"contract_id": "H1234", "year": 2026}, "report_id"
    )
    file = await running.clients["documents"].get(told["report"]["file_url"], headers={"Accept": "text/csv"})
    told["rows"] = list(csv.DictReader(io.StringIO(file.text)))
    asked = {"program_id": "cms-2027", "as_of": "2027-01-05", "carry_over_from": "cms-2026"}
    told["carried"] = await ran(running, "eligibility", "/v1/targeting-runs", asked, "run_id")
    told["next"] = await running.all("eligibility", "/v1/enrollments?program_id=cms-2027")
    for name, tables in TABLES.items():
        async with running.apps[name].state.database.writing() as session, session.begin():
            while await seal(session, tables.audit_trail):
                pass
            told[f"audit {name}"] = await verify(session, tables.audit_trail)
            told[f"events {name}"] = Counter(await session.scalars(select(tables.outbox.events.c.type)))


async def live(running: Programme, this: Year) -> None:
    """From the first quarter's targeting to the next year's."""
    await quarter(running, this, QUARTERS[0], date(2024, 12, 31))
    ids = await enrolled(running)
    await letters(running, this, ids)
    await offers(running, this, ids)
    await leave(running, this, ids)
    await quarter(running, this, QUARTERS[1], date.fromisoformat(QUARTERS[0]))
    await targeted(running, this)
    await consultations(running, this)
    for before, day in pairwise(QUARTERS[1:]):
        await quarter(running, this, day, date.fromisoformat(before))
    asked = {"program_id": "cms-2026", "as_of": QUARTERS[-1]}
    this.told["resolutions"] = await ran(running, "review", "/v1/resolution-runs", asked, "run_id")
    await the_end(running, this)
