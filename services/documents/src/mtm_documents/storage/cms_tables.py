"""Tables of the CMS reports: what was read, the row or reject of each member, findings, the exact bytes of the file.

A report is a snapshot: facts as they were read, rows as they were made. A later report is another one.
"""

from mtm_shared.storage import UtcDateTime, json_column
from sqlalchemy import Column, Date, ForeignKey, Index, Integer, LargeBinary, String, Table

from mtm_documents.storage.tables import metadata


def _report_id() -> Column[str]:
    return Column("report_id", String(64), ForeignKey("cms_reports.report_id"), primary_key=True)


reports = Table(
    "cms_reports",
    metadata,
    Column("report_id", String(64), primary_key=True),
    Column("contract_id", String(5), nullable=False),
    Column("year", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("stage", String(16), nullable=False),
    Column("cursor", String(512)),
    Column("as_of", Date, nullable=False),
    Column("made_by", json_column(), nullable=False),
    Column("summary", json_column()),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Index(None, "year", "contract_id"),
)

enrollments = Table(
    "cms_report_enrollments",
    metadata,
    _report_id(),
    Column("enrollment_id", String(64), primary_key=True),
    Column("member_id", String(64), nullable=False),
    Column("mbi", String(11)),
    Column("facts", json_column()),
    Column("work", json_column()),
    Column("sent", json_column()),
    Index("ix_cms_report_enrollments_member", "report_id", "member_id", "enrollment_id"),
    Index("ix_cms_report_enrollments_mbi", "report_id", "mbi"),
)

members = Table(
    "cms_report_members",
    metadata,
    _report_id(),
    Column("member_id", String(64), primary_key=True),
    Column("row_number", Integer),
    Column("enrollment_id", String(64), nullable=False),
    Column("program_id", String(64), nullable=False),
    Column("reject", String(32)),
    Column("texts", json_column()),
    Column("measure", json_column(), nullable=False),
    Index("ix_cms_report_members_row", "report_id", "row_number"),
)

findings = Table(
    "cms_report_findings",
    metadata,
    _report_id(),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("row_number", Integer),
    Column("member_id", String(64), nullable=False),
    Column("enrollment_id", String(64), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("field", String(32), nullable=False),
    Column("severity", String(8), nullable=False),
    Column("standard", String(8), nullable=False),
    Column("text", String(200), nullable=False),
)

files = Table(
    "cms_report_files",
    metadata,
    _report_id(),
    Column("format", String(8), primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
)
