"""Reviews through the year: appointments, who may take part, quarterly reviews by one call, what is due by when."""

from typing import Any

import pytest
from programme import HELD, Programme, completed, enrol, opened

CAREGIVER = {"recipient": "caregiver", "recipient_name": "Ana Fictional", "relationship": "daughter"}


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"held_on": "2026-07-01"}, "in_the_future"),
        ({"method": "telehealth", "synchronous": False}, "not_interactive"),
        ({"recipient": "prescriber", "recipient_name": "Dr. Ruiz"}, "proxy_not_allowed"),
        (CAREGIVER, "proxy_not_allowed"),
        ({"recipient": "caregiver", "cognitively_impaired": "Y"}, "proxy_unnamed"),
    ],
)
async def test_a_consultation_that_cannot_be_is_refused(running: Programme, said: dict[str, Any], code: str) -> None:
    path = f"/v1/reviews/{await opened(running)}/consultation"
    answer = await running.clients["review"].post(path, json=HELD | said)
    assert answer.status_code == 422
    assert code in [error["code"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"method": "telehealth"},
        CAREGIVER | {"cognitively_impaired": "Y"},
        CAREGIVER | {"unable_reason": "other_unable"},
        {"minutes": 1},
    ],
)
async def test_a_consultation_is_held_with_the_member_or_who_acts_for_one_who_cannot(
    running: Programme, said: dict[str, Any]
) -> None:
    path = f"/v1/reviews/{await opened(running)}"
    await running.ok("review", "POST", f"{path}/consultation", HELD | said)
    kept = (await running.ok("review", "GET", path))["consultation"]
    assert {name: kept[name] for name in HELD | said} == HELD | said


async def test_who_performs_a_review_is_one_of_those_that_cms_counts(running: Programme) -> None:
    path = f"/v1/reviews/{await opened(running)}/consultation"
    assert (await running.problem("review", "POST", path, HELD | {"provider_type": "77"}))[0] == 422


BOOKED = {"starts_at": "2026-07-10T15:00:00Z", "method": "telephone", "provider": "Pat Doe", "author": "Desk"}


async def test_an_appointment_plans_the_review_for_its_day(everywhere: Programme) -> None:
    review_id = await opened(everywhere)
    made = await everywhere.ok("review", "POST", f"/v1/reviews/{review_id}/appointments", BOOKED)
    assert (made["state"], made["minutes"], made["member_id"]) == ("booked", 30, "M-1")
    assert (await everywhere.ok("review", "GET", f"/v1/reviews/{review_id}"))["scheduled_for"] == "2026-07-10"
    day = await everywhere.ok("review", "GET", "/v1/appointments?on=2026-07-10&provider=Pat+Doe")
    assert [one["appointment_id"] for one in day["items"]] == [made["appointment_id"]]
    path = f"/v1/reviews/{review_id}/appointments/{made['appointment_id']}"
    early = {"state": "no_show", "author": "Desk"}
    assert await everywhere.problem("review", "PATCH", path, early) == (409, "appointment_not_begun")
    everywhere.clock.on("2026-07-11")
    gone = await everywhere.ok("review", "PATCH", path, {"state": "no_show", "author": "Desk"})
    assert gone["state"] == "no_show"
    assert await everywhere.problem("review", "PATCH", path, {"state": "held", "author": "Desk"}) == (
        409,
        "appointment_closed",
    )


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"starts_at": "2026-07-10T15:29:00Z"}, (409, "double_booked")),
        ({"starts_at": "2026-06-30T15:00:00Z"}, (422, "in_the_past")),
        ({"starts_at": "2026-07-10T15:00:00"}, (422, "invalid_request")),
    ],
    ids=["overlapping", "not to come", "without a zone"],
)
async def test_an_appointment_that_cannot_be_is_refused(
    running: Programme, asked: dict[str, str], expected: tuple[int, str]
) -> None:
    path = f"/v1/reviews/{await opened(running)}/appointments"
    await running.ok("review", "POST", path, BOOKED)
    assert await running.problem("review", "POST", path, BOOKED | asked) == expected


async def test_one_appointment_after_the_other_is_fine(running: Programme) -> None:
    path = f"/v1/reviews/{await opened(running)}/appointments"
    await running.ok("review", "POST", path, BOOKED)
    await running.ok("review", "POST", path, BOOKED | {"starts_at": "2026-07-10T15:30:00Z"})


async def test_a_review_is_prepared_behind_the_scenes(running: Programme) -> None:
    review_id = await opened(running)
    sheet = await running.ok("review", "GET", f"/v1/reviews/{review_id}/preparation")
    assert sheet["findings"]
    assert {"directions", "reason"} <= {one["about"] for one in sheet["medication_questions"]}
    assert "otc_herbal_supplements" in sheet["not_asked_yet"]


async def test_reading_the_record_again_keeps_what_was_said_and_decided(running: Programme) -> None:
    review_id = await opened(running)
    path = f"/v1/reviews/{review_id}"
    review = await running.ok("review", "GET", path)
    first = review["medications"][0]["medication_id"]
    said = [{"medication_id": first, "directions": "1 at night"}, {"name": "fish oil", "source": "supplement"}]
    await running.ok("review", "POST", f"{path}/medications", {"author": "Pat Doe", "medications": said})
    finding_id = review["findings"][0]["finding_id"]
    decision = {"decision": "dismissed", "reason": "known", "author": "Pat Doe"}
    await running.ok("review", "POST", f"{path}/findings/{finding_id}/decision", decision)
    new = {"claim_id": "new-1", "drug_name": "allopurinol 100 MG Oral Tablet", "fill_date": "2026-07-01"}
    new |= {"days_supply": "30", "quantity": "30", "total_cost": "9.00"}
    await running.ok("eligibility", "POST", "/v1/members/M-1/fills", {"fills": [new]})
    running.clock.on("2026-07-09")
    body = {"as_of": "2026-07-09", "author": "Pat Doe"}
    after = await running.ok("review", "POST", f"{path}/refresh", body)
    assert after["as_of"] == "2026-07-09"
    by_id = {one["medication_id"]: one for one in after["medications"]}
    assert by_id[first]["directions"] == "1 at night"
    names = [one["name"].lower() for one in after["medications"]]
    assert any("allopurinol" in name for name in names)
    assert any("fish oil" in name for name in names)
    kept = {one["finding_id"]: one for one in after["findings"]}
    assert kept[finding_id]["decided"]["decision"] == "dismissed"
    assert len(by_id) == len(after["medications"]), "no two lines under one id"


async def quarterly(running: Programme, as_of: str, **more: Any) -> dict[str, Any]:
    body = {"kind": "tmr", "as_of": as_of, "program_id": "cms-2026", **more}
    made = await running.ok("review", "POST", "/v1/review-runs", body)
    await running.work("review")
    status: dict[str, Any] = await running.ok("review", "GET", f"/v1/review-runs/{made['review_run_id']}")
    assert status["state"] == "done", status
    return status


async def test_one_call_reviews_everyone_who_is_enrolled(everywhere: Programme) -> None:
    await enrol(everywhere, "M-2")
    status = await quarterly(everywhere, "2026-06-30")
    assert (status["counts"]["members"], status["counts"]["opened"]) == (2, 2)
    assert status["counts"]["findings_by_severity"]


async def test_a_second_run_in_the_quarter_reviews_nobody_again(everywhere: Programme) -> None:
    await quarterly(everywhere, "2026-06-30")
    again = await quarterly(everywhere, "2026-06-30")
    assert [one["code"] for one in again["not_opened"]] == ["already_reviewed"]
    everywhere.clock.on("2026-07-01")
    assert (await quarterly(everywhere, "2026-07-01"))["counts"]["opened"] == 1, "the next quarter is another"


async def test_who_has_left_is_not_reviewed(running: Programme) -> None:
    (enrollment,) = (await running.ok("eligibility", "GET", "/v1/enrollments"))["items"]
    left = {"reason": "03", "on": "2026-06-30"}
    await running.ok("eligibility", "POST", f"/v1/enrollments/{enrollment['enrollment_id']}/opt-out", left)
    assert (await quarterly(running, "2026-06-30"))["counts"]["skipped_by_code"] == {"opted_out": 1}


@pytest.mark.parametrize(
    ("as_of", "state"),
    [("2026-09-14", "open"), ("2026-09-15", "due_soon"), ("2026-09-29", "due_soon"), ("2026-09-30", "overdue")],
    ids=["15 days before", "14 days before", "on the day", "the day after"],
)
async def test_a_targeted_review_is_due_91_days_after_enrolment(running: Programme, as_of: str, state: str) -> None:
    running.clock.on(as_of)
    told = await running.all("review", f"/v1/deadlines?kind=tmr&as_of={as_of}&within_days=366")
    assert [(one["due_on"], one["state"]) for one in told] == [("2026-09-29", state)]
    assert bool(await running.all("review", f"/v1/deadlines?kind=tmr&as_of={as_of}")) is (state != "open")


async def test_a_comprehensive_review_is_due_by_the_years_end_and_met_when_held(everywhere: Programme) -> None:
    (due,) = await everywhere.all("review", "/v1/deadlines?kind=cmr&within_days=366")
    assert (due["due_on"], due["state"]) == ("2026-12-31", "open")
    await completed(everywhere, "2026-06-30")
    assert await everywhere.all("review", "/v1/deadlines?kind=cmr&within_days=366") == []
    (met,) = await everywhere.all("review", "/v1/deadlines?kind=cmr&state=met")
    assert met["met_on"] == "2026-06-30"


async def test_a_declined_review_is_owed_no_more_but_targeted_ones_are(running: Programme) -> None:
    (enrollment,) = (await running.ok("eligibility", "GET", "/v1/enrollments"))["items"]
    path = f"/v1/enrollments/{enrollment['enrollment_id']}/opt-out"
    await running.ok("eligibility", "POST", path, {"reason": "03", "on": "2026-06-30", "scope": "cmr_only"})
    told = await running.all("review", "/v1/deadlines?within_days=366")
    assert [one["kind"] for one in told] == ["tmr"]


async def test_activity_tells_what_was_done_as_cms_counts_it(everywhere: Programme) -> None:
    review_id = await completed(everywhere, "2026-06-30")
    await quarterly(everywhere, "2026-06-30")
    (one,) = await everywhere.all("review", "/v1/activity?plan_year=2026")
    (cmr,) = one["cmrs"]
    assert (cmr["review_id"], cmr["held_on"], cmr["method"]) == (review_id, "2026-06-30", "telephone")
    assert (cmr["provider_type"], cmr["recipient"], cmr["minutes"]) == ("09", "beneficiary", 30)
    assert one["contract_id"] == "H1234"
    assert await everywhere.all("review", "/v1/activity?plan_year=2025") == []
    assert await everywhere.all("review", "/v1/activity?plan_year=2026&contract_id=H9999") == []


async def recommend(everywhere: Programme, review_id: str, **said: Any) -> dict[str, Any]:
    body = {"to": "prescriber", "channel": "fax", "sent_on": "2026-06-30", "author": "Pat Doe"}
    body |= {"prescriber_npi": "1234567893", **said}
    made: dict[str, Any] = await everywhere.ok("review", "POST", f"/v1/reviews/{review_id}/recommendations", body)
    return made


async def finding_of(everywhere: Programme, review_id: str, screen: str) -> dict[str, Any]:
    review = await everywhere.ok("review", "GET", f"/v1/reviews/{review_id}")
    found: dict[str, Any] = next(one for one in review["findings"] if one["screen"] == screen)
    return found


async def test_a_recommendation_takes_from_its_finding_what_is_not_said(running: Programme) -> None:
    review_id = await opened(running, "tmr")
    finding = await finding_of(running, review_id, "drug_disease")
    made = await recommend(running, review_id, finding_id=finding["finding_id"])
    assert made["text"] == finding["recommendation"]
    assert made["problem_category"] == "drug_disease"
    assert "stop" in made["expects"]["changes"]
    assert made["expects"]["ingredients"]
    (follow_up,) = await running.all("review", "/v1/follow-ups?due=2026-07-21")
    assert (follow_up["kind"], follow_up["due_on"]) == ("call_prescriber", "2026-07-21")


async def test_three_on_one_fax_count_three(everywhere: Programme) -> None:
    review_id = await completed(everywhere, "2026-06-30")
    for number in range(3):
        await recommend(everywhere, review_id, text=f"Suggestion {number}.", problem_category="other")
    await recommend(everywhere, review_id, to="member", text="Take it with food.", problem_category="other")
    (one,) = await everywhere.all("review", "/v1/activity?plan_year=2026")
    assert (one["recommendations"], one["resolutions"]) == (3, 0), "recommendations to members are not counted"


async def test_a_prescriber_answers_by_the_token_on_the_report(everywhere: Programme) -> None:
    made = await recommend(everywhere, await opened(everywhere, "tmr"), text="Stop it.", problem_category="other")
    reply = {"token": made["reply_token"], "answer": "accepted_with_change"}
    assert await everywhere.ok("review", "POST", "/v1/recommendation-replies", reply) == {
        "outcome": "accepted_with_change"
    }
    wrong = {"token": "x" * 32, "answer": "declined"}
    expected = (404, "recommendation_not_found")
    assert await everywhere.problem("review", "POST", "/v1/recommendation-replies", wrong) == expected


@pytest.mark.parametrize(("on", "early"), [("2026-07-29", True), ("2026-07-30", False)], ids=["29 days", "30 days"])
async def test_a_recommendation_is_unanswered_after_30_days(running: Programme, on: str, early: bool) -> None:
    review_id = await opened(running, "tmr")
    made = await recommend(running, review_id, text="Stop it.", problem_category="other")
    path = f"/v1/reviews/{review_id}/recommendations/{made['recommendation_id']}/outcome"
    body = {"outcome": "no_response", "on": on, "by": "system", "author": "Desk"}
    answer = await running.clients["review"].post(path, json=body)
    assert (answer.status_code == 422) is early


async def test_a_resolution_is_verified_from_later_claims_when_the_next_review_is_opened(everywhere: Programme) -> None:
    """Naproxen in heart failure: recommended to stop on 30 June, last filled on 15 June, and not again."""
    review_id = await opened(everywhere, "tmr")
    finding = await finding_of(everywhere, review_id, "drug_disease")
    made = await recommend(everywhere, review_id, finding_id=finding["finding_id"])
    stopped = made["expects"]["ingredients"]
    for month in ("07", "08", "09"):
        others = [rxcui for rxcui in OTHERS if rxcui not in stopped]
        more = [
            {"claim_id": f"{rxcui}-{month}x", "rxcui": rxcui, "fill_date": f"2026-{month}-14", "days_supply": 30,
             "quantity": "30", "total_cost": "40.00"}
            for rxcui in others
        ]  # fmt: skip
        await everywhere.ok("eligibility", "POST", "/v1/members/M-1/fills", {"fills": more})
    everywhere.clock.on("2026-07-20")
    await opened(everywhere, "tmr", "2026-07-20")
    path = f"/v1/recommendations/{made['recommendation_id']}"
    early = (await everywhere.ok("review", "GET", path))["resolution"]
    assert (early["state"], early["decidable_on"] > "2026-07-20") == ("none", True)
    everywhere.clock.on("2026-09-30")
    asked = {"as_of": "2026-09-30", "program_id": "cms-2026"}
    run = await everywhere.ok("review", "POST", "/v1/resolution-runs", asked)
    await everywhere.work("review")
    status = await everywhere.ok("review", "GET", f"/v1/resolution-runs/{run['run_id']}")
    assert (status["state"], status["recommendations"]) == ("done", {"verified": 1})
    resolved = await everywhere.ok("review", "GET", path)
    assert (resolved["resolution"]["state"], resolved["resolved"]) == ("verified", True)
    board = await everywhere.ok("review", "GET", "/v1/drug-therapy-problems?plan_year=2026")
    assert (board["together"]["recommendations"], board["together"]["verified"]) == (1, 1)


OTHERS = ("6809", "29046", "83367", "17767", "36567", "4815", "52175", "40790", "7258")
