"""Where outreach stands after attempts, as a programme manager would read it, and how callers are locked."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mtm_eligibility.domain.identity import Answers, Candidate, identified, locked_until
from mtm_eligibility.domain.outreach import (
    CHANNELS_OF,
    Attempt,
    Because,
    Channel,
    OutreachStatus,
    Result,
    Standing,
    outreach_of,
)
from mtm_eligibility.domain.outreach_plan import digits_of
from mtm_eligibility.domain.representatives import TALKING, Authority, Basis, Scope, may_hold
from mtm_eligibility.reference import load_programs

HOP = load_programs()["health-options-2024"].outreach
ENROLLED = date(2024, 7, 1)
NOON = datetime(2024, 7, 15, 12, tzinfo=UTC)


def standing(**values: object) -> Standing:
    known: dict[str, object] = {"enrolled_on": ENROLLED, "declined": False, "do_not_call": False, "has_phone": True}
    return Standing(**(known | values))  # type: ignore[arg-type]


def attempts(*made: tuple[int, str, str]) -> list[Attempt]:
    return [Attempt(ENROLLED + timedelta(days=day), Channel(channel), Result(result)) for day, channel, result in made]


MAILED, RETURNED, NO_ANSWER = (0, "mail", "mailed"), (4, "mail", "returned_mail"), (7, "phone", "no_answer")
BOUNCED = (7, "email", "undeliverable")
WRONG_NUMBER, CALL_BACK = (7, "phone", "wrong_number"), (7, "phone", "callback_requested")


@pytest.mark.parametrize(
    ("made", "known", "status", "step", "after", "because"),
    [
        ([], {}, "not_started", "mail", 0, "first_attempt"),
        ([MAILED], {}, "in_progress", "phone", 7, "next_attempt"),
        ([MAILED, RETURNED], {}, "in_progress", "phone", 4, "mail_returned"),
        ([MAILED, NO_ANSWER], {}, "in_progress", "phone", 14, "next_attempt"),
        ([MAILED, (7, "phone", "wrong_number")], {}, "in_progress", "mail", 14, "number_unusable"),
        ([MAILED, (7, "phone", "disconnected")], {}, "in_progress", "mail", 14, "number_unusable"),
        ([WRONG_NUMBER, (9, "phone", "no_answer")], {}, "in_progress", "phone", 16, "next_attempt"),
        ([MAILED, RETURNED, (7, "phone", "disconnected")], {}, "in_progress", "mail", 14, "no_channel_left"),
        ([MAILED], {"has_phone": False}, "in_progress", "mail", 7, "number_unusable"),
        ([MAILED], {"do_not_call": True}, "do_not_call", "mail", 7, "do_not_call"),
        ([], {"do_not_call": True}, "do_not_call", "mail", 0, "first_attempt"),
        ([MAILED], {"preferred": Channel.MAIL}, "in_progress", "mail", 7, "next_attempt"),
        ([MAILED], {"preferred": Channel.EMAIL}, "in_progress", "email", 7, "next_attempt"),
        ([MAILED], {"preferred": Channel.IN_PERSON}, "in_progress", "phone", 7, "next_attempt"),
        ([MAILED, BOUNCED], {"preferred": Channel.EMAIL}, "in_progress", "phone", 7, "next_attempt"),
        ([MAILED, (7, "phone", "reached")], {}, "reached", None, None, None),
        ([MAILED, (7, "phone", "reached_representative")], {}, "reached", None, None, None),
        ([MAILED, (7, "phone", "callback_requested")], {}, "reached", "phone", 7, "callback_requested"),
        ([MAILED, CALL_BACK], {"do_not_call": True}, "reached", "mail", 7, "callback_requested"),
        ([(0, "phone", "callback_requested"), (1, "phone", "reached")], {}, "reached", None, None, None),
        ([MAILED], {"declined": True}, "declined", None, None, None),
        ([MAILED] * 4, {}, "unable_to_reach", None, None, None),
        ([MAILED] * 4, {"do_not_call": True}, "unable_to_reach", None, None, None),
        ([MAILED] * 3 + [RETURNED], {}, "in_progress", "phone", 4, "mail_returned"),
    ],
)  # fmt: skip
def test_where_outreach_stands(
    made: list[tuple[int, str, str]],
    known: dict[str, object],
    status: str,
    step: str | None,
    after: int | None,
    because: str | None,
) -> None:
    found = outreach_of(attempts(*made), standing(**known), HOP)
    assert found.status == status
    assert found.next_on == (None if after is None else ENROLLED + timedelta(days=after))
    assert (found.next_step, found.because) == (step, because)


RESULTS = st.sampled_from(
    [(channel, result) for result, channels in CHANNELS_OF.items() for channel in sorted(channels)]
)


@given(st.lists(RESULTS, max_size=8), st.booleans(), st.booleans())
def test_a_member_has_a_next_step_until_outreach_is_over_and_is_not_called_against_the_wish(
    results: list[tuple[Channel, Result]], do_not_call: bool, has_phone: bool
) -> None:
    made = [Attempt(ENROLLED, channel, result) for channel, result in results]
    found = outreach_of(made, standing(do_not_call=do_not_call, has_phone=has_phone), HOP)
    going_on = {OutreachStatus.NOT_STARTED, OutreachStatus.IN_PROGRESS, OutreachStatus.DO_NOT_CALL}
    assert found.status not in going_on or found.next_step is not None
    assert found.next_step is not Channel.PHONE or (has_phone and not do_not_call)
    assert found.status is not OutreachStatus.UNABLE_TO_REACH or found.counted >= HOP.attempts.value
    assert (found.next_step is None) == (found.next_on is None) == (found.because is None)
    assert found.because in {None, *Because}


def moment(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("tried", "at", "until"),
    [
        ([(0, False), (1, False)], 2, None),
        ([(0, False), (1, False), (2, False)], 2, 32),
        ([(0, False), (1, False), (2, False)], 31.9, 32),
        ([(0, False), (1, False), (2, False)], 32, None),
        ([(0, False), (1, False), (2, True), (3, False), (4, False)], 5, None),
        ([(0, False), (29, False), (31, False)], 31, None),
        ([(0, False), (1, False), (2, False), (33, False), (34, False)], 35, None),
        ([(0, False), (1, False), (2, False), (33, False), (34, False), (35, False)], 36, 65),
    ],
)
def test_three_failures_within_half_an_hour_lock_for_half_an_hour(
    tried: list[tuple[float, bool]], at: float, until: float | None
) -> None:
    found = locked_until(
        [(moment(minutes), verified) for minutes, verified in tried], moment(at), max_failures=3, locked_minutes=30
    )
    assert found == (None if until is None else moment(until))


def candidate(**values: object) -> Candidate:
    known: dict[str, object] = {
        "member_id": "M-1",
        "enrollment_id": "E-1",
        "birth_date": date(1950, 2, 3),
        "zip_code": "17101",
        "numbers": frozenset({"7175550100"}),
        "pin_matches": False,
        "representatives": frozenset(),
    }
    return Candidate(**(known | values))  # type: ignore[arg-type]


def answers(**values: object) -> Answers:
    known: dict[str, object] = {
        "birth_date": date(1950, 2, 3),
        "zip_code": "17101",
        "calling_number": "7175550100",
        "member_id": None,
        "representative_id": None,
    }
    return Answers(**(known | values))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("known", "given_", "uses_pin", "found"),
    [
        ({}, {}, True, True),
        ({}, {"zip_code": "17101-4321"}, True, True),
        ({}, {"zip_code": "17102"}, True, False),
        ({}, {"birth_date": date(1950, 3, 2)}, True, False),
        ({}, {"calling_number": "7175550199"}, True, False),
        ({}, {"calling_number": ""}, True, False),
        ({"pin_matches": True}, {"calling_number": "7175550199"}, True, True),
        ({"pin_matches": True}, {"calling_number": "", "zip_code": "17102"}, True, False),
        ({"zip_code": ""}, {"zip_code": ""}, True, False),
        ({"numbers": frozenset()}, {"calling_number": ""}, True, False),
        ({}, {"calling_number": "", "member_id": "M-1"}, True, False),
        ({}, {"calling_number": "", "member_id": "M-1"}, False, True),
        ({}, {"member_id": "M-2"}, True, False),
        ({}, {"representative_id": "R-1"}, True, False),
        ({"representatives": frozenset({"R-1"})}, {"representative_id": "R-1"}, True, True),
    ],
)
def test_a_caller_is_the_member_when_every_answer_fits(
    known: dict[str, object], given_: dict[str, object], uses_pin: bool, found: bool
) -> None:
    assert (identified([candidate(**known)], answers(**given_), uses_pin=uses_pin) is not None) is found


def test_twins_who_share_a_telephone_are_told_apart_by_member_id_only() -> None:
    twins = [candidate(), candidate(member_id="M-2", enrollment_id="E-2")]
    assert identified(twins, answers(), uses_pin=True) is None
    found = identified(twins, answers(member_id="M-2"), uses_pin=True)
    assert found is not None
    assert found.member_id == "M-2"


def test_of_two_enrolments_of_a_member_the_pins_is_told_else_the_newest() -> None:
    one, two = candidate(enrollment_id="E-1"), candidate(enrollment_id="E-2")
    newest = identified([two, one], answers(), uses_pin=True)
    assert newest is two
    pinned = candidate(enrollment_id="E-1", pin_matches=True)
    assert identified([two, pinned], answers(), uses_pin=True) is pinned


@pytest.mark.parametrize(
    ("day", "holds"),
    [("2024-06-30", False), ("2024-07-01", True), ("2024-07-31", True), ("2024-08-01", False)],
)
def test_a_representative_speaks_from_the_first_day_to_the_last(day: str, holds: bool) -> None:
    authority = Authority(frozenset({Scope.DISCUSS}), date(2024, 7, 1), date(2024, 7, 31), None)
    assert authority.allows(TALKING, date.fromisoformat(day)) is holds


@pytest.mark.parametrize(("day", "holds"), [("2024-07-09", True), ("2024-07-10", False)])
def test_an_ended_authority_does_not_stand_on_the_day_of_its_end(day: str, holds: bool) -> None:
    authority = Authority(frozenset({Scope.DISCUSS}), date(2024, 7, 1), None, date(2024, 7, 10))
    assert authority.holds_on(date.fromisoformat(day)) is holds


def test_who_may_only_receive_documents_is_not_spoken_to() -> None:
    assert not Authority(frozenset({Scope.RECEIVE_DOCUMENTS}), ENROLLED, None, None).allows(TALKING, ENROLLED)


def test_nobody_decides_for_a_member_on_consent_or_care_alone() -> None:
    assert {basis for basis in Basis if may_hold(basis, [Scope.DECIDE])} == {
        Basis.POWER_OF_ATTORNEY,
        Basis.HEALTH_CARE_PROXY,
        Basis.GUARDIAN,
    }


@pytest.mark.parametrize("number", ["1-855-773-8254", "(855) 773-8254", "+1 855.773.8254", "8557738254"])
def test_a_number_is_the_same_however_it_is_written(number: str) -> None:
    assert digits_of(number) == "8557738254"


def test_an_evening_in_chicago_is_not_yet_the_next_day() -> None:
    assert HOP.day_of(datetime(2024, 7, 16, 4, 59, tzinfo=UTC)) == date(2024, 7, 15)
    assert HOP.day_of(datetime(2024, 7, 16, 5, 0, tzinfo=UTC)) == date(2024, 7, 16)
