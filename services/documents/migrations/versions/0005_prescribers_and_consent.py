"""A print run's report for each prescriber of a review, and the consent that an electronic delivery stood on."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("print_run_items") as batch:
        batch.add_column(sa.Column("prescriber_npi", sa.String(10), nullable=True))
    with op.batch_alter_table("deliveries") as batch:
        batch.add_column(sa.Column("consented", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("deliveries") as batch:
        batch.alter_column("consented", existing_type=sa.Boolean(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("deliveries") as batch:
        batch.drop_column("consented")
    with op.batch_alter_table("print_run_items") as batch:
        batch.drop_column("prescriber_npi")
