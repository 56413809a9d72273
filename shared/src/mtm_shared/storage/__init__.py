"""Database plumbing shared by the services: engines, transactions, upserts, jobs, idempotency keys and migrations.

No tables of its own: `jobs_table` and `idempotency_table` declare theirs in a service's metadata, and the service's
migrations create them. Nothing here commits except the worker, whose transactions are its own.
"""

from mtm_shared.storage.engine import Database, SessionFactory, make_engine
from mtm_shared.storage.idempotency import forget_keys, idempotency_table
from mtm_shared.storage.jobs import Job, JobQueue, LeaseLost, jobs_table
from mtm_shared.storage.locking import one_at_a_time
from mtm_shared.storage.migrate import check_migrations, head_revision, migrate, migrations_path
from mtm_shared.storage.session import Reading, Transaction, reading, transaction
from mtm_shared.storage.types import ExactDecimal, UtcDateTime, big_identity, json_column
from mtm_shared.storage.upsert import PARAMETER_LIMIT, chunks, insert_all, upsert, upsert_all
from mtm_shared.storage.worker import (
    ComeBack,
    GiveUp,
    Handler,
    JobContext,
    Periodic,
    TryLater,
    WorkerOptions,
    run_worker,
    work_off,
    worker_name,
)

__all__ = [
    "PARAMETER_LIMIT",
    "ComeBack",
    "Database",
    "ExactDecimal",
    "GiveUp",
    "Handler",
    "Job",
    "JobContext",
    "JobQueue",
    "LeaseLost",
    "Periodic",
    "Reading",
    "SessionFactory",
    "Transaction",
    "TryLater",
    "UtcDateTime",
    "WorkerOptions",
    "big_identity",
    "check_migrations",
    "chunks",
    "forget_keys",
    "head_revision",
    "idempotency_table",
    "insert_all",
    "jobs_table",
    "json_column",
    "make_engine",
    "migrate",
    "migrations_path",
    "one_at_a_time",
    "reading",
    "run_worker",
    "transaction",
    "upsert",
    "upsert_all",
    "work_off",
    "worker_name",
]
