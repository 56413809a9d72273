"""The tables, as SQLAlchemy Core, the same on SQLite and PostgreSQL.

Claims are kept with the identifiers as they were given, never as understood: a better vocabulary then understands old
claims without a migration. Costs and quantities are whole ten-thousandths, because the prescription drug event has
four decimals at most and SQLite has no exact decimal; nothing is ever rounded on the way in or out.

A member's facts hang on the member and go with it. Determinations and enrolments do not: they are the record of what
the plan decided and offered (42 CFR 423.505(d), ten years), so a member who has one cannot be deleted.
"""

from decimal import Decimal
from typing import Any

from mtm_shared.storage.audit import audit_tables
from mtm_shared.storage.idempotency import idempotency_table
from mtm_shared.storage.jobs import jobs_table
from mtm_shared.storage.outbox import outbox_tables
from mtm_shared.storage.types import UtcDateTime, json_column
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.engine import Dialect

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = MetaData(naming_convention=NAMING)


class TenThousandths(TypeDecorator[Decimal]):
    """An exact decimal with at most four places, stored as a whole number of ten-thousandths."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        """Dollars or units to ten-thousandths; more than four decimals would be a loss and is an error."""
        if value is None:
            return None
        scaled = value.scaleb(4)
        whole = int(scaled)
        if whole != scaled:
            raise ValueError("more than four decimals")
        return whole

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """Ten-thousandths back to a decimal without trailing zeros beyond the cent."""
        return None if value is None else exact(value)


def exact(ten_thousandths: int) -> Decimal:
    """Ten-thousandths as a decimal: two decimals where the cent is whole, otherwise four."""
    cents, rest = divmod(ten_thousandths, 100)
    return Decimal(ten_thousandths).scaleb(-4) if rest else Decimal(cents).scaleb(-2)


def _member(**options: Any) -> Column[str]:
    return Column("member_id", String(64), ForeignKey("members.member_id", ondelete="CASCADE"), **options)


members = Table(
    "members",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("mbi", String(32)),
    Column("first_name", String(200)),
    Column("middle_initial", String(200)),
    Column("last_name", String(200)),
    Column("birth_date", Date, nullable=False),
    Column("sex", String(7), nullable=False),
    Column("zip_code", String(10)),
    Column("address", json_column()),
    Column("phone", String(200)),
    Column("language", String(2), nullable=False, server_default="en"),
    Column("prescribers", json_column()),
    Column("death_date", Date),
    Index("ix_members_birth_date", "birth_date"),
)

coverage = Table(
    "coverage",
    metadata,
    _member(primary_key=True),
    Column("effective_from", Date, primary_key=True),
    Column("effective_to", Date),
    Column("contract_id", String(5), nullable=False),
    Column("pbp_id", String(3), nullable=False),
    Column("plan_type", String(5), nullable=False),
    Column("low_income", Boolean),
)

# Every record of a claim is kept under its adjustment code and netted when it is read, so that a deletion that arrives
# before its original, or a file that is sent twice, gives the same facts.
fills = Table(
    "fills",
    metadata,
    _member(primary_key=True),
    Column("claim_id", String(64), primary_key=True),
    Column("adjustment", String(1), primary_key=True),
    Column("ndc", String(32)),
    Column("rxcui", String(32)),
    Column("drug_name", String(200)),
    Column("fill_date", Date, nullable=False),
    Column("days_supply", Integer, nullable=False),
    Column("quantity", TenThousandths, nullable=False),
    Column("total_cost", TenThousandths, nullable=False),
    Column("coverage_status", String(1), nullable=False),
    Column("prescriber_npi", String(32)),
    Column("pharmacy_npi", String(32)),
    Column("patient_residence", String(2)),
    Column("import_id", String(64)),
)

# One medical claim as imported, so that its lines are counted once and an update replaces all of its diagnoses.
claims = Table(
    "claims",
    metadata,
    _member(primary_key=True),
    Column("claim_id", String(64), primary_key=True),
    Column("setting", String(10), primary_key=True),
    Column("import_id", String(64), nullable=False),
    Column("replaces", Boolean, nullable=False),
)

diagnoses = Table(
    "diagnoses",
    metadata,
    _member(primary_key=True),
    Column("claim_id", String(64), primary_key=True, server_default=""),
    Column("icd10", String(32), primary_key=True),
    Column("service_date", Date, primary_key=True),
    Column("setting", String(10), primary_key=True),
)

drug_management = Table(
    "drug_management",
    metadata,
    _member(primary_key=True),
    Column("effective_from", Date, primary_key=True),
    Column("effective_to", Date),
    Column("at_risk", Boolean, nullable=False),
    Column("coverage_limitation", Boolean, nullable=False),
)

stays = Table(
    "stays",
    metadata,
    _member(primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("start_date", Date, primary_key=True),
    Column("claim_id", String(64), primary_key=True, server_default=""),
    Column("end_date", Date),
)

determinations = Table(
    "determinations",
    metadata,
    Column("determination_id", String(64), primary_key=True),
    Column("member_id", String(64), ForeignKey("members.member_id"), nullable=False),
    Column("program_id", String(64), nullable=False),
    Column("as_of", Date, nullable=False),
    Column("outcome", String(12), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_determinations_member", "member_id", "determination_id"),
)

enrollments = Table(
    "enrollments",
    metadata,
    Column("enrollment_id", String(64), primary_key=True),
    Column("member_id", String(64), ForeignKey("members.member_id"), nullable=False),
    Column("program_id", String(64), nullable=False),
    Column("contract_id", String(5), nullable=False),
    Column("status", String(11), nullable=False),
    Column("determination_id", String(64)),
    Column("pathway", String(20)),
    Column("targeted_on", Date, nullable=False),
    Column("enrolled_on", Date, nullable=False),
    Column("plan_year", Integer, nullable=False),
    Column("cmr_offer_due", Date, nullable=False),
    Column("cmr_offered_on", Date),
    Column("due_told_on", Date),
    Column("cmr_declined", Boolean, nullable=False),
    Column("opted_out_on", Date),
    Column("opt_out_reason", String(2)),
    Column("permanent", Boolean, nullable=False),
    UniqueConstraint("member_id", "program_id", "contract_id"),
    Index("ix_enrollments_status_due", "status", "cmr_offer_due"),
    Index("ix_enrollments_year", "plan_year", "contract_id", "enrollment_id"),
)

enrollment_events = Table(
    "enrollment_events",
    metadata,
    Column("enrollment_id", String(64), ForeignKey("enrollments.enrollment_id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("event", String(20), nullable=False),
    Column("event_date", Date, nullable=False),
    Column("reason", String(2)),
    Column("scope", String(10)),
    Column("permanent", Boolean),
    Column("recorded_at", UtcDateTime, nullable=False),
)

# `next_offset`, `next_line` and `counts` are the checkpoint: they move in the transaction that stores what lies before
# them, so that a worker that takes over goes on exactly there.
imports = Table(
    "imports",
    metadata,
    Column("import_id", String(64), primary_key=True),
    Column("format", String(32), nullable=False),
    Column("state", String(7), nullable=False),
    Column("path", Text, nullable=False),
    Column("spooled", Boolean, nullable=False),
    Column("sha256", String(64)),
    Column("size_bytes", BigInteger, nullable=False),
    Column("next_offset", BigInteger, nullable=False),
    Column("next_line", BigInteger, nullable=False),
    Column("counts", json_column(), nullable=False),
    Column("failure_code", String(64)),
    Column("failure_detail", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)

import_rejects = Table(
    "import_rejects",
    metadata,
    Column("import_id", String(64), ForeignKey("imports.import_id", ondelete="CASCADE"), primary_key=True),
    Column("row", BigInteger, primary_key=True, autoincrement=False),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("scope", String(5), nullable=False),
    Column("field", String(200), nullable=False),
    Column("code", String(64), nullable=False),
    Column("message", Text, nullable=False),
)

jobs = jobs_table(metadata)
outbox = outbox_tables(metadata, jobs)
audit_trail = audit_tables(metadata)
idempotency = idempotency_table(metadata)
