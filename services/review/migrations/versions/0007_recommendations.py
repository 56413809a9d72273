"""Recommendations with outcomes and resolutions, follow-ups, and runs that judge from later claims."""

import sqlalchemy as sa
from alembic import op
from mtm_shared.storage.types import json_column

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def _review(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_review_id")
    return sa.ForeignKeyConstraint(["review_id"], ["reviews.review_id"], name=name, ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "recommendations",
        sa.Column("recommendation_id", sa.String(64), nullable=False),
        sa.Column("review_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("enrollment_id", sa.String(64), nullable=True),
        sa.Column("program_id", sa.String(64), nullable=True),
        sa.Column("to", sa.String(12), nullable=False),
        sa.Column("finding_id", sa.String(64), nullable=True),
        sa.Column("prescriber_npi", sa.String(10), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("problem_category", sa.String(32), nullable=False),
        sa.Column("expects", json_column(), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("outcome", sa.String(24), nullable=False),
        sa.Column("outcomes", json_column(), nullable=False),
        sa.Column("resolution_state", sa.String(16), nullable=False),
        sa.Column("resolution", json_column(), nullable=False),
        sa.Column("resolved", sa.Boolean(), nullable=False),
        sa.Column("reply_token", sa.String(64), nullable=True),
        sa.Column("created_at", MOMENT, nullable=False),
        _review("recommendations"),
        sa.PrimaryKeyConstraint("recommendation_id", name=op.f("pk_recommendations")),
        sa.UniqueConstraint("reply_token", name=op.f("uq_recommendations_reply_token")),
    )
    op.create_index("ix_recommendations_review", "recommendations", ["review_id", "recommendation_id"])
    op.create_index("ix_recommendations_member", "recommendations", ["member_id", "recommendation_id"])
    op.create_index("ix_recommendations_year", "recommendations", ["sent_on", "enrollment_id"])
    op.create_table(
        "follow_ups",
        sa.Column("follow_up_id", sa.String(64), nullable=False),
        sa.Column("review_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("program_id", sa.String(64), nullable=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("recommendation_id", sa.String(64), nullable=True),
        sa.Column("finding_id", sa.String(64), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        _review("follow_ups"),
        sa.PrimaryKeyConstraint("follow_up_id", name=op.f("pk_follow_ups")),
    )
    op.create_index("ix_follow_ups_due", "follow_ups", ["state", "due_on", "follow_up_id"])
    op.create_table(
        "resolution_runs",
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("program_id", sa.String(64), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("after_id", sa.String(64), nullable=False),
        sa.Column("members", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("counts", json_column(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_resolution_runs")),
    )


def downgrade() -> None:
    for table in ("resolution_runs", "follow_ups", "recommendations"):
        op.drop_table(table)
