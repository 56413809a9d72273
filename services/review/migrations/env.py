"""Runs the review service's migrations (`mtm-review migrate`)."""

from mtm_review.storage.appointment_tables import metadata
from mtm_shared.storage import alembic_env

alembic_env.run(metadata)
