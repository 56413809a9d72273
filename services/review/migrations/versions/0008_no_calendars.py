"""A pharmacist's bookings follow one another by a lock with a name: the table that was only locked is gone."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("appointment_calendars")


def downgrade() -> None:
    op.create_table(
        "appointment_calendars",
        sa.Column("provider_key", sa.String(200), nullable=False),
        sa.PrimaryKeyConstraint("provider_key", name="pk_appointment_calendars"),
    )
