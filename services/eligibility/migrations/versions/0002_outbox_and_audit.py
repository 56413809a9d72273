"""Events for other systems, and the audit trail with the triggers that keep it append-only."""

from mtm_shared.storage.revisions import create_audit, create_outbox, drop_audit, drop_outbox

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_outbox()
    create_audit()


def downgrade() -> None:
    drop_audit()
    drop_outbox()
