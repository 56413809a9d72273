"""What can stand in the way of a use case. The door turns each into a problem document (`api/errors.py`)."""


class UnknownMember(Exception):
    """No member has this id."""


class UnknownProgram(Exception):
    """No programme has this id."""


class UnknownEnrollment(Exception):
    """No enrolment has this id."""


class UnknownImport(Exception):
    """No import has this id."""


class MemberMismatch(Exception):
    """The id in the address and the id in the body differ."""


class AlreadyOptedOut(Exception):
    """The member has left the programme already."""


class AlreadyDeclined(Exception):
    """The member has declined this year's comprehensive review already."""


class NotOptedOut(Exception):
    """There is no opt-out or decline to take back."""


class RecordedAsDead(Exception):
    """A death told in error is taken back after the member's record has been corrected."""


class BeforeEnrollment(Exception):
    """A member cannot leave or come back on a day before the enrolment."""


class BeforeOptOut(Exception):
    """A member cannot come back on a day before leaving."""


class BeforeOptIn(Exception):
    """A member who came back cannot leave on a day before that."""


class AfterPlanYear(Exception):
    """An enrolment ends with its plan year: nobody leaves it or declines its review after that."""


class CarryOverNotPossible(Exception):
    """Members are carried over from the programme of the year before, on a day of the new plan year."""


class PermanentNeedsProgram(Exception):
    """Only leaving the whole programme can be for good; a declined review is offered again every year."""


class PermanentNeedsWish(Exception):
    """Leaving for good is the member's wish: death and disenrolment are not."""


class UnknownRun(Exception):
    """No run has this id."""


class RunNotEnded(Exception):
    """The run is still going on."""


class SourceNotOffered(Exception):
    """This version reads the population from nowhere else than its own database."""


class UnusableUri(Exception):
    """An address that the service does not read from; `code` says why."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


class NotEnrolled(Exception):
    """The member has left the programme: nobody is reached for it any more."""


class NoCallsWanted(Exception):
    """The member asked not to be called."""


class CallerIdNotOfProgram(Exception):
    """A call from a number that the programme did not tell its members."""


class ChannelNotOfProgram(Exception):
    """A channel that the programme does not use."""


class ResultOfOtherChannel(Exception):
    """A result that cannot come about on this channel."""


class RepresentativeNeeded(Exception):
    """Who was reached in the member's place has to be named."""


class RepresentativeNotAccepted(Exception):
    """Unknown, expired, or without authority for this: told alike."""


class UnknownRepresentative(Exception):
    """The member has no representative with this id."""


class RepresentativeEnded(Exception):
    """The representative's authority has been ended already."""


class ScopeBeyondBasis(Exception):
    """Nobody decides for a member on consent or care alone."""


class NoPinInProgram(Exception):
    """The programme leaves no PIN."""


class NoPinFree(Exception):
    """Every PIN of the programme is in use."""


class TooManyAttempts(Exception):
    """Too many tries to identify a caller; `retry_after` in seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after
