"""Bundles of print runs, what became of documents on their way, and by when a document is owed."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_NEW_INDEXES = {
    "documents": (["due_on", "document_id"], ["enrollment_id"], ["review_id"]),
    "print_run_items": (["print_run_id", "state", "position"],),
}


def upgrade() -> None:
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.add_column(sa.Column("due_on", sa.Date(), nullable=True))
    with op.batch_alter_table("print_runs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("documents_per_part", sa.Integer(), nullable=False, server_default="250"))
        batch_op.add_column(sa.Column("pad_to_even", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("print_run_items", schema=None) as batch_op:
        for name in ("part", "page_from", "page_to"):
            batch_op.add_column(sa.Column(name, sa.Integer(), nullable=True))
    for table, indexes in _NEW_INDEXES.items():
        for columns in indexes:
            op.create_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table, columns)
    _create_deliveries()
    op.create_table(
        "print_run_parts",
        sa.Column("print_run_id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("print_run_id", "part", name=op.f("pk_print_run_parts")),
    )
    op.create_table(
        "print_run_chunks",
        sa.Column("print_run_id", sa.String(length=64), nullable=False),
        sa.Column("part", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chunk", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("print_run_id", "part", "chunk", name=op.f("pk_print_run_chunks")),
    )


def _create_deliveries() -> None:
    op.create_table(
        "document_deliveries",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("document_id", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("tracking", sa.String(length=200), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=True),
        sa.Column("consented", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.document_id"], name=op.f("fk_document_deliveries_document_id")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_document_deliveries")),
    )
    op.create_index(op.f("ix_document_deliveries_document_id_number"), "document_deliveries", ["document_id", "number"])


def downgrade() -> None:
    op.drop_table("print_run_chunks")
    op.drop_table("print_run_parts")
    op.drop_table("document_deliveries")
    for table, indexes in _NEW_INDEXES.items():
        for columns in indexes:
            op.drop_index(op.f(f"ix_{table}_{'_'.join(columns)}"), table)
    with op.batch_alter_table("print_run_items", schema=None) as batch_op:
        for name in ("page_to", "page_from", "part"):
            batch_op.drop_column(name)
    with op.batch_alter_table("print_runs", schema=None) as batch_op:
        batch_op.drop_column("pad_to_even")
        batch_op.drop_column("documents_per_part")
    with op.batch_alter_table("documents", schema=None) as batch_op:
        batch_op.drop_column("due_on")
