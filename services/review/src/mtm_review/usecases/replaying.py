"""Screens a kept review again on another version of the knowledge and says what differs; the review stays as it is.

What the review keeps is screened: its list as it was reconciled and its member as told, each read again by today's
vocabulary, with the default options, as a review itself is.
"""

from dataclasses import replace
from datetime import date

from mtm_review.domain.comparing import Comparison, compare
from mtm_review.domain.knowledge import Knowledge
from mtm_review.domain.replaying import Replay, Trial, replay_of
from mtm_review.domain.review import Review, Screened
from mtm_review.domain.versions import UnusableVersion, VersionNotFound, Versions
from mtm_review.usecases.listing import understood_again, with_status
from mtm_review.usecases.opening import all_gaps, screen_lines
from mtm_review.usecases.policies import Payer
from mtm_review.usecases.ports import Expertise
from mtm_review.usecases.understanding import patient_understood_again


class Replayer:
    """Replays reviews on one version; what two versions differ in is worked out once for all of them."""

    def __init__(self, expertise: Expertise, versions: Versions, version: str | None) -> None:
        """Raises `VersionNotFound` or `UnusableVersion` where the version cannot be screened by."""
        self._expertise = expertise
        self._versions = versions
        self._after = versions.today if version is None else versions.version(version)
        self._compared: dict[str, Comparison] = {}

    @property
    def version(self) -> str:
        """The version that is screened by."""
        return self._after.version

    def replay(self, review: Review, as_of: date | None = None) -> Replay:
        """What the version finds in the review on the day (default: the review's own), and why it differs."""
        day = as_of or review.as_of
        before = self._kept_version(review)
        after = screened_again(review, day, replace(self._expertise, knowledge=self._after))
        again = None
        if before is not None:
            again = (
                after
                if before is self._after
                else screened_again(review, day, replace(self._expertise, knowledge=before))
            )
        return replay_of(
            Trial(
                made_before=review.made_by,
                made_after=after.made_by,
                kept=review.findings,
                again=None if again is None else again.findings,
                after=after.findings,
                comparison=None if before is None else self._comparison(before),
            )
        )

    def _kept_version(self, review: Review) -> Knowledge | None:
        try:
            return self._versions.version(review.made_by.knowledge_version)
        except (VersionNotFound, UnusableVersion):
            return None

    def _comparison(self, before: Knowledge) -> Comparison:
        if before.version not in self._compared:
            self._compared[before.version] = compare(before, self._after)
        return self._compared[before.version]


def screened_again(review: Review, as_of: date, expertise: Expertise) -> Screened:
    """The screening of what the review keeps, in the words that a review keeps."""
    lines = [understood_again(line, expertise.vocabulary) for line in review.medications]
    patient = patient_understood_again(review.patient, expertise.vocabulary)
    medications = with_status(lines, patient, as_of)
    payer = Payer(review.program_id, review.contract_id)
    screened = screen_lines(expertise, patient, medications, as_of, payer)
    return replace(screened, not_checked=all_gaps(review, screened))
