"""When the next comprehensive and the next targeted review of an enrolled member is due.

A comprehensive review once a year: within so many days of the last one, and within the plan year (42 CFR
423.153(d)(1)(vii)(B); CMS guidance). A targeted review at least quarterly, counted from the enrolment or the last one
(423.153(d)(1)(vii)(C)); what would fall due after the plan year belongs to the next year's enrolment.
"""

from datetime import date, timedelta


def cmr_due(enrolled_on: date, plan_year: int, last_held: date | None, every_days: int) -> date:
    """The last day for this plan year's comprehensive review; `last_held` is the last one before the enrolment."""
    year_end = date(plan_year, 12, 31)
    if last_held is None:
        return year_end
    return max(enrolled_on, min(last_held + timedelta(days=every_days), year_end))


def tmr_due(enrolled_on: date, plan_year: int, last_done: date | None, every_days: int) -> date | None:
    """The last day for the next targeted review; None when none is due any more in the plan year."""
    due = max(enrolled_on, last_done or enrolled_on) + timedelta(days=every_days)
    return due if due <= date(plan_year, 12, 31) else None
