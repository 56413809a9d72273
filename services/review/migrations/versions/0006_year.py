"""Days of a review that reports ask for, runs over everyone who is enrolled, and appointments."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("reviews") as batch:
        batch.add_column(sa.Column("held_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("done_on", sa.Date(), nullable=True))
        batch.create_index("ix_reviews_enrollment_id", ["enrollment_id", "review_id"])
    _fill_days()
    with op.batch_alter_table("review_runs") as batch:
        batch.add_column(sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.true()))
        batch.add_column(sa.Column("auto_complete", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("review_runs") as batch:
        batch.alter_column("listed", existing_type=sa.Boolean(), server_default=None)
        batch.alter_column("auto_complete", existing_type=sa.Boolean(), server_default=None)
    op.create_table(
        "appointments",
        sa.Column("appointment_id", sa.String(64), nullable=False),
        sa.Column("review_id", sa.String(64), nullable=False),
        sa.Column("starts_at", MOMENT, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("method", sa.String(16), nullable=False),
        sa.Column("with_whom", sa.String(16), nullable=False),
        sa.Column("provider", sa.String(200), nullable=True),
        sa.Column("interpreter_language", sa.String(200), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("reason", sa.String(2000), nullable=True),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.review_id"], name=op.f("fk_appointments_review_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("appointment_id", name=op.f("pk_appointments")),
    )
    op.create_index("ix_appointments_starts_at", "appointments", ["starts_at", "appointment_id"])


def _fill_days() -> None:
    """From what is kept: the consultation's own day, and the day of completion."""
    reviews = sa.table(
        "reviews",
        sa.column("review_id"),
        sa.column("consultation", sa.JSON()),
        sa.column("completed_at", MOMENT),
        sa.column("held_on", sa.Date()),
        sa.column("done_on", sa.Date()),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(reviews.c.review_id, reviews.c.consultation, reviews.c.completed_at)):
        held = sa.func.date(row.consultation["held_on"]) if row.consultation else None
        done = row.completed_at.date() if row.completed_at else None
        if connection.dialect.name == "postgresql" and row.consultation:
            held = sa.cast(row.consultation["held_on"], sa.Date())
        here = reviews.c.review_id == row.review_id
        connection.execute(reviews.update().where(here).values(held_on=held, done_on=done))


def downgrade() -> None:
    op.drop_table("appointments")
    with op.batch_alter_table("review_runs") as batch:
        batch.drop_column("auto_complete")
        batch.drop_column("listed")
    with op.batch_alter_table("reviews") as batch:
        batch.drop_index("ix_reviews_enrollment_id")
        batch.drop_column("done_on")
        batch.drop_column("held_on")
