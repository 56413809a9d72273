"""Reports to CMS: what was read, a row or reject for each member, findings, and the exact bytes of the file."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def _report_id(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("report_id", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["cms_reports.report_id"], name=op.f(f"fk_{table}_report_id")),
    ]


def upgrade() -> None:
    op.create_table(
        "cms_reports",
        sa.Column("report_id", sa.String(length=64), nullable=False),
        sa.Column("contract_id", sa.String(length=5), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("stage", sa.String(length=16), nullable=False),
        sa.Column("cursor", sa.String(length=512), nullable=True),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("made_by", _JSON, nullable=False),
        sa.Column("summary", _JSON, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_cms_reports")),
    )
    op.create_index(op.f("ix_cms_reports_year_contract_id"), "cms_reports", ["year", "contract_id"])
    _create_enrollments()
    _create_members()
    _create_findings()
    op.create_table(
        "cms_report_files",
        *_report_id("cms_report_files"),
        sa.Column("format", sa.String(length=8), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "format", name=op.f("pk_cms_report_files")),
    )


def _create_enrollments() -> None:
    table = "cms_report_enrollments"
    op.create_table(
        table,
        *_report_id(table),
        sa.Column("enrollment_id", sa.String(length=64), nullable=False),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("mbi", sa.String(length=11), nullable=True),
        sa.Column("facts", _JSON, nullable=True),
        sa.Column("work", _JSON, nullable=True),
        sa.Column("sent", _JSON, nullable=True),
        sa.PrimaryKeyConstraint("report_id", "enrollment_id", name=op.f(f"pk_{table}")),
    )
    op.create_index("ix_cms_report_enrollments_member", table, ["report_id", "member_id", "enrollment_id"])
    op.create_index("ix_cms_report_enrollments_mbi", table, ["report_id", "mbi"])


def _create_members() -> None:
    op.create_table(
        "cms_report_members",
        *_report_id("cms_report_members"),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("enrollment_id", sa.String(length=64), nullable=False),
        sa.Column("program_id", sa.String(length=64), nullable=False),
        sa.Column("reject", sa.String(length=32), nullable=True),
        sa.Column("texts", _JSON, nullable=True),
        sa.Column("measure", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("report_id", "member_id", name=op.f("pk_cms_report_members")),
    )
    op.create_index("ix_cms_report_members_row", "cms_report_members", ["report_id", "row_number"])


def _create_findings() -> None:
    op.create_table(
        "cms_report_findings",
        *_report_id("cms_report_findings"),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("row_number", sa.Integer(), nullable=True),
        sa.Column("member_id", sa.String(length=64), nullable=False),
        sa.Column("enrollment_id", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=64), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("standard", sa.String(length=8), nullable=False),
        sa.Column("text", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("report_id", "number", name=op.f("pk_cms_report_findings")),
    )


def downgrade() -> None:
    for table in ("files", "findings", "members", "enrollments"):
        op.drop_table(f"cms_report_{table}")
    op.drop_table("cms_reports")
