"""A programme's year in eligibility: targeting, carrying over, offers and their deadlines, leaving and coming back."""

from datetime import UTC, date, datetime

import pytest
from deciding import COVERAGE, MEMBER, Service
from enrolling import RUNS, add, enrollment_of, events, sweep, target


async def test_a_quarterly_run_determines_everyone_and_enrols_the_newly_targeted(service: Service) -> None:
    await add(service, "A1")
    await add(service, "A2", eligible=False)
    await add(service, "A3", effective_to="2026-03-31")
    status = await target(service)
    counts = status["counts"]
    assert (counts["members"], counts["determined"], counts["not_covered"], counts["failed"]) == (3, 2, 1, 0)
    assert (counts["eligible"], counts["not_eligible"], counts["enrolled"]) == (1, 1, 1)
    page = await service.ok("GET", f"{RUNS}/{status['run_id']}/determinations")
    assert [one["member_id"] for one in page["items"]] == ["A1", "A2"]
    assert ("run.finished", status["run_id"]) in [(kind, data.get("run_id")) for kind, data in await events(service)]


async def test_who_is_enrolled_stays_when_the_criteria_are_no_longer_met(service: Service) -> None:
    await add(service, "A1")
    await target(service, "2026-03-31")
    status = await target(service, "2026-12-31")
    assert status["counts"]["already_enrolled"] == 1
    assert (await enrollment_of(service, "A1"))["status"] == "enrolled"


async def test_the_manifest_of_the_same_run_again_has_the_same_fingerprint(service: Service) -> None:
    await add(service, "A1")
    first, second = [await target(service), await target(service)]
    manifests = [await service.ok("GET", f"{RUNS}/{one['run_id']}/manifest") for one in (first, second)]
    assert manifests[0]["sha256"] == manifests[1]["sha256"]


async def test_a_manifest_of_a_run_that_goes_on_is_refused(quick: Service) -> None:
    made = await quick.ok("POST", RUNS, {"program_id": "cms-2026", "as_of": "2026-06-30"})
    assert await quick.problem("GET", f"{RUNS}/{made['run_id']}/manifest") == (409, "run_not_ended")


@pytest.mark.parametrize("kind", ["parquet", "warehouse"])
async def test_a_source_that_is_not_offered_is_refused(quick: Service, kind: str) -> None:
    body = {"program_id": "cms-2026", "as_of": "2026-06-30", "source": {"kind": kind}}
    assert await quick.problem("POST", RUNS, body) == (422, "source_not_offered")


async def test_carrying_over_enrols_last_years_members_and_tells_when_they_met_this_years_criteria(
    service: Service,
) -> None:
    await add(service, "A1")
    await target(service, "2026-06-30")
    status = await target(service, "2027-01-01", program_id="cms-2027", carry_over_from="cms-2026")
    assert status["counts"]["carried_over"] + status["counts"]["enrolled"] == 1
    facts = await service.ok("GET", "/v1/enrollment-facts?plan_year=2027")
    (one,) = facts["items"]
    met = "2027-01-01" if status["counts"]["enrolled"] else None
    assert (one["enrollment"]["enrolled_on"], one["criteria_met_on"]) == ("2027-01-01", met)


async def test_who_left_for_good_is_not_carried_over_until_asking_back_in(service: Service) -> None:
    await add(service, "A1")
    await target(service, "2026-06-30")
    enrollment = await enrollment_of(service, "A1")
    path = f"/v1/enrollments/{enrollment['enrollment_id']}"
    await service.ok("POST", f"{path}/opt-out", {"reason": "03", "on": "2026-07-15", "permanent": True})
    again = {"program_id": "cms-2027", "carry_over_from": "cms-2026"}
    assert (await target(service, "2027-01-01", **again))["counts"]["carried_over"] == 0
    await service.ok("POST", f"{path}/opt-in", {"on": "2026-12-01"})
    counts = (await target(service, "2027-01-02", **again))["counts"]
    assert counts["carried_over"] + counts["enrolled"] == 1


async def test_a_declined_review_is_not_an_opt_out(service: Service) -> None:
    await add(service, "A1")
    await target(service)
    enrollment = await enrollment_of(service, "A1")
    path = f"/v1/enrollments/{enrollment['enrollment_id']}/opt-out"
    answer = await service.ok("POST", path, {"reason": "03", "on": "2026-07-15", "scope": "cmr_only"})
    assert (answer["status"], answer["cmr_declined"]) == ("enrolled", True)
    waived = await service.ok("GET", "/v1/deadlines?as_of=2026-12-01&state=waived")
    assert [one["member_id"] for one in waived["items"]] == ["A1"]


@pytest.mark.parametrize(
    ("as_of", "state"),
    [("2026-08-14", "open"), ("2026-08-15", "due_soon"), ("2026-08-29", "due_soon"), ("2026-08-30", "overdue")],
    ids=["15 days before", "14 days before", "on the day", "the day after"],
)
async def test_an_offer_is_seen_before_it_is_late(quick: Service, as_of: str, state: str) -> None:
    """Enrolled on 30 June, so that the offer is due within 60 days: by 29 August."""
    await add(quick, "A1")
    await target(quick, "2026-06-30")
    told = await quick.ok("GET", f"/v1/deadlines?as_of={as_of}&within_days=366")
    assert [(one["kind"], one["due_on"], one["state"]) for one in told["items"]] == [("cmr_offer", "2026-08-29", state)]
    soon = await quick.ok("GET", f"/v1/deadlines?as_of={as_of}")
    assert bool(soon["items"]) is (state != "open"), "the breach list by the programme's own warning days"


async def test_a_sweep_finds_who_died_and_who_left_the_contract(service: Service) -> None:
    for member_id in ("A1", "A2", "A3"):
        await add(service, member_id)
    await target(service)
    died = {"member": MEMBER | {"member_id": "A1", "death_date": "2026-08-02"}, "coverage": COVERAGE}
    await service.ok("PUT", "/v1/members/A1", died)
    left = {"member": MEMBER | {"member_id": "A2"}, "coverage": COVERAGE | {"effective_to": "2026-08-31"}}
    await service.ok("PUT", "/v1/members/A2", left)
    assert await sweep(service, "2026-08-01") == {"enrollments": 3, "kept": 3, "died": 0, "left": 0, "due_told": 0} | {
        "due_told": 0
    }
    counts = await sweep(service, "2026-09-01")
    assert (counts["kept"], counts["died"], counts["left"]) == (1, 1, 1)
    for member_id, reason, on in (("A1", "01", "2026-08-02"), ("A2", "02", "2026-09-01")):
        gone = await enrollment_of(service, member_id)
        assert (gone["status"], gone["opt_out_reason"], gone["opted_out_on"]) == ("disenrolled", reason, on)
    again = await sweep(service, "2026-09-01")
    assert (again["enrollments"], again["died"], again["left"]) == (1, 0, 0), "a second sweep finds nobody twice"


async def test_a_member_who_moves_to_another_contract_is_enrolled_under_it(service: Service) -> None:
    await add(service, "A1")
    await target(service, "2026-05-31")
    moved = {"member": MEMBER | {"member_id": "A1"}, "coverage": COVERAGE | {"contract_id": "H9999"}}
    moved["coverage"] |= {"effective_from": "2026-06-01"}
    await service.ok("PUT", "/v1/members/A1", moved)
    await sweep(service, "2026-06-30")
    await target(service, "2026-06-30")
    first, second = (await service.ok("GET", "/v1/enrollments?member_id=A1"))["items"]
    assert (first["contract_id"], first["status"], first["opted_out_on"]) == ("H1234", "disenrolled", "2026-06-01")
    assert (second["contract_id"], second["status"]) == ("H9999", "enrolled")


async def test_an_offer_that_is_due_soon_is_told_once(service: Service) -> None:
    await add(service, "A1")
    await target(service, "2026-06-30")
    for day, told in (("2026-08-14", 0), ("2026-08-15", 1), ("2026-08-16", 0)):
        assert (await sweep(service, day))["due_told"] == told
    assert [data["due_on"] for kind, data in await events(service) if kind == "cmr.due"] == ["2026-08-29"]


async def test_enrolling_and_leaving_are_told_to_other_systems(service: Service) -> None:
    await add(service, "A1")
    await target(service)
    enrollment_id = (await enrollment_of(service, "A1"))["enrollment_id"]
    await service.ok("POST", f"/v1/enrollments/{enrollment_id}/opt-out", {"reason": "99", "on": "2026-07-15"})
    told = [(kind, data["enrollment_id"]) for kind, data in await events(service) if kind.startswith("member.")]
    assert told == [("member.enrolled", enrollment_id), ("member.opted_out", enrollment_id)]


async def test_death_is_nobodys_wish_for_good(quick: Service) -> None:
    await add(quick, "A1")
    await target(quick)
    path = f"/v1/enrollments/{(await enrollment_of(quick, 'A1'))['enrollment_id']}"
    body = {"reason": "01", "on": "2026-07-15", "permanent": True}
    assert await quick.problem("POST", f"{path}/opt-out", body) == (422, "permanent_needs_wish")


async def test_a_run_that_was_killed_goes_on_where_it_stopped(quick: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    from mtm_eligibility.usecases import population, targeting

    monkeypatch.setattr(targeting, "MEMBERS_AT_ONCE", 1)
    for member_id in ("A1", "A2", "A3"):
        await add(quick, member_id)
    made = await quick.ok("POST", RUNS, {"program_id": "cms-2026", "as_of": "2026-06-30"})
    async with quick.database.writing() as session, session.begin():
        row = await population.read_run(session, made["run_id"], population.TARGETING)
        await population.step(session, quick.app.state.runtime, row, datetime.now(UTC))
    await quick.work()
    status = await quick.ok("GET", f"{RUNS}/{made['run_id']}")
    assert (status["counts"]["members"], status["counts"]["enrolled"]) == (3, 3)


async def test_the_facts_of_a_plan_year_name_who_a_report_is_about(service: Service) -> None:
    await add(service, "A1")
    await service.ok("POST", "/v1/members/A1/stays", {"stays": [{"kind": "hospice", "from": "2026-05-01"}]})
    await target(service)
    facts = await service.ok("GET", "/v1/enrollment-facts?plan_year=2026&contract_id=H1234")
    (one,) = facts["items"]
    assert (one["last_name"], one["criteria_met_on"]) == ("Canary", "2026-06-30")
    assert [stay["from"] for stay in one["hospice"]] == ["2026-05-01"]
    assert (await service.ok("GET", "/v1/enrollment-facts?plan_year=2025"))["items"] == []
    assert date.fromisoformat(one["enrollment"]["cmr_offer_due"]) == date(2026, 8, 29)
