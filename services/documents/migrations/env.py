"""Alembic's environment: the shared one over this service's tables."""

from mtm_documents.storage import cms_tables
from mtm_documents.storage.tables import metadata
from mtm_shared.storage import alembic_env

assert cms_tables.reports.metadata is metadata
alembic_env.run(metadata)
