"""Enrolments over a year: leaving and coming back, in order and on the copy that was read; what a day then shows."""

from typing import Any

import pytest
from deciding import AS_OF, COVERAGE, MEMBER, Service

M = "/v1/members/M-1"


async def enrolled(service: Service) -> str:
    await service.store()
    decided = await service.ok("POST", f"{M}/determinations", {"program_id": "cms-2026", "as_of": AS_OF})
    return f"/v1/enrollments/{decided['enrollment_id']}"


def leaving(on: str, **values: Any) -> dict[str, Any]:
    return {"reason": "03", "on": on, **values}


async def test_the_profile_shows_the_enrolment_that_stood_on_its_day(service: Service) -> None:
    path = await enrolled(service)
    await service.ok("POST", f"{path}/opt-out", leaving("2026-08-01"))
    await service.ok("POST", f"{path}/opt-in", {"on": "2026-09-01"})
    await service.ok("POST", f"{path}/opt-out", leaving("2026-10-01"))
    shown = {}
    for day in ("2026-06-29", "2026-06-30", "2026-07-31", "2026-08-01", "2026-09-01", "2026-09-30", "2026-10-01"):
        enrollment = (await service.ok("GET", f"{M}/profile?as_of={day}"))["enrollment"]
        shown[day] = enrollment and enrollment["status"]
    assert shown == {
        "2026-06-29": None,
        "2026-06-30": "enrolled",
        "2026-07-31": "enrolled",
        "2026-08-01": None,
        "2026-09-01": "enrolled",
        "2026-09-30": "enrolled",
        "2026-10-01": None,
    }


async def test_who_declines_the_review_stays_enrolled_in_the_profile(quick: Service) -> None:
    path = await enrolled(quick)
    await quick.ok("POST", f"{path}/opt-out", leaving("2026-08-01", scope="cmr_only"))
    assert (await quick.ok("GET", f"{M}/profile?as_of=2026-12-31"))["enrollment"]["status"] == "enrolled"


async def test_nobody_leaves_before_having_come_back(quick: Service) -> None:
    path = await enrolled(quick)
    await quick.ok("POST", f"{path}/opt-out", leaving("2026-08-01"))
    await quick.ok("POST", f"{path}/opt-in", {"on": "2026-09-01"})
    assert await quick.problem("POST", f"{path}/opt-out", leaving("2026-08-15")) == (422, "before_opt_in")


async def test_a_review_is_declined_once_and_then_not_due(quick: Service) -> None:
    path = await enrolled(quick)
    declined = leaving("2026-08-01", scope="cmr_only")
    await quick.ok("POST", f"{path}/opt-out", declined)
    assert await quick.problem("POST", f"{path}/opt-out", declined) == (409, "already_declined")
    assert (await quick.ok("GET", "/v1/enrollments?due=2026-12-31"))["items"] == []
    await quick.ok("POST", f"{path}/opt-in", {"on": "2026-08-02"})
    assert len((await quick.ok("GET", "/v1/enrollments?due=2026-12-31"))["items"]) == 1


async def test_a_change_on_a_stale_copy_of_an_enrolment_is_refused(service: Service) -> None:
    path = await enrolled(service)
    read = (await service.client.get(path)).headers["etag"]
    out = await service.client.post(f"{path}/opt-out", json=leaving("2026-08-01"), headers={"If-Match": read})
    assert out.status_code == 200
    back = {"on": "2026-09-01"}
    assert await service.problem("POST", f"{path}/opt-in", back, headers={"If-Match": read}) == (412, "stale_etag")
    await service.ok("POST", f"{path}/opt-in", back, headers={"If-Match": out.headers["etag"]})


async def test_an_eligible_member_who_opted_out_is_told_apart(quick: Service) -> None:
    path = await enrolled(quick)
    await quick.ok("POST", f"{path}/opt-out", leaving("2026-08-01", permanent=True))
    ask = {"program_id": "cms-2026", "as_of": "2026-08-02"}
    decided = await quick.ok("POST", f"{M}/determinations", ask)
    assert (decided["outcome"], decided["enrollment_id"]) == ("eligible", None)
    assert [notice["code"] for notice in decided["notices"]] == ["opted_out"]
    what_if = await quick.ok("POST", f"{M}/determinations", ask | {"enroll": False})
    assert what_if["notices"] == []


@pytest.mark.parametrize("given", ["*", '""', '"x"'])
async def test_a_change_of_nobody_is_refused(quick: Service, given: str) -> None:
    body = {"member": MEMBER, "coverage": COVERAGE}
    assert await quick.problem("PUT", M, body, headers={"If-Match": given}) == (412, "stale_etag")
    assert await quick.problem("GET", M) == (404, "unknown_member")


async def test_no_drug_management_after_the_day_is_in_the_profile(quick: Service) -> None:
    await quick.store(drug_management={"at_risk": True, "coverage_limitation": True, "effective_from": "2026-05-01"})
    assert (await quick.ok("GET", f"{M}/profile?as_of=2026-04-30"))["drug_management"] == []
    assert len((await quick.ok("GET", f"{M}/profile?as_of=2026-05-01"))["drug_management"]) == 1
