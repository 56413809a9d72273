"""Reaching a member: where outreach stands and what comes next, worked out from the attempts alone.

A member is enrolled without asking (42 CFR 423.153(d)(1)(v)), so somebody has to tell her of it and offer the review.
The programme says how many attempts are made before a member counts as unable to be reached, and by what. Nothing is
kept of the status itself: attempts that come late or in another order give the same answer.

* A letter that came back is not a further attempt; it sends the next step to another channel at once.
* A wrong or disconnected number ends calls to it. Who asked not to be called is written to, never called.
* Where no channel is left before the attempts are used up, the next step is a letter: nobody drops out silently.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from mtm_eligibility.domain.outreach_plan import OutreachPlan


class Channel(StrEnum):
    """How a member was or will be contacted; a voicemail is what a call became."""

    MAIL = "mail"
    PHONE = "phone"
    VOICEMAIL = "voicemail"
    EMAIL = "email"
    PORTAL = "portal"
    IN_PERSON = "in_person"


class Result(StrEnum):
    """What became of an attempt."""

    MAILED = "mailed"
    RETURNED_MAIL = "returned_mail"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    REACHED = "reached"
    REACHED_REPRESENTATIVE = "reached_representative"
    LEFT_VOICEMAIL = "left_voicemail"
    NO_ANSWER = "no_answer"
    BUSY = "busy"
    WRONG_NUMBER = "wrong_number"
    DISCONNECTED = "disconnected"
    CALLBACK_REQUESTED = "callback_requested"
    DECLINED_CMR = "declined_cmr"
    DO_NOT_CALL = "do_not_call"


class OutreachStatus(StrEnum):
    """Where outreach to a member stands."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    REACHED = "reached"
    UNABLE_TO_REACH = "unable_to_reach"
    DO_NOT_CALL = "do_not_call"
    DECLINED = "declined"


class Because(StrEnum):
    """Why the next step is what it is."""

    FIRST_ATTEMPT = "first_attempt"
    NEXT_ATTEMPT = "next_attempt"
    MAIL_RETURNED = "mail_returned"
    NUMBER_UNUSABLE = "number_unusable"
    CALLBACK_REQUESTED = "callback_requested"
    DO_NOT_CALL = "do_not_call"
    NO_CHANNEL_LEFT = "no_channel_left"


SPOKEN = frozenset({Channel.PHONE, Channel.VOICEMAIL})
_TALK = frozenset({Channel.PHONE, Channel.IN_PERSON})
_ANY = frozenset(Channel)
CHANNELS_OF: dict[Result, frozenset[Channel]] = {
    Result.MAILED: frozenset({Channel.MAIL}),
    Result.RETURNED_MAIL: frozenset({Channel.MAIL}),
    Result.SENT: frozenset({Channel.EMAIL, Channel.PORTAL}),
    Result.UNDELIVERABLE: frozenset({Channel.EMAIL, Channel.PORTAL}),
    Result.REACHED: _ANY - {Channel.VOICEMAIL, Channel.MAIL},
    Result.REACHED_REPRESENTATIVE: _ANY - {Channel.VOICEMAIL, Channel.MAIL},
    Result.LEFT_VOICEMAIL: SPOKEN,
    Result.NO_ANSWER: frozenset({Channel.PHONE}),
    Result.BUSY: frozenset({Channel.PHONE}),
    Result.WRONG_NUMBER: SPOKEN,
    Result.DISCONNECTED: frozenset({Channel.PHONE}),
    Result.CALLBACK_REQUESTED: _ANY - {Channel.VOICEMAIL},
    Result.DECLINED_CMR: _ANY - {Channel.VOICEMAIL},
    Result.DO_NOT_CALL: _ANY - {Channel.VOICEMAIL},
}
"""The channels on which a result can come about: nobody is told no by a voicemail that nobody answers."""
REACHING = frozenset(
    {
        Result.REACHED, Result.REACHED_REPRESENTATIVE, Result.CALLBACK_REQUESTED, Result.DECLINED_CMR,
        Result.DO_NOT_CALL,
    }
)  # fmt: skip
_NO_STEP = frozenset({Channel.VOICEMAIL, Channel.IN_PERSON})
"""What nobody can plan: a voicemail is what a call becomes, and a visit is the member's own."""
_NUMBER_FAILED = frozenset({Result.WRONG_NUMBER, Result.DISCONNECTED})
_CALLED = frozenset({Result.REACHED, Result.REACHED_REPRESENTATIVE, Result.LEFT_VOICEMAIL, Result.NO_ANSWER})


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt, as far as the status depends on it."""

    on: date
    channel: Channel
    result: Result


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the member beside the attempts."""

    enrolled_on: date
    declined: bool
    do_not_call: bool
    has_phone: bool
    preferred: Channel | None = None


@dataclass(frozen=True, slots=True)
class Outreach:
    """Where outreach stands; `counted` is the number of attempts that count towards the programme's number."""

    status: OutreachStatus
    counted: int
    next_step: Channel | None = None
    next_on: date | None = None
    because: Because | None = None


def outreach_of(attempts: Sequence[Attempt], standing: Standing, plan: OutreachPlan) -> Outreach:
    """Where outreach stands after these attempts, which come in the order in which they were made."""
    counted = sum(attempt.result.value in plan.counted_results.value for attempt in attempts)
    if standing.declined:
        return Outreach(OutreachStatus.DECLINED, counted)
    last = attempts[-1] if attempts else None
    if last is not None and last.result is Result.CALLBACK_REQUESTED:
        usable = _usable(plan, attempts, standing)
        channel = Channel.PHONE if Channel.PHONE in usable else usable[0]
        return Outreach(OutreachStatus.REACHED, counted, channel, last.on, Because.CALLBACK_REQUESTED)
    if any(attempt.result in REACHING and attempt.result is not Result.DO_NOT_CALL for attempt in attempts):
        return Outreach(OutreachStatus.REACHED, counted)
    if counted >= plan.attempts.value:
        return Outreach(OutreachStatus.UNABLE_TO_REACH, counted)
    status = _unfinished(last, standing)
    channel, because = _next_channel(attempts, counted, standing, plan)
    return Outreach(status, counted, channel, _next_on(last, standing, plan), because)


def _unfinished(last: Attempt | None, standing: Standing) -> OutreachStatus:
    if standing.do_not_call:
        return OutreachStatus.DO_NOT_CALL
    return OutreachStatus.NOT_STARTED if last is None else OutreachStatus.IN_PROGRESS


def _next_on(last: Attempt | None, standing: Standing, plan: OutreachPlan) -> date:
    if last is None:
        return standing.enrolled_on
    if last.result in (Result.RETURNED_MAIL, Result.UNDELIVERABLE):
        return last.on
    return last.on + timedelta(days=plan.days_between.value)


def _next_channel(
    attempts: Sequence[Attempt], counted: int, standing: Standing, plan: OutreachPlan
) -> tuple[Channel, Because]:
    steps = [Channel(step) for step in plan.steps.value]
    planned = steps[min(counted, len(steps) - 1)]
    usable = _usable(plan, attempts, standing)
    if counted and standing.preferred in usable:
        planned = standing.preferred
    if planned in usable:
        return planned, _why_planned(attempts)
    if not _reachable(plan, attempts, standing):
        return usable[0], Because.NO_CHANNEL_LEFT
    if planned is Channel.PHONE:
        return usable[0], Because.DO_NOT_CALL if standing.do_not_call else Because.NUMBER_UNUSABLE
    return usable[0], Because.MAIL_RETURNED


def _why_planned(attempts: Sequence[Attempt]) -> Because:
    if not attempts:
        return Because.FIRST_ATTEMPT
    return Because.MAIL_RETURNED if attempts[-1].result is Result.RETURNED_MAIL else Because.NEXT_ATTEMPT


def _usable(plan: OutreachPlan, attempts: Sequence[Attempt], standing: Standing) -> list[Channel]:
    """The channels of the programme that can still be used, in its order; a letter where there is none."""
    return _reachable(plan, attempts, standing) or [Channel.MAIL]


def _reachable(plan: OutreachPlan, attempts: Sequence[Attempt], standing: Standing) -> list[Channel]:
    order = dict.fromkeys(Channel(step) for step in plan.steps.value)
    wished = standing.preferred
    if wished is not None and wished.value in plan.channels.value and wished not in _NO_STEP:
        order[wished] = None
    return [channel for channel in order if _works(channel, attempts, standing)]


def _works(channel: Channel, attempts: Sequence[Attempt], standing: Standing) -> bool:
    if channel is Channel.PHONE:
        tried = [attempt.result for attempt in attempts if attempt.result in _NUMBER_FAILED | _CALLED]
        failed = bool(tried) and tried[-1] in _NUMBER_FAILED
        return standing.has_phone and not standing.do_not_call and not failed
    results = [attempt.result for attempt in attempts if attempt.channel is channel]
    return not results or results[-1] not in (Result.RETURNED_MAIL, Result.UNDELIVERABLE)
