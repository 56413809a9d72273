"""The plan year of an enrolment, when its review was offered, and an enrolment for each contract; runs over members."""

import sqlalchemy as sa
from alembic import op
from mtm_shared.storage.types import json_column

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("enrollments") as batch:
        batch.add_column(sa.Column("plan_year", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("cmr_offered_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("due_told_on", sa.Date(), nullable=True))
    enrollments = sa.table("enrollments", sa.column("plan_year"), sa.column("enrolled_on", sa.Date()))
    op.execute(enrollments.update().values(plan_year=sa.extract("year", enrollments.c.enrolled_on)))
    with op.batch_alter_table("enrollments") as batch:
        batch.alter_column("plan_year", existing_type=sa.Integer(), nullable=False)
        batch.drop_constraint("uq_enrollments_member_id", type_="unique")
        batch.create_unique_constraint("uq_enrollments_member_id", ["member_id", "program_id", "contract_id"])
        batch.create_index("ix_enrollments_year", ["plan_year", "contract_id", "enrollment_id"])
    op.create_table(
        "member_runs",
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("program_id", sa.String(64), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("carry_over_from", sa.String(64), nullable=True),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("after_id", sa.String(64), nullable=False),
        sa.Column("counts", json_column(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("finished_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("run_id", name=op.f("pk_member_runs")),
    )
    op.create_table(
        "run_determinations",
        sa.Column("run_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("determination_id", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"],
            ["member_runs.run_id"],
            name=op.f("fk_run_determinations_run_id_member_runs"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("run_id", "member_id", name=op.f("pk_run_determinations")),
    )
    op.create_index("ix_run_determinations_run", "run_determinations", ["run_id", "member_id"])


def downgrade() -> None:
    op.drop_table("run_determinations")
    op.drop_table("member_runs")
    with op.batch_alter_table("enrollments") as batch:
        batch.drop_index("ix_enrollments_year")
        batch.drop_constraint("uq_enrollments_member_id", type_="unique")
        batch.create_unique_constraint("uq_enrollments_member_id", ["member_id", "program_id"])
        batch.drop_column("due_told_on")
        batch.drop_column("cmr_offered_on")
        batch.drop_column("plan_year")
