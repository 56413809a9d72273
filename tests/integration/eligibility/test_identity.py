"""Calling back as the plan's page says: a seven-digit PIN from the voicemail, date of birth and ZIP code."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from mtm_eligibility.storage.contact_tables import call_back_pins, identity_keys, identity_try_keys
from mtm_eligibility.storage.tables import idempotency
from mtm_eligibility.usecases import identity, pin_hashing, pins
from mtm_eligibility.usecases.pin_hashing import new_pin
from mtm_shared.web import configure_logging
from outreaching import AETNA, Team
from sqlalchemy import event, select

ELSEWHERE = "717-555-0199"
AT_HOME = "717-555-0100"
REFUSED = {
    "verified": False,
    "reason": "not_verified",
    "member_id": None,
    "enrollment_id": None,
    "representative_id": None,
    "representative_scope": None,
    "locked_until": None,
}


async def pin_of(team: Team, path: str) -> str:
    answer = await team.ok("POST", f"{path}/pin")
    return str(answer["pin"])


def other(pin: str) -> str:
    """A PIN that is not this one."""
    return f"{(int(pin) + 1) % 10**7:07d}"


async def test_a_member_who_calls_from_elsewhere_needs_the_pin_of_the_voicemail(team: Team) -> None:
    path = await team.enroll()
    pin = await pin_of(team, path)
    found = await team.verify(pin=pin, calling_number=ELSEWHERE)
    assert (found["verified"], found["member_id"]) == (True, "M-1")
    assert path.endswith(found["enrollment_id"])
    assert not (await team.verify(calling_number=ELSEWHERE))["verified"]


async def test_a_member_who_calls_from_the_number_on_file_needs_no_pin(team: Team) -> None:
    await team.enroll()
    assert (await team.verify(calling_number=AT_HOME))["verified"]


@pytest.mark.parametrize("wrong", [{"birth_date": "1950-03-02"}, {"zip_code": "17102"}])
async def test_date_of_birth_and_zip_code_are_asked_always(quick_team: Team, wrong: dict[str, str]) -> None:
    pin = await pin_of(quick_team, await quick_team.enroll())
    for number in (AT_HOME, ELSEWHERE):
        assert not (await quick_team.verify(pin=pin, calling_number=number, **wrong))["verified"]


@pytest.mark.parametrize(("days", "good"), [(29, True), (30, True), (31, False)])
async def test_a_pin_is_good_until_and_on_its_last_day(team: Team, days: int, good: bool) -> None:
    path = await team.enroll()
    made = await team.ok("POST", f"{path}/pin")
    assert made["expires_on"] == "2024-08-14"
    team.clock.move(days=days)
    assert (await team.verify(pin=made["pin"], calling_number=ELSEWHERE))["verified"] is good


async def test_a_new_pin_voids_the_one_before(team: Team) -> None:
    path = await team.enroll()
    first, second = await pin_of(team, path), await pin_of(team, path)
    assert not (await team.verify(pin=first, calling_number=ELSEWHERE))["verified"]
    assert (await team.verify(pin=second, calling_number=ELSEWHERE))["verified"]


async def test_a_pin_is_of_one_member_only(quick_team: Team) -> None:
    first = await quick_team.enroll()
    await quick_team.enroll(member_id="M-2", birth_date="1951-01-01", zip_code="60601", phone="312-555-0100")
    pin = await pin_of(quick_team, first)
    of_the_other = {"birth_date": "1951-01-01", "zip_code": "60601", "calling_number": ELSEWHERE}
    assert not (await quick_team.verify(pin=pin, **of_the_other))["verified"]


async def test_a_programme_without_pins_makes_none_and_takes_the_member_id(quick_team: Team) -> None:
    path = await quick_team.enroll(AETNA)
    assert await quick_team.problem("POST", f"{path}/pin") == (409, "no_pin_in_programme")
    asked: dict[str, Any] = {"program_id": AETNA, "calling_number": ELSEWHERE}
    assert not (await quick_team.verify(**asked))["verified"]
    assert (await quick_team.verify(**asked, member_id="M-1"))["verified"]


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The salts of every slow hash that is made while a caller is identified."""
    made: list[bytes] = []
    real = pin_hashing.slow_hash

    def counted(key: bytes, pin: str, salt: bytes) -> bytes:
        made.append(salt)
        return real(key, pin, salt)

    monkeypatch.setattr(identity, "slow_hash", counted)
    return made


@contextmanager
def statements_of(team: Team) -> Iterator[list[str]]:
    """Every statement that the service sends to its database meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        sent.append(statement)

    event.listen(team.database.engine.sync_engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(team.database.engine.sync_engine, "before_cursor_execute", note)


async def test_every_refusal_is_the_same_answer_with_the_same_work(quick_team: Team, hashes: list[bytes]) -> None:
    """A PIN that is wrong, unknown or expired, an answer that is wrong, a member that is unknown: nobody can tell."""
    path = await quick_team.enroll()
    expired = await pin_of(quick_team, path)
    quick_team.clock.move(days=31)
    second = await quick_team.enroll(member_id="M-2", birth_date="1951-01-01", phone=None)
    right = await pin_of(quick_team, second)
    cases: list[dict[str, Any]] = [
        {"pin": expired},
        {"pin": other(right)},
        {"pin": right},
        {"pin": other(right), "birth_date": "1900-01-01", "zip_code": "99999"},
        {"pin": right, "birth_date": "1951-01-01", "zip_code": "99999"},
        {"pin": right, "birth_date": "1900-01-01", "zip_code": "99999"},
        {"pin": right, "birth_date": "1951-01-01", "member_id": "M-1"},
        {"pin": right, "birth_date": "1951-01-01", "representative_id": "R-1"},
        {"pin": None},
        {"pin": other(right), "member_id": "M-1"},
        {"pin": other(right), "member_id": "NOBODY"},
        {"pin": other(right), "birth_date": "1900-01-01"},
    ]
    work: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for case in cases:
        quick_team.clock.move(hours=6)
        body = {"program_id": "health-options-2024", "birth_date": "1950-02-03", "zip_code": "17101"}
        with statements_of(quick_team) as sent:
            answer = await quick_team.client.post("/v1/identity-verifications", json=body | case)
        work.setdefault(tuple(name for name in case if case[name]), set()).add(tuple(sent))
        assert answer.status_code == 201
        told = answer.json()
        told.pop("verification_id")
        assert told == REFUSED, case
        assert len(hashes) == 1, case
        hashes.clear()
    assert {given: len(each) for given, each in work.items()} == dict.fromkeys(work, 1)


async def test_so_many_failures_lock_for_the_time_in_the_programme(team: Team) -> None:
    pin = await pin_of(team, await team.enroll())
    wrong = {"pin": pin, "calling_number": ELSEWHERE, "zip_code": "99999"}
    answers = [await team.verify(**wrong) for _ in range(3)]
    assert [answer["locked_until"] for answer in answers[:2]] == [None, None]
    assert answers[2]["locked_until"] == "2024-07-15T15:30:00Z"
    team.clock.move(minutes=29, seconds=59)
    locked = await team.verify(pin=pin, calling_number=ELSEWHERE)
    assert (locked["verified"], locked["reason"]) == (False, "locked")
    team.clock.move(seconds=1)
    assert (await team.verify(pin=pin, calling_number=ELSEWHERE))["verified"]


async def test_an_unknown_pin_is_locked_like_one_that_there_is(quick_team: Team) -> None:
    pin = await pin_of(quick_team, await quick_team.enroll())
    told: list[list[Any]] = []
    for given in (pin, other(pin)):
        tries = [await quick_team.verify(pin=given, zip_code="99999") for _ in range(4)]
        told.append([{**answer, "verification_id": None} for answer in tries])
    assert told[0] == told[1]


async def test_a_member_who_is_tried_in_many_ways_is_locked_silently(quick_team: Team) -> None:
    """Two numbers and the member id, each tried too seldom to be locked itself, still guess at one member."""
    pin = await pin_of(quick_team, await quick_team.enroll())
    for number in (ELSEWHERE, "717-555-0198"):
        await quick_team.verify(pin=pin, calling_number=number, zip_code="99999")
    await quick_team.verify(member_id="M-1", zip_code="99999")
    told = await quick_team.verify(calling_number=AT_HOME)
    assert {**told, "verification_id": None} == REFUSED | {"verification_id": None}
    quick_team.clock.move(minutes=30)
    assert (await quick_team.verify(calling_number=AT_HOME))["verified"]


async def test_a_success_lets_the_count_begin_anew(quick_team: Team) -> None:
    await quick_team.enroll()
    for zip_code in ("99999", "99998", "17101", "99999", "99998"):
        quick_team.clock.move(seconds=1)
        last = await quick_team.verify(calling_number=AT_HOME, zip_code=zip_code)
    assert last["locked_until"] is None


async def test_a_number_is_tried_so_often_an_hour_and_then_waits(team: Team) -> None:
    await team.enroll()
    for _ in range(10):
        await team.verify(calling_number=AT_HOME)
    body = {
        "program_id": "health-options-2024",
        "birth_date": "1950-02-03",
        "zip_code": "17101",
        "calling_number": AT_HOME,
    }
    answer = await team.client.post("/v1/identity-verifications", json=body)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_attempts")
    assert answer.headers["retry-after"] == "3601"
    team.clock.move(hours=1)
    assert (await team.verify(calling_number=AT_HOME))["verified"]


async def test_a_client_that_fails_too_often_waits_whatever_it_claims(quick_team: Team) -> None:
    for number in range(60):
        await quick_team.verify(pin=f"{number:07d}")
    body = {"program_id": "health-options-2024", "birth_date": "1950-02-03", "zip_code": "17101", "pin": "7777777"}
    assert await quick_team.problem("POST", "/v1/identity-verifications", body) == (429, "too_many_attempts")


async def test_tries_at_the_same_time_are_counted_one_by_one(team: Team) -> None:
    pin = await pin_of(team, await team.enroll())
    guesses = [team.verify(pin=pin, calling_number=ELSEWHERE, zip_code=f"9999{digit}") for digit in range(8)]
    told = await asyncio.gather(*guesses)
    assert sorted(answer["reason"] for answer in told) == ["locked"] * 5 + ["not_verified"] * 3


async def test_a_representative_speaks_for_the_member_while_the_authority_stands(team: Team) -> None:
    path = await team.enroll()
    address = "/v1/members/M-1/representatives"
    told = {
        "name": "Alma Example",
        "relationship": "daughter",
        "scope": ["schedule", "discuss"],
        "effective_from": "2024-07-01",
        "effective_to": "2024-07-20",
        "basis": "member_consent",
        "phone": "412-555-0100",
    }
    one = (await team.ok("POST", address, told))["representative_id"]
    letters = (await team.ok("POST", address, told | {"scope": ["receive_documents"]}))["representative_id"]
    from_hers = {"calling_number": "(412) 555-0100"}
    found = await team.verify(**from_hers, representative_id=one)
    assert (found["verified"], found["representative_scope"]) == (True, ["schedule", "discuss"])
    assert not (await team.verify(calling_number=AT_HOME, representative_id=letters))["verified"]
    assert not (await team.verify(**from_hers))["verified"]
    reached = {"offers_cmr": True, "representative_id": one}
    await team.attempt(path, "phone", "reached_representative", "2024-07-20", **reached)
    late = await team.refused(path, "phone", "reached_representative", "2024-07-21", representative_id=one)
    assert late == (409, "representative_not_accepted")
    deciding = await team.refused(path, "phone", "declined_cmr", "2024-07-15", representative_id=one)
    assert deciding == (409, "representative_not_accepted")
    for wrong in (letters, "NOBODY"):
        answer = await team.refused(path, "phone", "reached_representative", "2024-07-15", representative_id=wrong)
        assert answer == (409, "representative_not_accepted")
    unnamed = await team.refused(path, "phone", "reached_representative", "2024-07-15")
    assert unnamed == (422, "representative_needed")
    team.clock.move(hours=2, days=6)
    assert not (await team.verify(**from_hers, representative_id=one))["verified"]


async def test_a_representative_is_ended_with_a_day_and_stays_on_record(team: Team) -> None:
    await team.enroll()
    address = "/v1/members/M-1/representatives"
    told = {
        "name": "Alma Example",
        "relationship": "daughter",
        "scope": ["decide"],
        "effective_from": "2024-01-01",
        "basis": "guardian",
    }
    one = (await team.ok("POST", address, told))["representative_id"]
    ended = await team.ok("DELETE", f"{address}/{one}?on=2024-07-10")
    assert ended["ended_on"] == "2024-07-10"
    shown = {
        day: len((await team.ok("GET", f"{address}?on={day}"))["items"])
        for day in ("2023-12-31", "2024-01-01", "2024-07-09", "2024-07-10")
    }
    assert shown == {"2023-12-31": 0, "2024-01-01": 1, "2024-07-09": 1, "2024-07-10": 0}
    assert len((await team.ok("GET", address))["items"]) == 1
    assert await team.problem("DELETE", f"{address}/{one}") == (409, "representative_ended")
    assert await team.problem("DELETE", f"{address}/NOBODY") == (404, "unknown_representative")
    consent = told | {"basis": "member_consent"}
    assert await team.problem("POST", address, consent) == (422, "scope_beyond_basis")


def test_pins_are_seven_digits_and_keep_their_leading_zeros() -> None:
    from mtm_eligibility.reference import load_programs

    made = [new_pin(load_programs()["health-options-2024"].identity) for _ in range(2000)]
    assert {len(pin) for pin in made} == {7}
    assert all(pin.isascii() and pin.isdigit() for pin in made)
    firsts = [sum(pin[0] == digit for pin in made) for digit in "0123456789"]
    # Two hundred each on average; a hundred off would happen once in 10^12 runs.
    assert all(100 < count < 300 for count in firsts), firsts


async def test_no_two_good_pins_are_the_same_and_an_expired_one_is_given_again(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter(["0000001", "0000001", "0000002", "0000001"])
    monkeypatch.setattr(pins, "new_pin", lambda _identity: next(drawn))
    first = await team.enroll()
    second = await team.enroll(member_id="M-2", birth_date="1951-01-01")
    assert (await pin_of(team, first), await pin_of(team, second)) == ("0000001", "0000002")
    team.clock.move(days=31)
    assert await pin_of(team, second) == "0000001"
    found = await team.verify(pin="0000001", birth_date="1951-01-01", calling_number=ELSEWHERE)
    assert found["member_id"] == "M-2"


async def test_a_pin_and_the_answers_are_nowhere_but_in_the_answer_that_told_it(
    quick_team: Team, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    configure_logging("debug")
    path = await quick_team.enroll()
    key = {"Idempotency-Key": "once"}
    made = await quick_team.client.post(f"{path}/pin", headers=key)
    pin = made.json()["pin"]
    assert made.headers["cache-control"] == "no-store"
    body = {
        "program_id": "health-options-2024",
        "birth_date": "1949-12-25",
        "zip_code": "90210",
        "pin": pin,
        "calling_number": "213-555-0142",
    }
    refused = await quick_team.client.post("/v1/identity-verifications", json=body, headers=key)
    invalid = await quick_team.client.post("/v1/identity-verifications", json=body | {"pin": f"{pin}x"})
    assert (refused.status_code, invalid.status_code) == (201, 422)
    secrets = (pin, "1949-12-25", "90210", "213-555-0142", "2135550142")
    async with quick_team.database.writing() as session:
        kept = (await session.execute(select(idempotency.c.body))).all()
        rows = [
            repr(row)
            for table in (call_back_pins, identity_keys, identity_try_keys)
            for row in (await session.execute(select(table))).all()
        ]
    assert (kept, len(rows) > 3) == ([], True)
    files = b"".join(file.read_bytes() for file in tmp_path.glob("eligibility.db*"))
    written = capfd.readouterr()
    places = {
        "files": files.decode("latin-1"),
        "rows": "".join(rows),
        "log": written.out + written.err,
        "refusal": refused.text,
        "problem": invalid.text,
    }
    found = [(place, secret) for place, text in places.items() for secret in secrets if secret in text]
    assert found == []
    assert "/v1/identity-verifications" in places["log"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"pin": "12a4567"},
        {"pin": "1" * 13},
        {"pin": "٣٣٣٣٣٣٣"},
        {"calling_number": "call me"},
        {"birth_date": "1950-02-30"},
        {"zip_code": "1710"},
        {"zip_code": None},
        {"member_id": "a\x00"},
        {"program_id": "x" * 65},
        {"staff_note": "x"},
    ],
)
async def test_impossible_answers_are_invalid_and_not_repeated(quick_team: Team, wrong: dict[str, Any]) -> None:
    body = {"program_id": "health-options-2024", "birth_date": "1950-02-03", "zip_code": "17101"} | wrong
    answer = await quick_team.client.post("/v1/identity-verifications", json=body)
    assert (answer.status_code, "17101" in answer.text) == (422, False)


async def test_an_unknown_programme_member_or_enrolment_is_not_found(quick_team: Team) -> None:
    body = {"program_id": "nobody", "birth_date": "1950-02-03", "zip_code": "17101"}
    assert await quick_team.problem("POST", "/v1/identity-verifications", body) == (404, "unknown_program")
    assert await quick_team.problem("POST", "/v1/enrollments/E/pin") == (404, "unknown_enrollment")
    assert await quick_team.problem("GET", "/v1/enrollments/E/outreach") == (404, "unknown_enrollment")
    for path in ("contact-preferences", "representatives"):
        assert await quick_team.problem("GET", f"/v1/members/N/{path}") == (404, "unknown_member")
