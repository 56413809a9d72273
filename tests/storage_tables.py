"""Tables for tests of the shared storage layer."""

from mtm_shared.storage import ExactDecimal, JobQueue, UtcDateTime, idempotency_table, jobs_table, json_column
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table

metadata = MetaData()
parents = Table("parents", metadata, Column("parent_id", String(20), primary_key=True))
things = Table(
    "things",
    metadata,
    Column("thing_id", String(20), primary_key=True),
    Column("parent_id", String(20), ForeignKey("parents.parent_id")),
    Column("count", Integer),
    Column("amount", ExactDecimal(12, 4)),
    Column("at", UtcDateTime),
    Column("extra", json_column()),
)
keys = idempotency_table(metadata)
queue = JobQueue(jobs_table(metadata))
