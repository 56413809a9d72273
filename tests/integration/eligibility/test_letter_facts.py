"""What letters are made of, for many enrolments in one request, on both databases."""

from typing import Any

from deciding import AS_OF, MEMBER, Service

FACTS = "/v1/enrollments/letter-facts"


async def enrolled(service: Service, member_id: str, **person: Any) -> dict[str, Any]:
    await service.store(member=MEMBER | {"member_id": member_id} | person)
    asked = {"program_id": "cms-2026", "as_of": AS_OF}
    decided: dict[str, Any] = await service.ok("POST", f"/v1/members/{member_id}/determinations", asked)
    return decided


async def test_each_known_enrolment_comes_once_in_the_order_asked_and_the_rest_is_named(service: Service) -> None:
    first, second = [(await enrolled(service, name))["enrollment_id"] for name in ("M-1", "M-2")]
    found = await service.ok("POST", FACTS, {"enrollment_ids": [second, "nobody", first, second, "nobody"]})
    assert [one["enrollment"]["enrollment_id"] for one in found["items"]] == [second, first]
    assert found["unknown"] == ["nobody"]


async def test_they_say_what_the_single_doors_say(quick: Service) -> None:
    decided = await enrolled(quick, "M-1", language="es")
    (facts,) = (await quick.ok("POST", FACTS, {"enrollment_ids": [decided["enrollment_id"]]}))["items"]
    assert facts["enrollment"] == await quick.ok("GET", f"/v1/enrollments/{decided['enrollment_id']}")
    assert facts["member"] == (await quick.ok("GET", "/v1/members/M-1"))["member"]
    (kept,) = (await quick.ok("GET", "/v1/members/M-1/determinations"))["items"]
    assert facts["determination"] == kept


async def test_the_determination_is_the_one_behind_the_enrolment_and_not_the_latest(quick: Service) -> None:
    first = await enrolled(quick, "M-1")
    again = {"program_id": "cms-2026", "as_of": "2026-07-31"}
    assert (await quick.ok("POST", "/v1/members/M-1/determinations", again))["as_of"] == "2026-07-31"
    (facts,) = (await quick.ok("POST", FACTS, {"enrollment_ids": [first["enrollment_id"]]}))["items"]
    assert facts["determination"]["as_of"] == AS_OF


async def test_every_member_shown_is_in_the_audit_trail(quick: Service) -> None:
    ids = [(await enrolled(quick, name))["enrollment_id"] for name in ("M-1", "M-2")]
    await quick.ok("POST", FACTS, {"enrollment_ids": ids}, headers={"X-Request-ID": "req-letters"})
    trail = (await quick.ok("GET", "/v1/audit-entries?limit=500"))["items"]
    (look,) = [one for one in trail if one["request_id"] == "req-letters"]
    assert (look["action"], look["member_ids"]) == ("read_letter_facts", ["M-1", "M-2"])


async def test_none_and_too_many_are_refused(quick: Service) -> None:
    for ids in ([], [f"e-{number}" for number in range(201)], ["no id"]):
        assert (await quick.problem("POST", FACTS, {"enrollment_ids": ids}))[0] == 422
