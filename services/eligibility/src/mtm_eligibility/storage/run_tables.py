"""Tables of runs over the members: targeting and the sweep for who has left.

`after_id` is the checkpoint: it moves in the transaction that keeps what was decided of the members before it.
"""

from mtm_shared.storage.types import UtcDateTime, json_column
from sqlalchemy import Column, Date, ForeignKey, Index, String, Table

from mtm_eligibility.storage.tables import metadata

member_runs = Table(
    "member_runs",
    metadata,
    Column("run_id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("program_id", String(64)),
    Column("as_of", Date, nullable=False),
    Column("carry_over_from", String(64)),
    Column("author", String(200), nullable=False),
    Column("state", String(8), nullable=False),
    Column("after_id", String(64), nullable=False),
    Column("counts", json_column(), nullable=False),
    Column("seal", String(64), nullable=False, server_default=""),
    Column("versions", json_column()),
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
)

run_determinations = Table(
    "run_determinations",
    metadata,
    Column("run_id", String(64), ForeignKey("member_runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", String(64), primary_key=True),
    Column("determination_id", String(64), nullable=False),
    Index("ix_run_determinations_run", "run_id", "member_id"),
)

run_left_out = Table(
    "run_left_out",
    metadata,
    Column("run_id", String(64), ForeignKey("member_runs.run_id", ondelete="CASCADE"), primary_key=True),
    Column("member_id", String(64), primary_key=True),
    Column("code", String(32), nullable=False),
)
