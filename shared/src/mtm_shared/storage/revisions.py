"""Steps of migrations that every service takes for the tables of the plumbing; a step is never changed, only followed.

When a table changes, its first shape moves here and a new step changes it. The
audit trail is append-only in the database itself: triggers refuse to update or delete what was written.
"""

from typing import Final

import sqlalchemy as sa
from alembic import op

from mtm_shared.storage.audit import audit_tables
from mtm_shared.storage.jobs import jobs_table
from mtm_shared.storage.outbox import outbox_tables

_NAMING: Final = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
_GUARDED: Final = ("audit_entries", "audit_chain", "audit_subjects")
_REFUSE: Final = """
CREATE FUNCTION openmtm_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit trail is append-only'; END $$
"""


def create_outbox() -> None:
    """The outbox of the first release that has one."""
    metadata = sa.MetaData(naming_convention=_NAMING)
    outbox = outbox_tables(metadata, jobs_table(metadata))
    metadata.create_all(op.get_bind(), [outbox.endpoints, outbox.events, outbox.deliveries])


def drop_outbox() -> None:
    """Undo `create_outbox`."""
    for table in ("webhook_deliveries", "outbox_events", "webhook_endpoints"):
        op.drop_table(table)


def create_audit() -> None:
    """The audit trail of the first release that has one, with the triggers that guard it."""
    metadata = sa.MetaData(naming_convention=_NAMING)
    trail = audit_tables(metadata)
    metadata.create_all(op.get_bind(), [trail.entries, trail.chain, trail.subjects])
    postgres = op.get_bind().dialect.name == "postgresql"
    if postgres:
        op.execute(_REFUSE)
    for table in _GUARDED:
        _guard(table, postgres)


def _guard(table: str, postgres: bool) -> None:
    if postgres:
        op.execute(
            f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION openmtm_append_only()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION openmtm_append_only()"
        )
        return
    for event in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
            "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
        )


def drop_audit() -> None:
    """Undo `create_audit`."""
    for table in _GUARDED:
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION openmtm_append_only()")
