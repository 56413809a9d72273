"""How an appointment ends: early, at its moment, late."""

from datetime import UTC, datetime, timedelta

import pytest
from mtm_review.domain.appointments import Appointment, AppointmentClosed, AppointmentState, NotBegun, ended

BEGINS = datetime(2026, 7, 8, 15, 30, tzinfo=UTC)
CALL = Appointment("apt", "rev", "M", BEGINS.date(), BEGINS, 30, "telephone", "beneficiary", ())


@pytest.mark.parametrize("state", [AppointmentState.HELD, AppointmentState.NO_SHOW])
def test_a_call_is_held_or_missed_from_its_moment_on(state: AppointmentState) -> None:
    with pytest.raises(NotBegun):
        ended(CALL, state, "", "pat", BEGINS - timedelta(seconds=1))
    for moment in (BEGINS, BEGINS + timedelta(days=3)):
        assert ended(CALL, state, "", "pat", moment).state is state


def test_a_call_is_cancelled_before_and_after_its_moment_and_once() -> None:
    for moment in (BEGINS - timedelta(days=1), BEGINS + timedelta(hours=1)):
        cancelled = ended(CALL, AppointmentState.CANCELLED, "ill", "pat", moment)
        with pytest.raises(AppointmentClosed):
            ended(cancelled, AppointmentState.HELD, "", "pat", BEGINS)
