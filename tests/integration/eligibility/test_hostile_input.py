"""Whatever is sent, the answer is a problem document and never a 500."""

import json
from typing import Any

import pytest
from deciding import AS_OF, COVERAGE, MEMBER, Service, fill, record
from mtm_shared.web import configure_logging

EVALUATE = "/v1/determinations/evaluate"


def ask(**parts: Any) -> dict[str, Any]:
    return {"program_id": "cms-2026", "as_of": AS_OF, "record": record(**parts)}


@pytest.mark.parametrize(
    "body",
    [
        ask(member=MEMBER | {"last_name": "a\x00b"}),
        ask(member=MEMBER | {"member_id": "x" * 65}),
        ask(member=MEMBER | {"member_id": "a b"}),
        ask(member=MEMBER | {"birth_date": "0001-01-01"}),
        ask(member=MEMBER | {"unknown_field": 1}),
        ask(coverage=COVERAGE | {"contract_id": "H12345"}),
        ask(coverage=COVERAGE | {"effective_to": "2025-01-01"}),
        ask(fills=[fill("A", fill_date="9999-12-31")]),
        ask(fills=[fill("A", total_cost="1e400")]),
        ask(fills=[fill("A", total_cost="NaN")]),
        ask(fills=[fill("A", total_cost="0.00001")]),
        ask(fills=[fill("A", days_supply=10**30)]),
        ask(fills=[fill("A", days_supply=-1)]),
        ask(fills=[fill("A", quantity="-1")]),
        ask(fills=[fill("A", drug_name=None)]),
        ask(fills=[fill("A", ingredient_cost="1.00")]),
        ask() | {"as_of": "9999-12-31"},
        ask() | {"as_of": "0001-01-01"},
        ask() | {"as_of": "2026-02-30"},
        {},
        [],
        None,
    ],
)
async def test_an_impossible_record_is_invalid(quick: Service, body: Any) -> None:
    assert await quick.problem("POST", EVALUATE, body) in {
        (422, "invalid_request"), (422, "invalid_text"), (400, "unreadable_body"), (415, "unsupported_media_type"),
    }  # fmt: skip


async def test_odd_codes_decide_without_a_crash_and_come_back(quick: Service) -> None:
    odd = ["\u202eI10", "ß", "E11.9\n", "V45.81", "250.00", "''; DROP TABLE members; --"]
    parts = {
        "diagnoses": [{"icd10": code, "service_date": "2026-01-01", "setting": "other"} for code in odd],
        "fills": [fill(f"A{place}", drug_name=None, ndc=code) for place, code in enumerate(odd)],
    }
    answer = await quick.ok("POST", EVALUATE, ask(**parts))
    assert {item["value"] for item in answer["not_checked"]} >= {"250.00", "ß"}


@pytest.mark.parametrize(
    "path",
    ["/v1/members/a%00b", "/v1/members/%2e%2e%2fetc", "/v1/members/" + "x" * 65, "/v1/imports/a%20b"],
)
async def test_an_impossible_address_is_invalid_or_not_found(quick: Service, path: str) -> None:
    assert (await quick.problem("GET", path))[0] in {404, 422}


async def test_a_problem_does_not_repeat_what_was_sent(quick: Service) -> None:
    body = ask(member=MEMBER | {"birth_date": "Canary-1950", "sex": "Canary"})
    answer = await quick.client.post(EVALUATE, json=body)
    assert answer.status_code == 422
    assert "Canary" not in answer.text


async def test_without_a_token_nothing_is_answered(quick: Service) -> None:
    answer = await quick.client.get("/v1/members", headers={"Authorization": ""})
    assert answer.status_code == 401


async def test_the_longest_record_that_is_allowed_is_stored(service: Service) -> None:
    await service.ok("PUT", "/v1/members/M-1", {"member": MEMBER, "coverage": COVERAGE})
    largest = "99999999.0000"
    fills = [fill(f"{number:064d}", total_cost=largest, quantity="9999999999.9999") for number in range(500)]
    assert (await service.ok("POST", "/v1/members/M-1/fills", {"fills": fills}))["accepted"] == 500
    profile = await service.ok("GET", f"/v1/members/M-1/profile?as_of={AS_OF}")
    assert {(fill["total_cost"], fill["quantity"]) for fill in profile["fills"]} == {("99999999.00", "9999999999.9999")}


async def test_no_member_data_is_logged(quick: Service, capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug")
    canary = {"member_id": "CANARY-1", "last_name": "Canary", "mbi": "1EG4TE5MK73", "phone": "555-0100"}
    member = MEMBER | canary
    fills = [fill(f"CANARY-{place}", drug_name="canary") for place in range(2)]
    whole = record(member=member, fills=fills)
    await quick.store(**whole)
    path = "/v1/members/CANARY-1"
    await quick.ok("GET", path)
    await quick.ok("GET", f"{path}/profile?as_of={AS_OF}")
    await quick.ok("POST", f"{path}/determinations", {"program_id": "cms-2026", "as_of": AS_OF})
    await quick.ok("POST", EVALUATE, ask(member=member, fills=fills))
    await quick.problem("POST", f"{path}/fills", {"fills": [fill("CANARY", fill_date="canary")]})
    await quick.problem("GET", "/v1/enrollments/CANARY-1")
    await quick.ok("GET", "/v1/enrollments?member_id=CANARY-1")
    for file_format in ("ndjson", "csv-fills"):
        await quick.bring(file_format, json.dumps(whole).encode())
    written = capfd.readouterr()
    logged = (written.out + written.err).lower()
    assert "/v1/members/{member_id}" in logged
    for text in ("canary", "1eg4te5mk73", "555-0100", MEMBER["birth_date"]):
        assert text not in logged
