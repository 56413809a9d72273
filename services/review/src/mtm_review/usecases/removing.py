"""Takes an entry off a review's list that was made by mistake; what claims tell is not taken off but stopped."""

from datetime import datetime

from mtm_review.domain.lifecycle import refuse_if_completed, told_what_changed
from mtm_review.domain.review import Change, Review
from mtm_review.usecases.listing import understood_again
from mtm_review.usecases.ports import Expertise, Precondition, Reviews
from mtm_review.usecases.working import screened_anew


class NoSuchMedication(Exception):
    """The review lists no medication with this id."""


class ToldByClaims(Exception):
    """The medication was filled: it is reconciled as stopped, and stays on the list."""


async def remove_medication(
    review_id: str,
    medication_id: str,
    reason: str,
    author: str,
    reviews: Reviews,
    expertise: Expertise,
    unchanged: Precondition,
    now: datetime,
) -> Review:
    """The review without the entry; raises `NoSuchMedication`, `ToldByClaims` or `ReviewCompleted`."""
    review = await reviews.for_change(review_id)
    unchanged(review)
    refuse_if_completed(review)
    line = next((one for one in review.medications if one.medication_id == medication_id), None)
    if line is None:
        raise NoSuchMedication
    if line.last_fill is not None:
        raise ToldByClaims
    left = [understood_again(one, expertise.vocabulary) for one in review.medications if one is not line]
    change = Change(f"medication {medication_id} removed: {reason}", author, now)
    after = told_what_changed(review, screened_anew(review, left, expertise, change))
    await reviews.save(after)
    return after
