"""Tables of the documents service: rendered documents with their exact bytes, and take-back sites.

A document's bytes are never changed: what a member was sent must be shown years later as it was (ARCHITECTURE.md, ADR
1). When it was first sent is noted with it, from the attempts that stand in their own table.
"""

from mtm_shared.storage import UtcDateTime, idempotency_table, jobs_table, json_column
from mtm_shared.storage.audit import audit_tables
from mtm_shared.storage.outbox import outbox_tables
from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

documents = Table(
    "documents",
    metadata,
    Column("document_id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("language", String(2), nullable=False),
    Column("edition", String(16), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("review_id", String(64)),
    Column("enrollment_id", String(64)),
    Column("dated", Date, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("pdf", LargeBinary, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("html", LargeBinary, nullable=False),
    Column("html_sha256", String(64), nullable=False),
    Column("template_fingerprint", String(80), nullable=False),
    Column("wording_fingerprint", String(80), nullable=False),
    Column("gaps", json_column(), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("due_on", Date),
    Column("sent_on", Date),
    Column("plan_year", Integer),
    Index(None, "member_id", "document_id"),
    Index("ix_documents_due_on", "due_on", "document_id"),
    Index("ix_documents_enrollment_id", "enrollment_id", "document_id"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("document_id", String(64), ForeignKey(documents.c.document_id), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("channel", String(16), nullable=False),
    Column("sent_on", Date, nullable=False),
    Column("status", String(16), nullable=False),
    Column("tracking", String(200)),
    Column("recorded_at", UtcDateTime, nullable=False),
    Column("author", String(200), nullable=False),
    Column("consented", Boolean, nullable=False),
)

print_runs = Table(
    "print_runs",
    metadata,
    Column("print_run_id", String(64), primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("language", String(2)),
    Column("subject", String(16), nullable=False),
    Column("format_edition", String(200)),
    Column("dated", Date),
    Column("state", String(16), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("documents_per_part", Integer, nullable=False),
    Column("pad_to_even", Boolean, nullable=False),
)

print_run_parts = Table(
    "print_run_parts",
    metadata,
    Column("print_run_id", String(64), primary_key=True),
    Column("part", Integer, primary_key=True, autoincrement=False),
    Column("documents", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("pdf", LargeBinary, nullable=False),
)

print_run_items = Table(
    "print_run_items",
    metadata,
    Column("print_run_id", String(64), primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("subject_id", String(64), nullable=False),
    Column("prescriber_npi", String(10)),
    Column("state", String(16), nullable=False),
    Column("document_id", String(64)),
    Column("code", String(64)),
)

take_back_sites = Table(
    "take_back_sites",
    metadata,
    Column("site_id", String(64), primary_key=True),
    Column("name", String(200), nullable=False),
    Column("address", String(300), nullable=False),
    Column("zip_code", String(5), nullable=False, index=True),
    Column("phone", String(40), nullable=False),
    Column("hours", String(200), nullable=False),
)

jobs = jobs_table(metadata)
outbox = outbox_tables(metadata, jobs)
audit_trail = audit_tables(metadata)
idempotency_keys = idempotency_table(metadata)
