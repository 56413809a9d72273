"""Proof of delivery, the day by which a document is owed, and merged bundles of print runs."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    with op.batch_alter_table("documents") as batch:
        batch.add_column(sa.Column("due_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("sent_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("plan_year", sa.Integer(), nullable=True))
        batch.create_index("ix_documents_due_on", ["due_on", "document_id"])
        batch.create_index("ix_documents_enrollment_id", ["enrollment_id", "document_id"])
    with op.batch_alter_table("print_runs") as batch:
        batch.add_column(sa.Column("documents_per_part", sa.Integer(), nullable=False, server_default="250"))
        batch.add_column(sa.Column("pad_to_even", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("print_runs") as batch:
        batch.alter_column("documents_per_part", existing_type=sa.Integer(), server_default=None)
        batch.alter_column("pad_to_even", existing_type=sa.Boolean(), server_default=None)
    op.create_table(
        "print_run_parts",
        sa.Column("print_run_id", sa.String(64), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("print_run_id", "part", name=op.f("pk_print_run_parts")),
    )
    op.create_table(
        "deliveries",
        sa.Column("document_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("tracking", sa.String(200), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["documents.document_id"], name=op.f("fk_deliveries_document_id")),
        sa.PrimaryKeyConstraint("document_id", "number", name=op.f("pk_deliveries")),
    )


def downgrade() -> None:
    op.drop_table("deliveries")
    op.drop_table("print_run_parts")
    with op.batch_alter_table("print_runs") as batch:
        batch.drop_column("pad_to_even")
        batch.drop_column("documents_per_part")
    with op.batch_alter_table("documents") as batch:
        batch.drop_index("ix_documents_enrollment_id")
        batch.drop_index("ix_documents_due_on")
        batch.drop_column("plan_year")
        batch.drop_column("sent_on")
        batch.drop_column("due_on")
