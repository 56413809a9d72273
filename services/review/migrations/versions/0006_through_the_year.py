"""Reviews through the year: what reports count by, runs over a whole programme, and appointments."""

from datetime import date

import sqlalchemy as sa
from alembic import op
from mtm_shared.storage.types import UtcDateTime, json_column

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_RUN = "review_runs"
_REVIEWS = sa.table(
    "reviews",
    sa.column("review_id", sa.String),
    sa.column("as_of", sa.Date),
    sa.column("plan_year", sa.Integer),
    sa.column("held_on", sa.Date),
    sa.column("consultation", json_column()),
)


def upgrade() -> None:
    for column in (
        sa.Column("enrolled_on", sa.Date()),
        sa.Column("plan_year", sa.Integer()),
        sa.Column("held_on", sa.Date()),
    ):
        op.add_column("reviews", column)
    _fill()
    op.create_index("ix_reviews_enrollment_id", "reviews", ["enrollment_id", "kind"])
    op.create_index("ix_reviews_plan_year", "reviews", ["plan_year", "enrollment_id"])
    _runs()
    _appointments()


def _fill() -> None:
    """What older reviews know: the year that they looked at, and the day of their consultation."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(_REVIEWS.c.review_id, _REVIEWS.c.as_of, _REVIEWS.c.consultation)).all()
    for review_id, as_of, consultation in rows:
        held_on = date.fromisoformat(consultation["held_on"]) if consultation else None
        values = {"plan_year": as_of.year, "held_on": held_on}
        connection.execute(sa.update(_REVIEWS).where(_REVIEWS.c.review_id == review_id).values(values))


def _runs() -> None:
    op.add_column(_RUN, sa.Column("enumerates", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(_RUN, sa.Column("cursor", sa.String(512)))
    op.add_column(_RUN, sa.Column("enumerated", sa.Boolean(), nullable=False, server_default=sa.true()))
    # A run that was ordered before this release leaves every review to a pharmacist, as it was promised then.
    op.add_column(_RUN, sa.Column("auto_complete", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column(_RUN, sa.Column("quarter", sa.String(8)))
    op.add_column("review_run_members", sa.Column("completed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index("ix_review_run_members_member_id", "review_run_members", ["review_run_id", "member_id"])
    op.create_table(
        "review_run_findings",
        sa.Column("review_run_id", sa.String(64), nullable=False),
        sa.Column("screen", sa.String(32), nullable=False),
        sa.Column("severity", sa.String(16), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["review_run_id"], ["review_runs.review_run_id"], ondelete="CASCADE",
                                name="fk_review_run_findings_review_run_id"),
        sa.PrimaryKeyConstraint("review_run_id", "screen", "severity", name="pk_review_run_findings"),
    )  # fmt: skip


def _appointments() -> None:
    op.create_table(
        "appointments",
        sa.Column("appointment_id", sa.String(64), nullable=False),
        sa.Column("review_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("with", sa.String(16), nullable=False),
        sa.Column("provider", sa.String(200)),
        sa.Column("provider_key", sa.String(200)),
        sa.Column("contact", sa.String(200)),
        sa.Column("interpreter_language", sa.String(64)),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["review_id"], ["reviews.review_id"], ondelete="CASCADE",
                                name="fk_appointments_review_id"),
        sa.PrimaryKeyConstraint("appointment_id", name="pk_appointments"),
    )  # fmt: skip
    op.create_index("ix_appointments_review_id", "appointments", ["review_id"])
    op.create_index("ix_appointments_day", "appointments", ["day", "starts_at", "appointment_id"])
    op.create_index("ix_appointments_provider", "appointments", ["provider_key", "starts_at"])
    op.create_table(
        "appointment_changes",
        sa.Column("appointment_id", sa.String(64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(16), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(200), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["appointments.appointment_id"], ondelete="CASCADE",
                                name="fk_appointment_changes_appointment_id"),
        sa.PrimaryKeyConstraint("appointment_id", "position", name="pk_appointment_changes"),
    )  # fmt: skip
    op.create_table(
        "appointment_calendars",
        sa.Column("provider_key", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("provider_key", name="pk_appointment_calendars"),
    )


def downgrade() -> None:
    for table in ("appointment_calendars", "appointment_changes", "appointments", "review_run_findings"):
        op.drop_table(table)
    op.drop_index("ix_review_run_members_member_id", "review_run_members")
    op.drop_column("review_run_members", "completed")
    for column in ("quarter", "auto_complete", "enumerated", "cursor", "enumerates"):
        op.drop_column(_RUN, column)
    op.drop_index("ix_reviews_plan_year", "reviews")
    op.drop_index("ix_reviews_enrollment_id", "reviews")
    for column in ("held_on", "plan_year", "enrolled_on"):
        op.drop_column("reviews", column)
