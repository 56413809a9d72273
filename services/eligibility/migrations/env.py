"""Alembic's entry: the tables of this service under the shared, lock-taking runner."""

from mtm_eligibility.storage.run_tables import metadata
from mtm_shared.storage import alembic_env

alembic_env.run(metadata)
