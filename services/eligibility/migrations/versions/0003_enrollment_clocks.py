"""The plan year of an enrolment, and the day on which the comprehensive review was offered."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("enrollments") as batch:
        batch.add_column(sa.Column("plan_year", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("cmr_offered_on", sa.Date(), nullable=True))
    enrollments = sa.table("enrollments", sa.column("plan_year"), sa.column("enrolled_on", sa.Date()))
    op.execute(enrollments.update().values(plan_year=sa.extract("year", enrollments.c.enrolled_on)))
    with op.batch_alter_table("enrollments") as batch:
        batch.alter_column("plan_year", existing_type=sa.Integer(), nullable=False)


def downgrade() -> None:
    with op.batch_alter_table("enrollments") as batch:
        batch.drop_column("cmr_offered_on")
        batch.drop_column("plan_year")
