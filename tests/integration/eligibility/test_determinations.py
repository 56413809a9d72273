"""Determinations on stored facts, and the enrolment that follows: by opt-out only, once, and never against a wish."""

from typing import Any

import pytest
from deciding import AS_OF, COVERAGE, MEMBER, Service, many_fills, record

M = "/v1/members/M-1"
ASK = {"program_id": "cms-2026", "as_of": AS_OF}


async def determine(service: Service, **ask: Any) -> dict[str, Any]:
    answer: dict[str, Any] = await service.ok("POST", f"{M}/determinations", ASK | ask)
    return answer


async def test_stored_facts_decide_as_the_same_record_does(service: Service) -> None:
    await service.store()
    stored = await determine(service, enroll=False)
    given = await service.ok("POST", "/v1/determinations/evaluate", ASK | {"record": record()})
    own = {"determination_id": None, "enrollment_id": None}
    assert stored | own == given
    assert given["outcome"] == "eligible"
    assert given["made_by"]["as_of"] == AS_OF


async def test_a_determination_is_kept_as_it_was_answered(service: Service) -> None:
    await service.store()
    first = await determine(service)
    await service.ok("POST", f"{M}/fills", {"fills": [fill | {"adjustment": "D"} for fill in many_fills()]})
    second = await determine(service)
    assert second["outcome"] == "not_eligible"
    assert (await service.ok("GET", f"{M}/determinations"))["items"] == [second, first]


async def test_an_eligible_member_is_enrolled_once(service: Service) -> None:
    await service.store()
    first, second = await determine(service), await determine(service)
    assert first["enrollment_id"] == second["enrollment_id"]
    enrollment = await service.ok("GET", f"/v1/enrollments/{first['enrollment_id']}")
    assert enrollment["cmr_offer_due"] == "2026-08-29", "60 days after the enrolment (42 CFR 423.153(d)(1)(vii))"
    assert (enrollment["status"], enrollment["contract_id"]) == ("enrolled", "H1234")
    assert enrollment["determination_id"] == first["determination_id"]
    assert [event["event"] for event in enrollment["events"]] == ["enrolled"]


async def test_nobody_is_enrolled_who_is_not_eligible_or_when_told_not_to(service: Service) -> None:
    await service.store(fills=many_fills()[:3])
    assert (await determine(service))["enrollment_id"] is None
    await service.store()
    assert (await determine(service, enroll=False))["enrollment_id"] is None
    assert (await service.ok("GET", "/v1/enrollments"))["items"] == []


async def enrolled(service: Service) -> str:
    await service.store()
    return f"/v1/enrollments/{(await determine(service))['enrollment_id']}"


def leaving(**values: Any) -> dict[str, Any]:
    return {"reason": "03", "on": "2026-07-10", "scope": "program", "permanent": False} | values


async def a_year_later(service: Service) -> dict[str, Any]:
    await service.ok("POST", f"{M}/fills", {"fills": many_fills(2027)})
    return await determine(service, program_id="cms-2027", as_of="2027-06-30")


async def test_who_left_this_year_is_enrolled_again_next_year_only(service: Service) -> None:
    path = await enrolled(service)
    left = await service.ok("POST", f"{path}/opt-out", leaving())
    assert (left["status"], left["opted_out_on"], left["opt_out_reason"]) == ("opted_out", "2026-07-10", "03")
    assert (await determine(service))["enrollment_id"] is None
    next_year = await a_year_later(service)
    assert next_year["outcome"] == "eligible"
    assert next_year["enrollment_id"] is not None


async def test_who_left_for_good_is_not_enrolled_in_another_year(service: Service) -> None:
    path = await enrolled(service)
    await service.ok("POST", f"{path}/opt-out", leaving(permanent=True))
    next_year = await a_year_later(service)
    assert (next_year["outcome"], next_year["enrollment_id"]) == ("eligible", None)


async def test_a_what_if_enrols_nobody(service: Service) -> None:
    await service.store()
    what_if = await determine(service, program_id="cms-2024")
    assert (what_if["outcome"], what_if["enrollment_id"]) == ("eligible", None)
    assert "program_year_differs" in {notice["code"] for notice in what_if["notices"]}
    assert (await service.ok("GET", "/v1/enrollments"))["items"] == []


async def test_declining_the_review_is_not_leaving(service: Service) -> None:
    path = await enrolled(service)
    declined = await service.ok("POST", f"{path}/opt-out", leaving(scope="cmr_only"))
    assert (declined["status"], declined["cmr_declined"], declined["opted_out_on"]) == ("enrolled", True, None)
    assert (await determine(service))["enrollment_id"] == declined["enrollment_id"]


async def test_a_member_can_come_back(service: Service) -> None:
    path = await enrolled(service)
    await service.ok("POST", f"{path}/opt-out", leaving(permanent=True))
    back = await service.ok("POST", f"{path}/opt-in", {"on": "2026-08-01"})
    assert (back["status"], back["permanent"], back["opted_out_on"]) == ("enrolled", False, None)
    assert [event["event"] for event in back["events"]] == ["enrolled", "opted_out", "opted_in"]


@pytest.mark.parametrize(
    ("call", "body", "problem"),
    [
        ("opt-out", leaving(on="2026-01-01"), (422, "before_enrollment")),
        ("opt-out", leaving(scope="cmr_only", permanent=True), (422, "permanent_needs_program_scope")),
        ("opt-out", leaving(reason="04"), (422, "invalid_request")),
        ("opt-in", {"on": "2026-08-01"}, (409, "not_opted_out")),
    ],
)
async def test_what_cannot_be_is_refused(
    quick: Service, call: str, body: dict[str, Any], problem: tuple[int, str]
) -> None:
    path = await enrolled(quick)
    assert await quick.problem("POST", f"{path}/{call}", body) == problem


async def test_nobody_comes_back_before_leaving(quick: Service) -> None:
    path = await enrolled(quick)
    await quick.ok("POST", f"{path}/opt-out", leaving())
    assert await quick.problem("POST", f"{path}/opt-in", {"on": "2026-07-09"}) == (422, "before_opt_out")


async def test_leaving_twice_is_a_conflict(quick: Service) -> None:
    path = await enrolled(quick)
    await quick.ok("POST", f"{path}/opt-out", leaving())
    assert await quick.problem("POST", f"{path}/opt-out", leaving()) == (409, "already_opted_out")


async def test_due_lists_the_enrolled_whose_review_must_be_offered(service: Service) -> None:
    path = await enrolled(service)
    due = "/v1/enrollments?due="
    assert len((await service.ok("GET", f"{due}2026-08-29"))["items"]) == 1
    assert (await service.ok("GET", f"{due}2026-08-28"))["items"] == []
    await service.ok("POST", f"{path}/opt-out", leaving())
    assert (await service.ok("GET", f"{due}2026-12-31"))["items"] == []
    assert len((await service.ok("GET", "/v1/enrollments?status=opted_out&member_id=M-1"))["items"]) == 1
    assert (await service.ok("GET", "/v1/enrollments?member_id=M-2"))["items"] == []


async def test_the_same_request_sent_twice_decides_once(service: Service) -> None:
    await service.store()
    headers = {"Idempotency-Key": "quarter-2"}
    first = await service.client.post(f"{M}/determinations", json=ASK, headers=headers)
    again = await service.client.post(f"{M}/determinations", json=ASK, headers=headers)
    assert (again.status_code, again.content) == (201, first.content)
    other = ASK | {"as_of": "2026-05-31"}
    assert await service.problem("POST", f"{M}/determinations", other, headers=headers) == (
        422, "idempotency_key_reused",
    )  # fmt: skip


async def test_an_unknown_programme_is_not_found(quick: Service) -> None:
    ask = {"program_id": "cms-1999", "as_of": AS_OF, "record": record()}
    assert await quick.problem("POST", "/v1/determinations/evaluate", ask) == (404, "unknown_program")
    assert await quick.problem("GET", "/v1/programs/cms-1999") == (404, "unknown_program")


async def test_the_same_record_gives_the_same_bytes(quick: Service) -> None:
    ask = ASK | {"record": record()}
    answers = {(await quick.client.post("/v1/determinations/evaluate", json=ask)).content for _ in range(3)}
    assert len(answers) == 1


async def test_a_member_who_was_decided_on_is_kept(service: Service) -> None:
    await service.ok("PUT", M, {"member": MEMBER, "coverage": COVERAGE})
    await determine(service)
    header = "DML_IND|BENE_ID|BENE_BIRTH_DT|BENE_SEX_IDENT_CD|RFRNC_YR"
    months = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEPT", "OCT", "NOV", "DEC")
    columns = [f"PTD_{kind}_{month}_ID" for kind in ("CNTRCT", "PBP") for month in months]
    rows = "|".join([header, *columns]) + "\n" + "|".join(["DELETE", "M-1", "", "", "", *[""] * 24])
    status = await service.bring("rif-beneficiary", rows.encode())
    assert status["counts"]["rejected_by_code"] == {"member_kept": 1}
    await service.ok("GET", M)
