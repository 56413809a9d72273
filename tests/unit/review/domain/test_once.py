"""What two screens would say of one drug is told once, and nothing is lost."""

from datetime import date

from mtm_review.domain.finding import Screen, Screening, SuppressionReason
from mtm_review.domain.screening import ScreeningOptions, screen
from regimens import AS_OF, KNOWLEDGE, a_patient, filled

ALIKE = frozenset({Screen.OLDER_ADULT, Screen.DURATION})


def zolpidem_for_months(*, born: date) -> Screening:
    months = filled("zolpidem", *range(10, 340, 30))
    return screen(a_patient(born=born), [months], AS_OF, KNOWLEDGE, ScreeningOptions(50, ALIKE))


def test_a_hypnotic_taken_for_months_at_seventy_six_is_told_once() -> None:
    answer = zolpidem_for_months(born=date(1950, 3, 15))
    assert len(answer.findings) == 1
    (said,) = [item for item in answer.suppressed if item.reason is SuppressionReason.POLICY]
    assert {answer.findings[0].screen, said.screen} == ALIKE
    assert said.because.endswith(f"The finding {answer.findings[0].rule_id} says it already.")


def test_below_sixty_five_only_the_time_speaks() -> None:
    (finding,) = zolpidem_for_months(born=date(1970, 3, 15)).findings
    assert finding.screen is Screen.DURATION
