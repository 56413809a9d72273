"""Gathers what the letter after a targeted review says: its to-do items, and what was recommended to the member.

A to-do item comes from an accepted finding, in plain words, or is the pharmacist's own; the one that only encourages,
in a list that would be empty, is nothing to write about. A recommendation of a finding that has an item already is not
told twice.
"""

import asyncio

from mtm_shared.contracts.recommendations import Recommendation
from mtm_shared.contracts.review import Review

from mtm_documents.forms.tmr_member_letter.value import TmrMemberLetter, Topic
from mtm_documents.usecases import parties
from mtm_documents.usecases.errors import NoProgram, NothingToSay, NotThisSubject, ReviewNotComplete
from mtm_documents.usecases.ordering import Order, Sources, Subject


async def gather_tmr_letter(sources: Sources, order: Order) -> Subject:
    """The letter of a completed targeted review; refused when there is nothing to say."""
    if order.review_id is None:
        raise NotThisSubject(order.kind, "review_id")
    review = await sources.reviews.review(order.review_id)
    if review.kind != "tmr":
        raise NotThisSubject(order.kind, "review_id of a targeted review")
    if review.status != "completed":
        raise ReviewNotComplete
    if review.program_id is None:
        raise NoProgram
    topics = _topics(review, await sources.reviews.recommendations(review.review_id))
    if not topics:
        raise NothingToSay
    member, program = await asyncio.gather(sources.member(review.member_id), sources.program(review.program_id))
    value = TmrMemberLetter(
        letterhead=parties.letterhead(program),
        contact=parties.contact(program),
        addressee=parties.addressee(member),
        member_name=parties.full_name(member),
        dated=order.dated,
        reviewed_on=review.as_of,
        topics=topics,
    )
    return Subject(value, member, review.review_id, review.enrollment_id, program.plan_year)


def _topics(review: Review, recommended: list[Recommendation]) -> tuple[Topic, ...]:
    items = [item for item in review.todo_items if not item.encourages]
    told = {item.finding_id for item in items if item.finding_id is not None}
    said = [one.text for one in recommended if one.to == "member" and one.finding_id not in told]
    return (*(Topic(item.topic, tuple(item.actions)) for item in items), *(Topic("", (text,)) for text in said))
