"""What a run stands on: the versions that decided, a seal over what was decided, and who was left out."""

import sqlalchemy as sa
from alembic import op
from mtm_shared.storage.types import json_column

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("member_runs") as batch:
        batch.add_column(sa.Column("seal", sa.String(64), nullable=False, server_default=""))
        batch.add_column(sa.Column("versions", json_column(), nullable=True))
    op.create_table(
        "run_left_out",
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["member_runs.run_id"], name=op.f("fk_run_left_out_run_id_member_runs"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "member_id", name=op.f("pk_run_left_out")),
    )


def downgrade() -> None:
    op.drop_table("run_left_out")
    with op.batch_alter_table("member_runs") as batch:
        batch.drop_column("versions")
        batch.drop_column("seal")
