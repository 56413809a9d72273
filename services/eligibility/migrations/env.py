"""Alembic's entry: the tables of this service under the shared, lock-taking runner."""

from mtm_eligibility.storage import contact_tables, run_tables, tables
from mtm_shared.storage import alembic_env

# Importing a module of tables puts them into the one metadata.
assert contact_tables.metadata is run_tables.metadata is tables.metadata
alembic_env.run(tables.metadata)
