"""Every error of a review as a status and a stable code. No detail names a member."""

from collections.abc import Mapping, Sequence
from typing import Final

from mtm_shared.contracts.problem import ProblemError
from mtm_shared.web.problems import ApiProblem, ProblemSpec, problem_response

from mtm_review.api.year_errors import YEAR_PROBLEMS
from mtm_review.domain.explaining import CannotExplain, RuleNotFound
from mtm_review.domain.lifecycle import (
    ConditionNotFound,
    ConsultationRequired,
    FindingNotFound,
    FindingsUndecided,
    ReviewCompleted,
)
from mtm_review.domain.versions import UnusableVersion, VersionNotFound
from mtm_review.storage.errors import (
    ForecastNotFound,
    ReplayRunNotFound,
    ReviewChangedMeanwhile,
    ReviewNotFound,
    ReviewRunNotFound,
)
from mtm_review.usecases.opening import AsOfTooFarAhead
from mtm_review.usecases.policies import PolicyRefused, UnknownPolicy
from mtm_review.usecases.ports import MemberNotFound, ProfilesRefused, ProfilesUnavailable
from mtm_review.usecases.recommendations import (
    BeforeSent,
    FollowUpNotFound,
    FollowUpOver,
    NoPrescriber,
    NotYetUnanswered,
    RecommendationNotFound,
)
from mtm_review.usecases.resolutions import ResolutionRunNotFound
from mtm_review.usecases.working import MedicationNotListed


def _undecided(error: FindingsUndecided) -> Sequence[ProblemError]:
    return [
        ProblemError(
            pointer=f"/findings/{finding_id}",
            code="undecided",
            message="A finding that may do serious harm needs a decision.",
        )
        for finding_id in error.finding_ids
    ]


def _not_listed(error: MedicationNotListed) -> Sequence[ProblemError]:
    return [
        ProblemError(
            pointer=f"/medications/{error.position}/medication_id",
            code="medication_not_listed",
            message="The review lists no medication with this id.",
        )
    ]


def _unknown_policy(error: UnknownPolicy) -> Sequence[ProblemError]:
    return [ProblemError(pointer=error.pointer, code="unknown_policy", message="No policy with this id is loaded.")]


def _policy_faults(error: PolicyRefused) -> Sequence[ProblemError]:
    return [ProblemError(pointer=pointer, code="policy_refused", message=text) for pointer, text in error.faults]


def _at(pointer: str, code: str, message: str) -> ProblemSpec:
    """A 422 about one field."""
    return ProblemSpec(422, code, message, errors=lambda _: [ProblemError(pointer=pointer, code=code, message=message)])


PROBLEMS: Final[Mapping[type[Exception], ProblemSpec]] = {
    **YEAR_PROBLEMS,
    ReviewNotFound: ProblemSpec(404, "review_not_found", "No review has this id."),
    ConditionNotFound: ProblemSpec(404, "condition_not_found", "The review knows no condition with this code."),
    FindingNotFound: ProblemSpec(404, "finding_not_found", "The review has no finding with this id."),
    RuleNotFound: ProblemSpec(404, "rule_not_found", "The knowledge has no rule with this id."),
    ReviewRunNotFound: ProblemSpec(404, "review_run_not_found", "No review run has this id."),
    ForecastNotFound: ProblemSpec(404, "forecast_not_found", "No policy forecast has this id."),
    UnknownPolicy: ProblemSpec(422, "unknown_policy", "No policy with this id is loaded.", errors=_unknown_policy),
    PolicyRefused: ProblemSpec(422, "policy_refused", "The policy cannot be used; see errors.", errors=_policy_faults),
    CannotExplain: ProblemSpec(
        409, "cannot_explain", "The screen of this rule cannot tell step by step why it is silent."
    ),
    ReplayRunNotFound: ProblemSpec(404, "replay_run_not_found", "No replay run has this id."),
    VersionNotFound: ProblemSpec(
        422,
        "knowledge_version_not_found",
        "No version of the knowledge with this name is at hand (GET /v1/knowledge lists them).",
        errors=lambda _: [
            ProblemError(
                pointer="/knowledge_version", code="knowledge_version_not_found", message="This version is not at hand."
            )
        ],
    ),
    UnusableVersion: ProblemSpec(
        409, "knowledge_version_unusable", "This release cannot read that version of the knowledge."
    ),
    MemberNotFound: ProblemSpec(404, "member_not_found", "Eligibility does not know this member."),
    ReviewCompleted: ProblemSpec(
        409, "review_completed", "The review is completed; nothing about it changes any more."
    ),
    ConsultationRequired: ProblemSpec(
        409, "consultation_required", "A comprehensive review needs its consultation recorded before it is completed."
    ),
    FindingsUndecided: ProblemSpec(
        409,
        "findings_undecided",
        "Findings of severity contraindicated or major need a decision before the review is completed.",
        errors=_undecided,
    ),
    ReviewChangedMeanwhile: ProblemSpec(
        409, "concurrent_change", "The review was changed at the same moment; read it again."
    ),
    MedicationNotListed: ProblemSpec(
        422, "medication_not_listed", "A medication_id is not on the review's list.", errors=_not_listed
    ),
    AsOfTooFarAhead: ProblemSpec(
        422,
        "as_of_too_far_ahead",
        "as_of must not be more than a year ahead.",
        errors=lambda _: [
            ProblemError(pointer="/as_of", code="as_of_too_far_ahead", message="Must not be more than a year ahead.")
        ],
    ),
    RecommendationNotFound: ProblemSpec(404, "recommendation_not_found", "No such recommendation."),
    FollowUpNotFound: ProblemSpec(404, "follow_up_not_found", "The review has no such follow-up."),
    FollowUpOver: ProblemSpec(409, "follow_up_done", "The follow-up is done already."),
    ResolutionRunNotFound: ProblemSpec(404, "resolution_run_not_found", "No resolution run has this id."),
    NoPrescriber: _at("/prescriber_npi", "no_prescriber", "No prescriber is named who could take it."),
    BeforeSent: _at("/on", "before_sent", "An outcome cannot be older than its recommendation."),
    NotYetUnanswered: _at("/outcome", "not_yet_unanswered", "It is too early to call it unanswered."),
    ProfilesRefused: ProblemSpec(
        503, "eligibility_refused", "Eligibility refused to give the member's profile to this service.", retry_after=60
    ),
}


async def answer_unavailable(_request: object, error: ProfilesUnavailable) -> object:
    """503 with the wait that the eligibility client asks for."""
    return problem_response(
        ApiProblem(
            503,
            "eligibility_unavailable",
            "The eligibility service cannot be reached; try again later.",
            headers={"Retry-After": str(error.retry_after)},
        )
    )
