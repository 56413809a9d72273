"""Every error of a use case as a problem document. Details name rules, never values, which could be member data."""

from collections.abc import Mapping

from mtm_shared.contracts.problem import ProblemError
from mtm_shared.web import ProblemSpec

from mtm_eligibility.usecases import errors


def _located(pointer: str, code: str, detail: str, message: str) -> ProblemSpec:
    """A 422 about one field of the body."""
    fault = ProblemError(pointer=pointer, code=code, message=message)
    return ProblemSpec(422, code, detail, errors=lambda _: [fault])


PROBLEMS: Mapping[type[Exception], ProblemSpec] = {
    errors.UnknownMember: ProblemSpec(404, "unknown_member", "No member has this id."),
    errors.UnknownProgram: ProblemSpec(404, "unknown_program", "No programme has this id."),
    errors.UnknownEnrollment: ProblemSpec(404, "unknown_enrollment", "No enrolment has this id."),
    errors.UnknownImport: ProblemSpec(404, "unknown_import", "No import has this id."),
    errors.MemberMismatch: _located(
        "/member/member_id",
        "member_mismatch",
        "The member id in the address and in the body differ.",
        "must be the id in the address",
    ),
    errors.AlreadyOptedOut: ProblemSpec(409, "already_opted_out", "The member has left the programme already."),
    errors.AlreadyDeclined: ProblemSpec(
        409, "already_declined", "The member has declined this year's comprehensive review already."
    ),
    errors.NotOptedOut: ProblemSpec(409, "not_opted_out", "There is no opt-out to take back."),
    errors.RecordedAsDead: ProblemSpec(
        409, "recorded_as_dead", "The member's record bears a day of death. If it is wrong, correct the record first."
    ),
    errors.BeforeEnrollment: _located(
        "/on", "before_enrollment", "The day is before the enrolment.", "must not be before the enrolment"
    ),
    errors.BeforeOptOut: _located(
        "/on", "before_opt_out", "The day is before the opt-out.", "must not be before the opt-out"
    ),
    errors.BeforeOptIn: _located(
        "/on", "before_opt_in", "The day is before the member came back.", "must not be before the last opt-in"
    ),
    errors.AfterPlanYear: _located(
        "/on", "after_plan_year", "The plan year of the enrolment is over.", "must not be after the plan year"
    ),
    errors.CarryOverNotPossible: _located(
        "/carry_over_from",
        "not_the_year_before",
        "Members are carried over from the year before, on a day of the plan year.",
        "must be a programme of the year before, and as_of a day of the plan year",
    ),
    errors.PermanentNeedsProgram: _located(
        "/permanent",
        "permanent_needs_program_scope",
        "Only leaving the whole programme can be for good.",
        "needs scope program",
    ),
    errors.NotEnrolled: ProblemSpec(409, "not_enrolled", "The member has left the programme."),
    errors.NoCallsWanted: ProblemSpec(409, "do_not_call", "The member asked not to be called."),
    errors.CallerIdNotOfProgram: _located(
        "/from_number",
        "caller_id_not_of_programme",
        "The call came from a number that the programme did not tell its members.",
        "must be one of the programme's caller ids",
    ),
    errors.ChannelNotOfProgram: _located(
        "/channel",
        "channel_not_of_programme",
        "The programme does not use this channel.",
        "must be one of the programme's channels",
    ),
    errors.ResultOfOtherChannel: _located(
        "/result",
        "result_of_other_channel",
        "The result cannot come about on this channel.",
        "must be a result of the channel",
    ),
    errors.RepresentativeNeeded: _located(
        "/representative_id",
        "representative_needed",
        "Who was reached in the member's place is not named.",
        "must name the representative",
    ),
    errors.RepresentativeNotAccepted: ProblemSpec(
        409, "representative_not_accepted", "No representative of the member with this id may do this on this day."
    ),
    errors.UnknownRepresentative: ProblemSpec(
        404, "unknown_representative", "The member has no representative with this id."
    ),
    errors.RepresentativeEnded: ProblemSpec(
        409, "representative_ended", "The representative's authority has been ended already."
    ),
    errors.ScopeBeyondBasis: _located(
        "/scope",
        "scope_beyond_basis",
        "Nobody decides for a member on consent or care alone (45 CFR 164.502(g)).",
        "decide needs power_of_attorney, health_care_proxy or guardian",
    ),
    errors.NoPinInProgram: ProblemSpec(409, "no_pin_in_programme", "The programme leaves no PIN."),
    errors.NoPinFree: ProblemSpec(409, "no_pin_free", "No PIN of the programme is free; void or wait for old ones."),
    errors.PermanentNeedsWish: _located(
        "/permanent",
        "permanent_needs_wish",
        "Only the member's own wish can be for good.",
        "must be false with reason 01 or 02",
    ),
    errors.UnknownRun: ProblemSpec(404, "unknown_run", "No run has this id."),
    errors.RunNotEnded: ProblemSpec(409, "run_not_ended", "The run has not ended yet."),
    errors.SourceNotOffered: _located(
        "/source/kind", "source_not_offered", "Only stored members can be targeted.", "must be stored"
    ),
    errors.UnusableUri: ProblemSpec(
        422,
        "unusable_uri",
        lambda error: error.detail,
        errors=lambda error: [ProblemError(pointer="/uri", code=error.code, message=error.detail)],
    ),
}
