"""What routes depend on: who calls, what the service knows, and where reviews are kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Path, Request, Response
from mtm_shared.contracts import review as wire
from mtm_shared.storage.session import Transaction
from mtm_shared.web.auth import Principal, require
from mtm_shared.web.etags import IfMatch, check_if_match, etag

from mtm_review.api.review_shapes import review_answer
from mtm_review.domain.consultation import ConsultationRules
from mtm_review.domain.review import Review
from mtm_review.domain.versions import Versions
from mtm_review.storage.reviews import ReviewRepository
from mtm_review.usecases.ports import Expertise, Population, Precondition, Profiles

Reader = Annotated[Principal, Depends(require("review.read"))]
Writer = Annotated[Principal, Depends(require("review.write"))]
ReviewId = Annotated[str, Path(pattern=r"^[A-Za-z0-9._:+-]{1,64}$", examples=["rev_019ab0c2d3e44f5a6b7c8d9e0f1a2b3c"])]


def expertise_of(request: Request) -> Expertise:
    """The vocabulary, knowledge and wording that were loaded at start."""
    return cast(Expertise, request.app.state.expertise)


async def _expertise(request: Request) -> Expertise:
    return expertise_of(request)


async def _versions(request: Request) -> Versions:
    return cast(Versions, request.app.state.versions)


async def _profiles(request: Request) -> Profiles:
    return cast(Profiles, request.app.state.profiles)


async def _population(request: Request) -> Population:
    return cast(Population, request.app.state.population)


async def _consultation_rules(request: Request) -> ConsultationRules:
    return cast(ConsultationRules, request.app.state.consultation_rules)


async def _reviews(session: Transaction) -> ReviewRepository:
    return ReviewRepository(session)


async def _now(request: Request) -> datetime:
    return cast(datetime, request.app.state.clock())


async def _unchanged(request: Request) -> Precondition:
    def check(review: Review) -> None:
        check_if_match(request, review_etag(review))

    return check


Known = Annotated[Expertise, Depends(_expertise)]
AllVersions = Annotated[Versions, Depends(_versions)]
PopulationSource = Annotated[Population, Depends(_population)]
RulesOfConsultation = Annotated[ConsultationRules, Depends(_consultation_rules)]
ProfileSource = Annotated[Profiles, Depends(_profiles)]
KeptReviews = Annotated[ReviewRepository, Depends(_reviews)]
Now = Annotated[datetime, Depends(_now)]
Unchanged = Annotated[Precondition, Depends(_unchanged)]


@dataclass(frozen=True, slots=True)
class Work:
    """What every change of a review needs besides its body."""

    review_id: str
    reviews: ReviewRepository
    known: Expertise
    now: datetime
    unchanged: Precondition
    response: Response

    def answer(self, review: Review) -> wire.Review:
        """The review as it stands, with its entity tag."""
        self.response.headers["ETag"] = review_etag(review)
        return review_answer(review)


async def _work(
    review_id: ReviewId,
    reviews: KeptReviews,
    known: Known,
    now: Now,
    unchanged: Unchanged,
    response: Response,
    _: Writer,
    if_match: IfMatch = None,
) -> Work:
    return Work(review_id, reviews, known, now, unchanged, response)


def review_etag(review: Review) -> str:
    """The entity tag of this state of the review."""
    return etag(review.review_id, review.version)


Ongoing = Annotated[Work, Depends(_work)]
