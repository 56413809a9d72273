"""The tables of the review service.

A review is one row with the columns that lists and reports ask for, and its sections as JSON, because a review is
read and written whole. Findings and changes have rows of their own: a compliance officer counts decisions by screen
and severity in SQL, and a change is only ever added. Times are UTC.
"""

from mtm_shared.storage.audit import audit_tables
from mtm_shared.storage.idempotency import idempotency_table
from mtm_shared.storage.jobs import jobs_table
from mtm_shared.storage.outbox import outbox_tables
from mtm_shared.storage.types import UtcDateTime, json_column
from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, MetaData, String, Table, Text

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

reviews = Table(
    "reviews",
    metadata,
    Column("review_id", String(64), primary_key=True),
    Column("member_id", String(64), nullable=False),
    Column("kind", String(8), nullable=False),
    Column("status", String(16), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("language", String(8), nullable=False),
    Column("enrollment_id", String(64)),
    Column("program_id", String(64)),
    Column("contract_id", String(16)),
    Column("version", Integer, nullable=False),
    Column("notes", Text),
    Column("scheduled_for", Date),
    Column("created_at", UtcDateTime, nullable=False),
    Column("completed_at", UtcDateTime),
    Column("patient", json_column(), nullable=False),
    Column("medications", json_column(), nullable=False),
    Column("suppressed", json_column(), nullable=False),
    Column("not_checked", json_column(), nullable=False),
    Column("profile_not_checked", json_column(), nullable=False),
    Column("coverage", json_column(), nullable=False),
    Column("todo_items", json_column(), nullable=False),
    Column("consultation", json_column()),
    Column("made_by", json_column(), nullable=False),
    Column("inferred", json_column()),
    Column("enrolled_on", Date),
    Column("plan_year", Integer),
    Column("held_on", Date),
    Index("ix_reviews_member_id", "member_id", "review_id"),
    Index("ix_reviews_status", "status", "review_id"),
    Index("ix_reviews_scheduled_for", "scheduled_for"),
    Index("ix_reviews_enrollment_id", "enrollment_id", "kind"),
    Index("ix_reviews_plan_year", "plan_year", "enrollment_id"),
)

findings = Table(
    "review_findings",
    metadata,
    Column("review_id", ForeignKey(reviews.c.review_id, ondelete="CASCADE"), primary_key=True),
    Column("finding_id", String(64), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("screen", String(32), nullable=False),
    Column("rule_id", String(128), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("decision", String(16)),
    Column("decided_by", String(200)),
    Column("decided_at", UtcDateTime),
    Column("finding", json_column(), nullable=False),
    Index("ix_review_findings_rule_id", "rule_id"),
    Index("ix_review_findings_screen", "screen", "severity", "decision"),
)

changes = Table(
    "review_changes",
    metadata,
    Column("review_id", ForeignKey(reviews.c.review_id, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("change", String(400), nullable=False),
    Column("author", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)

runs = Table(
    "review_runs",
    metadata,
    Column("review_run_id", String(64), primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("program_id", String(64)),
    Column("author", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("enumerates", Boolean, nullable=False, default=False),
    Column("cursor", String(512)),
    Column("enumerated", Boolean, nullable=False, default=True),
    Column("auto_complete", Boolean, nullable=False, default=True),
    Column("quarter", String(8)),
)

run_members = Table(
    "review_run_members",
    metadata,
    Column("review_run_id", ForeignKey(runs.c.review_run_id, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("member_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("review_id", String(64)),
    Column("code", String(64)),
    Column("detail", String(400)),
    Column("completed", Boolean, nullable=False, default=False),
    Index("ix_review_run_members_state", "review_run_id", "state", "position"),
    Index("ix_review_run_members_member_id", "review_run_id", "member_id"),
)

run_findings = Table(
    "review_run_findings",
    metadata,
    Column("review_run_id", ForeignKey(runs.c.review_run_id, ondelete="CASCADE"), primary_key=True),
    Column("screen", String(32), primary_key=True),
    Column("severity", String(16), primary_key=True),
    Column("findings", Integer, nullable=False),
)

forecasts = Table(
    "policy_forecasts",
    metadata,
    Column("forecast_id", String(64), primary_key=True),
    Column("as_of", Date, nullable=False),
    Column("program_id", String(64)),
    Column("policy_id", String(64)),
    Column("policy", json_column()),
    Column("screens", json_column(), nullable=False),
    Column("asked", Integer),
    Column("author", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("made_by", json_column()),
    Column("burden", json_column()),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)

forecast_members = Table(
    "policy_forecast_members",
    metadata,
    Column("forecast_id", ForeignKey(forecasts.c.forecast_id, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("review_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("seen", json_column()),
    Index("ix_policy_forecast_members_state", "forecast_id", "state", "position"),
)

replay_runs = Table(
    "replay_runs",
    metadata,
    Column("replay_run_id", String(64), primary_key=True),
    Column("knowledge_version", String(64), nullable=False),
    Column("as_of", Date),
    Column("author", String(200), nullable=False),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)

replay_run_reviews = Table(
    "replay_run_reviews",
    metadata,
    Column("replay_run_id", ForeignKey(replay_runs.c.replay_run_id, ondelete="CASCADE"), primary_key=True),
    Column("review_id", String(64), primary_key=True),
    Column("state", String(16), nullable=False),
    Column("differences", Integer, nullable=False),
    Index("ix_replay_run_reviews_state", "replay_run_id", "state", "review_id"),
)

replay_differences = Table(
    "replay_differences",
    metadata,
    Column("replay_run_id", ForeignKey(replay_runs.c.replay_run_id, ondelete="CASCADE"), primary_key=True),
    Column("review_id", String(64), primary_key=True),
    Column("finding_id", String(64), primary_key=True),
    Column("cause", String(32), primary_key=True),
    Column("what", String(8), nullable=False),
    Column("rule_id", String(128), nullable=False),
    Column("severity", String(16), nullable=False),
    Index("ix_replay_differences_rule_id", "replay_run_id", "rule_id"),
)

jobs = jobs_table(metadata)
outbox = outbox_tables(metadata, jobs)
audit_trail = audit_tables(metadata)
idempotency = idempotency_table(metadata)
