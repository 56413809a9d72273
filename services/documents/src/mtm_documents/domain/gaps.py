"""What a document should say and could not.

A letter goes out even when a fact is missing, because the member is owed it in time; but nobody may overlook that
it was missing. So whatever is left out, replaced or printed in the wrong language comes back beside the bytes, with
a stable code and the place in the value (ARCHITECTURE.md, law 6). A detail never repeats what a person wrote.
"""

from dataclasses import dataclass
from enum import StrEnum


class GapCode(StrEnum):
    """What kind of thing is missing."""

    MISSING_DIRECTIONS = "missing_directions"
    MISSING_REASON = "missing_reason"
    MISSING_PRESCRIBER = "missing_prescriber"
    MISSING_START_DATE = "missing_start_date"
    MISSING_STOP_DATE = "missing_stop_date"
    MISSING_STOP_REASON = "missing_stop_reason"
    STOPPED_NOT_LISTED = "stopped_not_listed"
    MISSING_ADDRESS = "missing_address"
    MISSING_PHONE = "missing_phone"
    MISSING_PROVIDER = "missing_provider"
    MISSING_OPT_OUT_CHANNEL = "missing_opt_out_channel"
    MISSING_DUE_DATE = "missing_due_date"
    MISSING_QUALIFICATION = "missing_qualification"
    MISSING_REPLY_CHANNEL = "missing_reply_channel"
    MISSING_REPLY_TOKEN = "missing_reply_token"  # noqa: S105 - a code, not a secret
    TOO_FEW_TAKE_BACK_SITES = "too_few_take_back_sites"
    UNTRANSLATED_HOURS = "untranslated_hours"
    MISSING_GLYPH = "missing_glyph"
    CONTROL_CHARACTER = "control_character"


@dataclass(frozen=True, slots=True)
class Gap:
    """One missing thing; `where` is a path into the value such as `medications[3].directions`."""

    code: GapCode
    where: str
    detail: str
