"""Outreach as the plans' pages describe it: a letter, then calls, voicemails, and an end after so many attempts."""

import pytest
from mtm_shared.web import configure_logging
from outreaching import AETNA, FROM, Team

LETTER = "2024-07-01"


async def test_a_letter_comes_first_and_a_call_a_week_later(team: Team) -> None:
    path = await team.enroll()
    assert await team.stands(path) == ("not_started", "mail", "2024-06-30", "first_attempt")
    await team.attempt(path, "mail", "mailed", LETTER, offers_cmr=True)
    assert await team.stands(path) == ("in_progress", "phone", "2024-07-08", "next_attempt")


async def test_the_first_attempt_that_offers_the_review_is_its_offer(team: Team) -> None:
    path = await team.enroll()
    await team.attempt(path, "phone", "no_answer", "2024-07-01", offers_cmr=True)
    assert (await team.ok("GET", path))["cmr_offered_on"] is None
    kept = await team.attempt(path, "mail", "mailed", "2024-07-02", offers_cmr=True)
    assert kept["offered_cmr"]
    await team.attempt(path, "phone", "left_voicemail", "2024-07-09", offers_cmr=True)
    enrollment = await team.ok("GET", path)
    assert enrollment["cmr_offered_on"] == "2024-07-02"
    assert [event["event"] for event in enrollment["events"]] == ["enrolled", "cmr_offered"]


async def test_an_earlier_offer_that_is_told_late_is_the_one_that_counts(quick_team: Team) -> None:
    path = await quick_team.enroll()
    await quick_team.attempt(path, "phone", "reached", "2024-07-09", offers_cmr=True)
    await quick_team.attempt(path, "mail", "mailed", LETTER, offers_cmr=True)
    assert (await quick_team.ok("GET", path))["cmr_offered_on"] == LETTER


async def test_a_letter_that_does_not_offer_the_review_is_no_offer(quick_team: Team) -> None:
    path = await quick_team.enroll()
    assert not (await quick_team.attempt(path, "mail", "mailed", LETTER))["offered_cmr"]
    assert (await quick_team.ok("GET", path))["cmr_offered_on"] is None


async def test_a_returned_letter_leads_to_a_call_at_once(quick_team: Team) -> None:
    path = await quick_team.enroll()
    await quick_team.attempt(path, "mail", "mailed", LETTER)
    await quick_team.attempt(path, "mail", "returned_mail", "2024-07-05")
    assert await quick_team.stands(path) == ("in_progress", "phone", "2024-07-05", "mail_returned")


async def test_a_member_is_unable_to_be_reached_exactly_after_the_programmes_attempts(team: Team) -> None:
    path = await team.enroll()
    await team.attempt(path, "mail", "mailed", LETTER)
    await team.attempt(path, "phone", "no_answer", "2024-07-08")
    await team.attempt(path, "voicemail", "left_voicemail", "2024-07-15")
    assert await team.stands(path) == ("in_progress", "phone", "2024-07-22", "next_attempt")
    await team.attempt(path, "phone", "busy", "2024-07-22")
    assert await team.stands(path) == ("unable_to_reach", None, None, None)
    assert (await team.stands(path, "2024-07-21"))[0] == "in_progress"
    page = await team.ok("GET", "/v1/outreach-worklist?program_id=health-options-2024&on=2024-12-31")
    assert page["items"] == []


async def test_who_answers_at_last_is_reached_however_many_attempts_it_took(quick_team: Team) -> None:
    path = await quick_team.enroll()
    for day in ("01", "08", "15", "22"):
        await quick_team.attempt(path, "phone", "no_answer", f"2024-07-{day}")
    await quick_team.attempt(path, "phone", "reached", "2024-07-29", offers_cmr=True)
    assert (await quick_team.stands(path))[0] == "reached"


async def test_declining_the_review_ends_outreach_and_not_the_enrolment(team: Team) -> None:
    path = await team.enroll()
    await team.attempt(path, "phone", "declined_cmr", LETTER, offers_cmr=True)
    enrollment = await team.ok("GET", path)
    assert (enrollment["status"], enrollment["cmr_declined"]) == ("enrolled", True)
    assert enrollment["cmr_offered_on"] == LETTER
    assert await team.stands(path) == ("declined", None, None, None)
    await team.attempt(path, "phone", "declined_cmr", "2024-07-02")


async def test_who_asks_not_to_be_called_is_written_to(team: Team) -> None:
    path = await team.enroll()
    await team.attempt(path, "phone", "do_not_call", LETTER)
    wishes = await team.ok("GET", "/v1/members/M-1/contact-preferences")
    assert (wishes["do_not_call"], wishes["do_not_call_on"]) == (True, LETTER)
    for channel, result in (("phone", "no_answer"), ("voicemail", "left_voicemail")):
        assert await team.refused(path, channel, result, "2024-07-02", from_number=FROM) == (409, "do_not_call")
    assert (await team.problem("POST", f"{path}/pin")) == (409, "do_not_call")
    await team.attempt(path, "mail", "mailed", "2024-07-02")
    assert await team.stands(path) == ("do_not_call", "mail", "2024-07-09", "do_not_call")
    # A call of the day before the wish, told late, was made.
    await team.attempt(path, "phone", "no_answer", "2024-06-30")


async def test_a_wish_that_is_taken_back_lets_calls_go_on(quick_team: Team) -> None:
    path = await quick_team.enroll()
    asked = {"do_not_call": True, "do_not_call_on": "2024-07-01", "preferred_time": "morning"}
    stored = await quick_team.client.put("/v1/members/M-1/contact-preferences", json=asked)
    assert stored.status_code == 200
    assert await quick_team.refused(path, "phone", "no_answer", "2024-07-01") == (409, "do_not_call")
    stale = {"If-Match": '"x"'}
    assert await quick_team.problem("DELETE", "/v1/members/M-1/contact-preferences", headers=stale) == (
        412,
        "stale_etag",
    )
    gone = await quick_team.client.delete(
        "/v1/members/M-1/contact-preferences", headers={"If-Match": stored.headers["etag"]}
    )
    assert gone.status_code == 204
    await quick_team.attempt(path, "phone", "no_answer", "2024-07-01")


@pytest.mark.parametrize("number", ["1-855-773-8254", "855 773 8254", "+1 (866) 352-5305"])
async def test_a_call_comes_from_a_number_of_the_programme(quick_team: Team, number: str) -> None:
    path = await quick_team.enroll()
    assert (await quick_team.attempt(path, "phone", "no_answer", LETTER, from_number=number))["notices"] == []


async def test_a_call_from_another_number_is_refused(quick_team: Team) -> None:
    path = await quick_team.enroll()
    answer = await quick_team.refused(path, "phone", "no_answer", LETTER, from_number="1-800-555-0199")
    assert answer == (422, "caller_id_not_of_programme")


async def test_a_programme_that_told_no_numbers_calls_from_any(quick_team: Team) -> None:
    path = await quick_team.enroll(AETNA)
    kept = await quick_team.attempt(path, "phone", "no_answer", "2021-07-01", from_number="1-800-555-0199")
    assert kept["notices"] == []


@pytest.mark.parametrize(
    ("on", "codes"),
    [
        ("2024-07-15T07:59:00-05:00", ["outside_call_hours"]),
        ("2024-07-15T08:00:00-05:00", []),
        ("2024-07-15T19:59:00-05:00", []),
        ("2024-07-15T20:00:00-05:00", ["outside_call_hours"]),
        ("2024-07-16T00:30:00Z", []),
        ("2024-07-13", ["outside_call_hours"]),
        ("2024-07-15", []),
    ],
)
async def test_a_call_outside_the_hours_is_kept_with_a_notice(quick_team: Team, on: str, codes: list[str]) -> None:
    path = await quick_team.enroll()
    kept = await quick_team.attempt(path, "phone", "no_answer", on)
    assert [notice["code"] for notice in kept["notices"]] == codes
    assert kept["on"] in {"2024-07-15", "2024-07-13"}


async def test_a_result_comes_about_on_its_own_channel_only(quick_team: Team) -> None:
    path = await quick_team.enroll()
    assert await quick_team.refused(path, "mail", "no_answer", LETTER) == (422, "result_of_other_channel")
    assert await quick_team.refused(path, "voicemail", "declined_cmr", LETTER) == (422, "result_of_other_channel")


async def test_nobody_is_reached_before_the_enrolment_or_after_leaving(quick_team: Team) -> None:
    path = await quick_team.enroll()
    assert await quick_team.refused(path, "mail", "mailed", "2024-06-29") == (422, "before_enrollment")
    await quick_team.ok("POST", f"{path}/opt-out", {"reason": "03", "on": "2024-08-01"})
    assert await quick_team.refused(path, "mail", "mailed", "2024-08-01") == (409, "not_enrolled")
    await quick_team.attempt(path, "mail", "mailed", "2024-07-31")
    assert (await quick_team.problem("POST", f"{path}/pin")) == (409, "not_enrolled")


async def test_an_attempt_that_is_sent_twice_is_kept_once(team: Team) -> None:
    path = await team.enroll()
    for _ in range(2):
        body = {"channel": "mail", "result": "mailed", "on": LETTER}
        await team.ok("POST", f"{path}/outreach", body, headers={"Idempotency-Key": "a"})
    assert len((await team.ok("GET", f"{path}/outreach"))["attempts"]) == 1


async def test_the_worklist_tells_whom_to_contact_by_what_with_the_numbers_and_hours(team: Team) -> None:
    first = await team.enroll()
    second = await team.enroll(member_id="M-2", phone=None)
    await team.attempt(first, "mail", "mailed", LETTER)
    await team.attempt(second, "mail", "mailed", LETTER)
    address = "/v1/outreach-worklist?program_id=health-options-2024"
    assert (await team.ok("GET", f"{address}&on=2024-07-07"))["items"] == []
    items = (await team.ok("GET", f"{address}&on=2024-07-08"))["items"]
    assert {item["member_id"]: (item["channel"], item["because"]) for item in items} == {
        "M-1": ("phone", "next_attempt"),
        "M-2": ("mail", "number_unusable"),
    }
    script = items[0]["script"]
    assert script["caller_ids"] == ["1-855-773-8254", "1-866-352-5305"]
    assert (script["call_back"], script["tty"]) == ("1-866-352-5305", "711")
    assert "8:00 a.m. to 8:00 p.m. CT" in script["hours"]
    assert (script["leaves_pin"], script["pin_digits"]) == (True, 7)


async def test_the_worklist_goes_on_page_after_page_and_leaves_nobody_out(quick_team: Team) -> None:
    for number in range(3):
        await quick_team.enroll(member_id=f"M-{number}")
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        address = f"/v1/outreach-worklist?program_id=health-options-2024&on=2024-07-01&limit=1{cursor}"
        page = await quick_team.ok("GET", address)
        seen += [item["member_id"] for item in page["items"]]
        cursor = page["next_cursor"] and f"&cursor={page['next_cursor']}"
    assert sorted(seen) == ["M-0", "M-1", "M-2"]


async def test_nobody_is_on_the_worklist_of_another_year(quick_team: Team) -> None:
    await quick_team.enroll()
    page = await quick_team.ok("GET", "/v1/outreach-worklist?program_id=health-options-2024&on=2025-01-02")
    assert page["items"] == []
    unknown = await quick_team.problem("GET", "/v1/outreach-worklist?program_id=nobody")
    assert unknown == (404, "unknown_program")


@pytest.mark.parametrize(
    "on", ["", "2024-07-15T10:00:00", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00", "1899-12-31", None]
)
async def test_an_impossible_day_is_invalid(quick_team: Team, on: str | None) -> None:
    body = {"channel": "mail", "result": "mailed", "on": on}
    assert await quick_team.problem("POST", "/v1/enrollments/E/outreach", body) == (422, "invalid_request")


async def test_outreach_writes_no_member_data_to_the_log(quick_team: Team, capfd: pytest.CaptureFixture[str]) -> None:
    configure_logging("debug")
    canary = {"member_id": "CANARY-1", "last_name": "Canary", "birth_date": "1931-07-13", "zip_code": "17199"}
    path = await quick_team.enroll(**canary, phone="717-555-0177")
    member = "/v1/members/CANARY-1"
    speaker = {"name": "Canary", "relationship": "canary", "scope": ["discuss"], "basis": "caregiver"}
    kept = await quick_team.ok(
        "POST", f"{member}/representatives", speaker | {"effective_from": "1931-07-13", "phone": "717-555-0177"}
    )
    by = {"representative_id": kept["representative_id"]}
    await quick_team.attempt(path, "phone", "reached_representative", LETTER, note_code="canary", **by)
    await quick_team.refused(path, "phone", "canary", LETTER)
    await quick_team.ok("GET", f"{path}/outreach")
    await quick_team.ok("GET", "/v1/outreach-worklist?program_id=health-options-2024&on=2024-12-31")
    await quick_team.ok("PUT", f"{member}/contact-preferences", {"do_not_call": False})
    await quick_team.problem("PUT", f"{member}/contact-preferences", {"do_not_call": "canary"})
    await quick_team.ok("GET", f"{member}/representatives")
    answers = {"birth_date": "1931-07-13", "zip_code": "17199", "calling_number": "717-555-0177"}
    assert (await quick_team.verify(**answers))["verified"]
    written = capfd.readouterr()
    logged = (written.out + written.err).lower()
    assert "/v1/identity-verifications" in logged
    for text in ("canary", "1931-07-13", "17199", "555-0177", "5550177"):
        assert text not in logged
