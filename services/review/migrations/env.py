"""Runs the review service's migrations (`mtm-review migrate`)."""

from mtm_review.storage import appointment_tables, recommendations
from mtm_review.storage.tables import metadata
from mtm_shared.storage import alembic_env

assert appointment_tables.appointments.metadata is recommendations.recommendations.metadata is metadata
alembic_env.run(metadata)
