"""Leaving, coming back and the turn of the year: what stands on which day, and what is told of it."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from deciding import COVERAGE, MEMBER, Service
from enrolling import RUNS, add, enrollment_of, events, sweep, target
from mtm_eligibility.usecases import determinations, population, targeting
from mtm_eligibility.usecases.enrollments import record_offer

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
NEXT = {"program_id": "cms-2027", "carry_over_from": "cms-2026"}


async def tell(service: Service, member_id: str = "A1", death: str | None = None, **coverage: Any) -> None:
    body = {"member": MEMBER | {"member_id": member_id, "death_date": death}, "coverage": COVERAGE | coverage}
    await service.ok("PUT", f"/v1/members/{member_id}", body)


async def enrolled(service: Service, as_of: str = "2026-06-30") -> str:
    await add(service, "A1")
    await target(service, as_of)
    return f"/v1/enrollments/{(await enrollment_of(service, 'A1'))['enrollment_id']}"


async def offered(service: Service, path: str, on: date) -> None:
    async with service.database.writing() as session, session.begin():
        await record_offer(session, path.rsplit("/", 1)[1], on, NOW)


async def in_year(service: Service, year: int) -> dict[str, Any]:
    (found,) = (await service.ok("GET", f"/v1/enrollments?member_id=A1&plan_year={year}"))["items"]
    one: dict[str, Any] = found
    return one


async def standing(service: Service, day: str) -> bool:
    return (await service.ok("GET", f"/v1/members/A1/profile?as_of={day}"))["enrollment"] is not None


async def test_nobody_is_reviewed_who_has_died(service: Service) -> None:
    await enrolled(service)
    await tell(service, death="2026-08-02")
    await sweep(service, "2026-08-05")
    days = ("2026-08-01", "2026-08-02", "2026-08-03")
    assert [await standing(service, day) for day in days] == [True, False, False]


async def test_a_death_told_in_error_is_taken_back_once_the_record_is_right(service: Service) -> None:
    path = await enrolled(service)
    await tell(service, death="2026-08-02")
    await sweep(service, "2026-08-05")
    back = {"on": "2026-08-20"}
    assert await service.problem("POST", f"{path}/opt-in", back) == (409, "recorded_as_dead")
    await tell(service, death=None)
    assert (await service.ok("POST", f"{path}/opt-in", back))["status"] == "enrolled"
    assert (await sweep(service, "2026-08-21"))["kept"] == 1
    days = ("2026-08-01", "2026-08-02", "2026-08-19", "2026-08-20")
    assert [await standing(service, day) for day in days] == [True, False, False, True]


async def test_no_run_brings_back_whose_death_nobody_took_back(quick: Service) -> None:
    path = await enrolled(quick)
    await quick.ok("POST", f"{path}/opt-out", {"reason": "01", "on": "2026-07-15"})
    await target(quick, "2026-09-30")
    assert (await quick.ok("GET", path))["status"] == "disenrolled"


async def test_nobody_is_reviewed_who_has_left_the_contract(quick: Service) -> None:
    await enrolled(quick)
    await tell(quick, effective_to="2026-08-31")
    await sweep(quick, "2026-10-01")
    days = ("2026-08-31", "2026-09-01", "2026-10-01")
    assert [await standing(quick, day) for day in days] == [True, False, False]


async def test_an_offer_told_after_leaving_brings_nobody_back(quick: Service) -> None:
    path = await enrolled(quick)
    await quick.ok("POST", f"{path}/opt-out", {"reason": "03", "on": "2026-07-15"})
    await offered(quick, path, date(2026, 7, 10))
    assert [await standing(quick, day) for day in ("2026-07-14", "2026-07-15")] == [True, False]


async def test_an_enrolment_ends_with_its_year(quick: Service) -> None:
    await enrolled(quick)
    assert [await standing(quick, day) for day in ("2026-12-31", "2027-01-01")] == [True, False]


async def test_what_happens_in_the_next_year_does_not_change_this_years_report(service: Service) -> None:
    await enrolled(service)
    await target(service, "2027-01-01", **NEXT)
    await tell(service, death="2027-02-01")
    counts = await sweep(service, "2027-02-02")
    assert (counts["kept"], counts["died"]) == (1, 1)
    assert (await in_year(service, 2026))["status"] == "enrolled"
    assert (await in_year(service, 2027))["opted_out_on"] == "2027-02-01"


async def test_a_death_told_late_ends_the_year_in_which_it_was(quick: Service) -> None:
    await enrolled(quick)
    await tell(quick, death="2026-12-31")
    await sweep(quick, "2027-02-02")
    gone = await in_year(quick, 2026)
    assert (gone["status"], gone["opt_out_reason"], gone["opted_out_on"]) == ("disenrolled", "01", "2026-12-31")


@pytest.mark.parametrize(
    ("coverage", "since"),
    [({}, "2027-01-01"), ({"contract_id": "H9999", "effective_from": "2027-01-10"}, "2027-01-10")],
    ids=["the same contract", "another contract since the 10th"],
)
async def test_who_is_carried_over_late_goes_on_from_the_first_covered_day(
    service: Service, coverage: dict[str, Any], since: str
) -> None:
    await enrolled(service)
    if coverage:
        await tell(service, **coverage)
    counts = (await target(service, "2027-01-15", **NEXT))["counts"]
    assert (counts["carried_over"], counts["enrolled"]) == (1, 0)
    found = await in_year(service, 2027)
    assert (found["enrolled_on"], found["targeted_on"]) == (since, "2027-01-15")
    again = (await target(service, "2027-01-16", **NEXT))["counts"]
    assert (again["carried_over"], again["already_enrolled"]) == (0, 1)


async def test_nobody_is_carried_over_who_is_not_covered_any_more(quick: Service) -> None:
    await enrolled(quick)
    await tell(quick, effective_to="2026-12-31")
    status = await target(quick, "2027-01-01", **NEXT)
    assert (status["counts"]["carried_over"], status["counts"]["not_covered"]) == (0, 1)
    left = await quick.ok("GET", f"{RUNS}/{status['run_id']}/left-out")
    assert left["items"] == [{"member_id": "A1", "code": "not_covered"}]


async def test_a_wish_for_good_told_after_the_year_is_honoured_and_can_be_taken_back(service: Service) -> None:
    path = await enrolled(service)
    leaving = {"reason": "03", "on": "2027-01-02"}
    assert await service.problem("POST", f"{path}/opt-out", leaving) == (422, "after_plan_year")
    told = await service.ok("POST", f"{path}/opt-out", leaving | {"permanent": True})
    assert (told["status"], told["permanent"], told["opted_out_on"]) == ("enrolled", True, None)
    counts = (await target(service, "2027-01-03", **NEXT))["counts"]
    assert (counts["carried_over"], counts["opted_out"]) == (0, 1)
    back = await service.ok("POST", f"{path}/opt-in", {"on": "2027-01-04"})
    assert (back["status"], back["permanent"]) == ("enrolled", False)
    assert (await target(service, "2027-01-05", **NEXT))["counts"]["carried_over"] == 1


async def test_asking_back_in_after_the_year_does_not_rewrite_it(service: Service) -> None:
    path = await enrolled(service)
    leaving = {"reason": "03", "on": "2026-07-15"}
    await service.ok("POST", f"{path}/opt-out", leaving)
    assert await service.problem("POST", f"{path}/opt-in", {"on": "2027-03-01"}) == (409, "not_opted_out")
    assert await service.problem("POST", f"{path}/opt-out", leaving) == (409, "already_opted_out")
    later = leaving | {"on": "2026-08-01", "permanent": True}
    assert (await service.ok("POST", f"{path}/opt-out", later))["opted_out_on"] == "2026-07-15"
    back = await service.ok("POST", f"{path}/opt-in", {"on": "2027-03-01"})
    assert (back["status"], back["opted_out_on"], back["permanent"]) == ("opted_out", "2026-07-15", False)
    assert [(one["event"], one["on"]) for one in back["events"]] == [
        ("enrolled", "2026-06-30"),
        ("opted_out", "2026-07-15"),
        ("opted_out", "2026-08-01"),
        ("opted_in", "2027-03-01"),
    ]
    assert all(one["recorded_at"] for one in back["events"])


async def test_a_declined_review_is_not_taken_back_before_it_was_declined(quick: Service) -> None:
    path = await enrolled(quick)
    await quick.ok("POST", f"{path}/opt-out", {"reason": "03", "on": "2026-07-15", "scope": "cmr_only"})
    assert await quick.problem("POST", f"{path}/opt-in", {"on": "2026-07-14"}) == (422, "before_opt_out")
    assert (await quick.ok("POST", f"{path}/opt-in", {"on": "2026-07-15"}))["cmr_declined"] is False


async def test_a_declined_review_is_offered_again_next_year(quick: Service) -> None:
    path = await enrolled(quick)
    await offered(quick, path, date(2026, 7, 10))
    await quick.ok("POST", f"{path}/opt-out", {"reason": "03", "on": "2026-07-15", "scope": "cmr_only"})
    await target(quick, "2027-01-01", **NEXT)
    found = await in_year(quick, 2027)
    assert (found["cmr_declined"], found["cmr_offered_on"], found["cmr_offer_due"]) == (False, None, "2027-07-10")


async def test_who_comes_back_to_the_contract_goes_on_with_the_enrolment_that_was(service: Service) -> None:
    await enrolled(service, "2026-05-31")
    await tell(service, effective_to="2026-06-15")
    await sweep(service, "2026-06-16")
    await tell(service, effective_from="2026-06-20")
    assert (await target(service, "2026-06-30"))["counts"]["enrolled"] == 1
    found = await enrollment_of(service, "A1")
    assert (found["status"], found["enrolled_on"], found["opted_out_on"]) == ("enrolled", "2026-05-31", None)
    assert [one["event"] for one in found["events"]] == ["enrolled", "disenrolled", "reenrolled"]
    assert found["cmr_offer_due"] == "2026-08-29", "60 days from coming back, for no offer was made"
    days = ("2026-06-15", "2026-06-16", "2026-06-29", "2026-06-30")
    assert [await standing(service, day) for day in days] == [True, False, False, True]


async def test_a_member_who_opted_out_is_not_enrolled_under_another_contract(quick: Service) -> None:
    path = await enrolled(quick, "2026-05-31")
    await quick.ok("POST", f"{path}/opt-out", {"reason": "03", "on": "2026-06-02"})
    await tell(quick, contract_id="H9999", effective_from="2026-06-10")
    counts = (await target(quick))["counts"]
    assert (counts["enrolled"], counts["opted_out"]) == (0, 1)


async def test_an_offer_still_owed_when_the_year_ends_stays_owed_by_its_day(quick: Service) -> None:
    await enrolled(quick, "2026-06-30")
    waiting = (await quick.ok("GET", "/v1/deadlines?as_of=2027-01-01&state=overdue"))["items"]
    assert [one["due_on"] for one in waiting] == ["2026-08-29"], "asked for by its state"
    assert (await quick.ok("GET", "/v1/deadlines?as_of=2027-01-01&within_days=366"))["items"] == []
    await target(quick, "2027-01-01", **NEXT)
    (owed,) = (await quick.ok("GET", "/v1/deadlines?as_of=2027-01-02&within_days=366"))["items"]
    assert (owed["due_on"], owed["state"]) == ("2027-01-01", "overdue"), "a year that was missed gives no new 60 days"


@pytest.mark.parametrize(
    ("on", "state"),
    [(date(2026, 8, 28), "met"), (date(2026, 8, 29), "met"), (date(2026, 8, 30), "met_late")],
    ids=["the day before", "on the day", "the day after"],
)
async def test_an_offer_is_in_time_by_its_day(quick: Service, on: date, state: str) -> None:
    path = await enrolled(quick)
    await offered(quick, path, on)
    await offered(quick, path, date(2026, 9, 15))
    (told,) = (await quick.ok("GET", f"/v1/deadlines?as_of=2026-09-30&state={state}"))["items"]
    assert (told["met_on"], told["due_on"]) == (str(on), "2026-08-29"), "the first offer of the year counts"
    assert (await quick.ok("GET", "/v1/enrollments?due=2026-12-31"))["items"] == []
    (before,) = (await quick.ok("GET", "/v1/deadlines?as_of=2026-08-20"))["items"]
    assert (before["state"], before["met_on"]) == ("due_soon", None), "as it stood on that day"


@pytest.mark.parametrize(
    ("declined", "as_of", "state"),
    [
        ("2026-08-29", "2026-08-28", "due_soon"),
        ("2026-08-29", "2026-08-30", "waived"),
        ("2026-08-30", "2026-08-31", "overdue"),
    ],
    ids=["before it was declined", "declined on the day", "declined too late"],
)
async def test_declining_waives_an_offer_that_is_not_late_yet(
    quick: Service, declined: str, as_of: str, state: str
) -> None:
    path = await enrolled(quick)
    await quick.ok("POST", f"{path}/opt-out", {"reason": "03", "on": declined, "scope": "cmr_only"})
    told = (await quick.ok("GET", f"/v1/deadlines?as_of={as_of}&state={state}"))["items"]
    assert [one["member_id"] for one in told] == ["A1"]


async def test_eligibility_owes_offers_and_nothing_else(quick: Service) -> None:
    await enrolled(quick)
    found = [
        len((await quick.ok("GET", f"/v1/deadlines?as_of=2026-08-29&kind={kind}"))["items"])
        for kind in ("cmr_offer", "tmr", "cmr", "cmr_summary", "safe_disposal")
    ]
    assert found == [1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    "body",
    [
        {"program_id": "cms-2027", "carry_over_from": "cms-2025", "as_of": "2027-01-01"},
        {"program_id": "cms-2027", "carry_over_from": "cms-2026", "as_of": "2026-12-31"},
        {"program_id": "cms-2026", "carry_over_from": "cms-2026", "as_of": "2026-01-01"},
    ],
    ids=["two years before", "before the year begins", "the same programme"],
)
async def test_members_are_carried_over_from_the_year_before_only(quick: Service, body: dict[str, Any]) -> None:
    assert await quick.problem("POST", RUNS, body) == (422, "not_the_year_before")


async def test_a_run_that_was_interrupted_decides_what_an_uninterrupted_one_decides(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    for member_id in ("A1", "A2", "A3"):
        await add(service, member_id, eligible=member_id != "A2")
    await add(service, "A4", effective_to="2026-03-31")
    whole = await target(service)
    monkeypatch.setattr(targeting, "MEMBERS_AT_ONCE", 1)
    made = await service.ok("POST", RUNS, {"program_id": "cms-2026", "as_of": "2026-06-30"})
    async with service.database.writing() as session, session.begin():
        row = await population.read_run(session, made["run_id"], population.TARGETING)
        await population.step(session, service.app.state.runtime, row, NOW)
    await service.work()
    manifests = [await service.ok("GET", f"{RUNS}/{run}/manifest") for run in (whole["run_id"], made["run_id"])]
    assert manifests[0]["sha256"] == manifests[1]["sha256"]
    assert manifests[0]["versions"] == manifests[1]["versions"]
    assert len(manifests[0]["versions"]) == 1
    counts = manifests[1]["counts"]
    assert (counts["members"], counts["determined"], counts["not_covered"]) == (4, 3, 1)
    finished = [data["run_id"] for kind, data in await events(service) if kind == "run.finished"]
    assert finished == [whole["run_id"], made["run_id"]], "each is told once"


async def test_a_worker_that_lost_its_run_keeps_nothing_of_it(quick: Service) -> None:
    await add(quick, "A1")
    made = await quick.ok("POST", RUNS, {"program_id": "cms-2026", "as_of": "2026-06-30"})
    await quick.work()
    async with quick.database.reading() as session:
        stale = await population.read_run(session, made["run_id"], population.TARGETING)
    with pytest.raises(population.RunMovedOn):
        async with quick.database.writing() as session, session.begin():
            await population.step(session, quick.app.state.runtime, stale, NOW)
    assert (await quick.ok("GET", f"{RUNS}/{made['run_id']}"))["counts"]["members"] == 1


async def test_a_member_who_cannot_be_determined_is_named_and_the_rest_goes_on(
    quick: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add(quick, "A1")
    await add(quick, "A2")
    determine = determinations.determine_member

    async def fails_for_one(session: Any, runtime: Any, member_id: str, *rest: Any) -> Any:
        if member_id == "A1":
            raise ValueError
        return await determine(session, runtime, member_id, *rest)

    monkeypatch.setattr(targeting, "determine_member", fails_for_one)
    status = await target(quick)
    assert (status["counts"]["failed"], status["counts"]["determined"], status["counts"]["enrolled"]) == (1, 1, 1)
    left = await quick.ok("GET", f"{RUNS}/{status['run_id']}/left-out")
    assert left["items"] == [{"member_id": "A1", "code": "failed"}]


async def test_a_sweep_again_changes_and_tells_nothing(service: Service) -> None:
    await enrolled(service)
    await tell(service, effective_to="2026-08-31")
    await sweep(service, "2026-09-01")
    before, told = await enrollment_of(service, "A1"), await events(service)
    await sweep(service, "2026-09-02")
    assert await enrollment_of(service, "A1") == before
    assert [one for one in await events(service) if one[0] != "run.finished"] == [
        one for one in told if one[0] != "run.finished"
    ]
