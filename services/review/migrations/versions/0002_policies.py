"""Sponsors' policies: the contract that a review was under, and forecasts of alert burden."""

import sqlalchemy as sa
from alembic import op
from mtm_shared.storage.types import UtcDateTime, json_column

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reviews", sa.Column("contract_id", sa.String(length=16), nullable=True))
    op.create_table(
        "policy_forecasts",
        sa.Column("forecast_id", sa.String(length=64), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("program_id", sa.String(length=64), nullable=True),
        sa.Column("policy_id", sa.String(length=64), nullable=True),
        sa.Column("policy", json_column(), nullable=True),
        sa.Column("screens", json_column(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("made_by", json_column(), nullable=True),
        sa.Column("burden", json_column(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("forecast_id", name="pk_policy_forecasts"),
    )
    op.create_table(
        "policy_forecast_members",
        sa.Column("forecast_id", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("review_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("seen", json_column(), nullable=True),
        sa.ForeignKeyConstraint(
            ["forecast_id"],
            ["policy_forecasts.forecast_id"],
            name="fk_policy_forecast_members_forecast_id",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("forecast_id", "position", name="pk_policy_forecast_members"),
    )
    op.create_index("ix_policy_forecast_members_state", "policy_forecast_members", ["forecast_id", "state", "position"])


def downgrade() -> None:
    op.drop_index("ix_policy_forecast_members_state")

    op.drop_table("policy_forecast_members")
    op.drop_table("policy_forecasts")
    op.drop_column("reviews", "contract_id")
