"""The tables of outreach and of calling back. Of a PIN there is a keyed look-up and a slow hash, and never the PIN.

A PIN's `lookup` stands only while the PIN is good, and is unique: no two good PINs of a programme are the same. Tries
to identify a caller are kept with keyed hashes of what was claimed, and without any answer.
"""

from mtm_shared.storage.types import UtcDateTime, json_column
from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table

from mtm_eligibility.storage.tables import metadata

outreach_attempts = Table(
    "outreach_attempts",
    metadata,
    Column("attempt_id", String(64), primary_key=True),
    Column("enrollment_id", String(64), ForeignKey("enrollments.enrollment_id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("channel", String(10), nullable=False),
    Column("attempt_date", Date, nullable=False),
    Column("attempted_at", UtcDateTime),
    Column("result", String(30), nullable=False),
    Column("from_number", String(24)),
    Column("note_code", String(40)),
    Column("offered_cmr", Boolean, nullable=False),
    Column("document_id", String(64)),
    Column("representative_id", String(64), ForeignKey("representatives.representative_id")),
    Column("notices", json_column(), nullable=False),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("ix_outreach_attempts_enrollment", "enrollment_id", "number", unique=True),
)

contact_preferences = Table(
    "contact_preferences",
    metadata,
    Column("member_id", String(64), ForeignKey("members.member_id", ondelete="CASCADE"), primary_key=True),
    Column("do_not_call", Boolean, nullable=False),
    Column("do_not_call_on", Date),
    Column("preferred_channel", String(10)),
    Column("preferred_time", String(10)),
    Column("language", String(2)),
    Column("recorded_at", UtcDateTime, nullable=False),
)

representatives = Table(
    "representatives",
    metadata,
    Column("representative_id", String(64), primary_key=True),
    Column("member_id", String(64), ForeignKey("members.member_id", ondelete="CASCADE"), nullable=False),
    Column("name", String(200), nullable=False),
    Column("relationship", String(200), nullable=False),
    Column("scope", json_column(), nullable=False),
    Column("effective_from", Date, nullable=False),
    Column("effective_to", Date),
    Column("basis", String(20), nullable=False),
    Column("phone", String(24)),
    Column("ended_on", Date),
    Column("recorded_at", UtcDateTime, nullable=False),
    Index("ix_representatives_member", "member_id", "representative_id"),
)

call_back_pins = Table(
    "call_back_pins",
    metadata,
    Column("pin_id", String(64), primary_key=True),
    Column("enrollment_id", String(64), ForeignKey("enrollments.enrollment_id"), nullable=False),
    Column("lookup", String(64), unique=True),
    Column("salt", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("voided_at", UtcDateTime),
    Index("ix_call_back_pins_enrollment", "enrollment_id"),
)

# One row for each key that was ever claimed: whoever tries with it waits for whoever tries with it already.
identity_keys = Table("identity_keys", metadata, Column("key", String(64), primary_key=True))

identity_tries = Table(
    "identity_tries",
    metadata,
    Column("verification_id", String(64), primary_key=True),
    Column("program_id", String(64), nullable=False),
    Column("tried_at", UtcDateTime, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("enrollment_id", String(64), ForeignKey("enrollments.enrollment_id")),
    Column("representative_id", String(64)),
)

identity_try_keys = Table(
    "identity_try_keys",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("verification_id", String(64), ForeignKey("identity_tries.verification_id"), primary_key=True),
    Column("tried_at", UtcDateTime, nullable=False),
    Index("ix_identity_try_keys_key", "key", "tried_at"),
)
