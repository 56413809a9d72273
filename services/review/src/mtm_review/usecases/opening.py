"""Opens a review: reads the member's profile from eligibility, screens what was filled, and keeps the result."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mtm_shared.contracts.member import Profile

from mtm_review.domain.finding import NotChecked
from mtm_review.domain.patient import Patient
from mtm_review.domain.review import Change, ListedMedication, Review, ReviewKind, ReviewStatus, Screened
from mtm_review.domain.screening import ScreeningOptions
from mtm_review.usecases.listing import as_screened
from mtm_review.usecases.policies import Payer, acted, policy_of_member
from mtm_review.usecases.ports import Expertise, Profiles, Reviews
from mtm_review.usecases.reading import Subject, read_profile
from mtm_review.usecases.screening import as_kept, made_by, screen_medications

FURTHEST = timedelta(days=366)


class AsOfTooFarAhead(Exception):
    """A review looks at what was taken; nothing is known of a day more than a year ahead."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which review to open, and who asked for it."""

    member_id: str
    kind: ReviewKind
    as_of: date
    author: str


def check_as_of(as_of: date, now: datetime) -> None:
    """Refuse a day more than a year ahead; a planned review within the plan year is fine."""
    if as_of > (now + FURTHEST).date():
        raise AsOfTooFarAhead


async def open_review(
    order: Order,
    profiles: Profiles,
    reviews: Reviews,
    expertise: Expertise,
    now: datetime,
    seen: Callable[[Profile], Awaitable[object]] | None = None,
) -> Review:
    """The kept review; raises what `Profiles` raises, and `AsOfTooFarAhead`. `seen` is shown the profile afterwards."""
    check_as_of(order.as_of, now)
    profile = await profiles.profile(order.member_id, order.as_of)
    review = review_of(order, read_profile(profile, expertise.vocabulary, order.as_of), expertise, now)
    await reviews.add(review)
    if seen is not None:
        await seen(profile)
    return review


def review_of(order: Order, subject: Subject, expertise: Expertise, now: datetime) -> Review:
    """A new review of the subject. Pure but for its id."""
    payer = Payer(subject.program_id, subject.contract_id)
    screened = screen_lines(expertise, subject.patient, subject.medications, order.as_of, payer)
    return Review(
        review_id=new_id("rev", now),
        member_id=order.member_id,
        kind=order.kind,
        status=ReviewStatus.IN_PROGRESS,
        as_of=order.as_of,
        language=subject.language,
        patient=subject.patient,
        medications=subject.medications,
        findings=screened.findings,
        suppressed=screened.suppressed,
        not_checked=_together(subject.not_checked, screened.not_checked),
        profile_not_checked=subject.not_checked,
        coverage=screened.coverage,
        made_by=screened.made_by,
        changes=(Change("review opened", order.author, now),),
        inferred=screened.inferred,
        enrollment_id=subject.enrollment_id,
        program_id=subject.program_id,
        contract_id=subject.contract_id,
        enrolled_on=subject.enrolled_on,
        plan_year=subject.plan_year,
    )


def screen_lines(
    expertise: Expertise,
    patient: Patient,
    lines: tuple[ListedMedication, ...],
    as_of: date,
    payer: Payer,
) -> Screened:
    """The findings on a list, in the words of the list, by the policy that the member's payer has on the day."""
    medications = [as_screened(line) for line in lines]
    asked = policy_of_member(expertise, payer, as_of)
    screening = screen_medications(expertise, patient, medications, as_of, ScreeningOptions(policy=asked))
    names = {line.medication_id: line.name for line in lines}
    made = made_by(expertise, as_of, payer.program_id, acted(screening, asked))
    return as_kept(screening, made, names)


def _together(told: tuple[NotChecked, ...], found: tuple[NotChecked, ...]) -> tuple[NotChecked, ...]:
    """What the screening could not use and what eligibility could not; a drug that neither knows is named once."""
    known = {(gap.value, gap.code) for gap in found}
    return (*found, *(gap for gap in told if (gap.value, gap.code) not in known))


def all_gaps(review: Review, screened: Screened) -> tuple[NotChecked, ...]:
    """The gaps of a review that was screened again."""
    return _together(review.profile_not_checked, screened.not_checked)


def new_id(prefix: str, now: datetime) -> str:
    """An id that sorts by its time of making: milliseconds since 1970, then 80 random bits."""
    return f"{prefix}_{int(now.timestamp() * 1000):012x}{secrets.token_hex(10)}"
