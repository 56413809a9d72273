"""Replay runs: which reviews they judge a version of the knowledge by, and every finding that differs."""

import sqlalchemy as sa
from alembic import op
from mtm_shared.storage.types import UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "replay_runs",
        sa.Column("replay_run_id", sa.String(length=64), nullable=False),
        sa.Column("knowledge_version", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("replay_run_id", name="pk_replay_runs"),
    )
    op.create_table(
        "replay_run_reviews",
        sa.Column("replay_run_id", sa.String(length=64), nullable=False),
        sa.Column("review_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["replay_run_id"],
            ["replay_runs.replay_run_id"],
            name="fk_replay_run_reviews_replay_run_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("replay_run_id", "review_id", name="pk_replay_run_reviews"),
    )
    op.create_index("ix_replay_run_reviews_state", "replay_run_reviews", ["replay_run_id", "state", "review_id"])
    op.create_table(
        "replay_differences",
        sa.Column("replay_run_id", sa.String(length=64), nullable=False),
        sa.Column("review_id", sa.String(length=64), nullable=False),
        sa.Column("finding_id", sa.String(length=64), nullable=False),
        sa.Column("cause", sa.String(length=32), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("rule_id", sa.String(length=128), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.ForeignKeyConstraint(
            ["replay_run_id"],
            ["replay_runs.replay_run_id"],
            name="fk_replay_differences_replay_run_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("replay_run_id", "review_id", "finding_id", "cause", name="pk_replay_differences"),
    )
    op.create_index("ix_replay_differences_rule_id", "replay_differences", ["replay_run_id", "rule_id"])


def downgrade() -> None:
    op.drop_index("ix_replay_differences_rule_id")

    op.drop_table("replay_differences")
    op.drop_index("ix_replay_run_reviews_state")

    op.drop_table("replay_run_reviews")
    op.drop_table("replay_runs")
