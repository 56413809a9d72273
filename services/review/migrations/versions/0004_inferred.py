"""Conditions that drugs show, kept with the review that told them."""

import sqlalchemy as sa
from alembic import op
from mtm_shared.storage.types import json_column

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("reviews", sa.Column("inferred", json_column(), nullable=True))


def downgrade() -> None:
    op.drop_column("reviews", "inferred")
