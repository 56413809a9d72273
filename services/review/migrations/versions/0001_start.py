"""Start: reviews with their findings and changes, review runs, jobs and idempotency keys."""

import sqlalchemy as sa
from alembic import op
from mtm_shared.storage.types import UtcDateTime, big_identity, json_column

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("headers", json_column(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", "owner", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_created_at", "idempotency_keys", ["created_at"])

    op.create_table(
        "jobs",
        sa.Column("number", big_identity(), autoincrement=True, nullable=False),
        sa.Column("job_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("payload", json_column(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("max_attempts", sa.Integer(), nullable=False),
        sa.Column("run_after", UtcDateTime(), nullable=False),
        sa.Column("worker_id", sa.String(length=64), nullable=True),
        sa.Column("leased_until", UtcDateTime(), nullable=True),
        sa.Column("error_code", sa.String(length=200), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("number", name="pk_jobs"),
        sa.UniqueConstraint("job_id", name="uq_jobs_job_id"),
        sa.UniqueConstraint("key", name="uq_jobs_key"),
    )
    op.create_index("ix_jobs_state_run_after", "jobs", ["state", "run_after"])

    op.create_table(
        "review_runs",
        sa.Column("review_run_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("program_id", sa.String(length=64), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("review_run_id", name="pk_review_runs"),
    )
    op.create_table(
        "reviews",
        sa.Column("review_id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("enrollment_id", sa.String(length=64), nullable=True),
        sa.Column("program_id", sa.String(length=64), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("notes", sa.Text(), nullable=True),
        sa.Column("scheduled_for", sa.Date(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("completed_at", UtcDateTime(), nullable=True),
        sa.Column("patient", json_column(), nullable=False),
        sa.Column("medications", json_column(), nullable=False),
        sa.Column("suppressed", json_column(), nullable=False),
        sa.Column("not_checked", json_column(), nullable=False),
        sa.Column("profile_not_checked", json_column(), nullable=False),
        sa.Column("coverage", json_column(), nullable=False),
        sa.Column("todo_items", json_column(), nullable=False),
        sa.Column("consultation", json_column(), nullable=True),
        sa.Column("made_by", json_column(), nullable=False),
        sa.PrimaryKeyConstraint("review_id", name="pk_reviews"),
    )
    op.create_index("ix_reviews_member_id", "reviews", ["member_id", "review_id"])
    op.create_index("ix_reviews_scheduled_for", "reviews", ["scheduled_for"])
    op.create_index("ix_reviews_status", "reviews", ["status", "review_id"])

    op.create_table(
        "review_changes",
        sa.Column("review_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("change", sa.String(length=400), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.review_id"], name="fk_review_changes_review_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "position", name="pk_review_changes"),
    )
    op.create_table(
        "review_findings",
        sa.Column("review_id", sa.String(length=64), nullable=False),
        sa.Column("finding_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("screen", sa.String(length=32), nullable=False),
        sa.Column("rule_id", sa.String(length=128), nullable=False),
        sa.Column("severity", sa.String(length=16), nullable=False),
        sa.Column("decision", sa.String(length=16), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=True),
        sa.Column("decided_at", UtcDateTime(), nullable=True),
        sa.Column("finding", json_column(), nullable=False),
        sa.ForeignKeyConstraint(
            ["review_id"], ["reviews.review_id"], name="fk_review_findings_review_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("review_id", "finding_id", name="pk_review_findings"),
    )
    op.create_index("ix_review_findings_rule_id", "review_findings", ["rule_id"])
    op.create_index("ix_review_findings_screen", "review_findings", ["screen", "severity", "decision"])

    op.create_table(
        "review_run_members",
        sa.Column("review_run_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("review_id", sa.String(length=64), nullable=True),
        sa.Column("code", sa.String(length=64), nullable=True),
        sa.Column("detail", sa.String(length=400), nullable=True),
        sa.ForeignKeyConstraint(
            ["review_run_id"],
            ["review_runs.review_run_id"],
            name="fk_review_run_members_review_run_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("review_run_id", "position", name="pk_review_run_members"),
    )
    op.create_index("ix_review_run_members_state", "review_run_members", ["review_run_id", "state", "position"])


def downgrade() -> None:
    op.drop_index("ix_review_run_members_state")

    op.drop_table("review_run_members")
    op.drop_index("ix_review_findings_screen")
    op.drop_index("ix_review_findings_rule_id")

    op.drop_table("review_findings")
    op.drop_table("review_changes")
    op.drop_index("ix_reviews_status")
    op.drop_index("ix_reviews_scheduled_for")
    op.drop_index("ix_reviews_member_id")

    op.drop_table("reviews")
    op.drop_table("review_runs")
    op.drop_index("ix_jobs_state_run_after")

    op.drop_table("jobs")
    op.drop_index("ix_idempotency_keys_created_at")

    op.drop_table("idempotency_keys")
