"""Attempts to reach members, how they want to be contacted, who speaks for them, and who is calling back."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _representatives()
    _outreach()
    _pins()
    _tries()
    op.create_index("ix_members_birth_date", "members", ["birth_date"])


def downgrade() -> None:
    op.drop_index("ix_members_birth_date", "members")
    for table in (
        "identity_try_keys", "identity_tries", "identity_keys", "call_back_pins", "contact_preferences",
        "outreach_attempts", "representatives",
    ):  # fmt: skip
        op.drop_table(table)


def _representatives() -> None:
    op.create_table(
        "representatives",
        sa.Column("representative_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("relationship", sa.String(200), nullable=False),
        sa.Column("scope", JSON, nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("effective_to", sa.Date(), nullable=True),
        sa.Column("basis", sa.String(20), nullable=False),
        sa.Column("phone", sa.String(24), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.member_id"], name="fk_representatives_member_id_members", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("representative_id", name="pk_representatives"),
    )
    op.create_index("ix_representatives_member", "representatives", ["member_id", "representative_id"])


def _outreach() -> None:
    op.create_table(
        "outreach_attempts",
        sa.Column("attempt_id", sa.String(64), nullable=False),
        sa.Column("enrollment_id", sa.String(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(10), nullable=False),
        sa.Column("attempt_date", sa.Date(), nullable=False),
        sa.Column("attempted_at", MOMENT, nullable=True),
        sa.Column("result", sa.String(30), nullable=False),
        sa.Column("from_number", sa.String(24), nullable=True),
        sa.Column("note_code", sa.String(40), nullable=True),
        sa.Column("offered_cmr", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.String(64), nullable=True),
        sa.Column("representative_id", sa.String(64), nullable=True),
        sa.Column("notices", JSON, nullable=False),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.enrollment_id"], name="fk_outreach_attempts_enrollment_id_enrollments"
        ),
        sa.ForeignKeyConstraint(
            ["representative_id"],
            ["representatives.representative_id"],
            name="fk_outreach_attempts_representative_id_representatives",
        ),
        sa.PrimaryKeyConstraint("attempt_id", name="pk_outreach_attempts"),
    )
    op.create_index("ix_outreach_attempts_enrollment", "outreach_attempts", ["enrollment_id", "number"], unique=True)
    op.create_table(
        "contact_preferences",
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("do_not_call", sa.Boolean(), nullable=False),
        sa.Column("do_not_call_on", sa.Date(), nullable=True),
        sa.Column("preferred_channel", sa.String(10), nullable=True),
        sa.Column("preferred_time", sa.String(10), nullable=True),
        sa.Column("language", sa.String(2), nullable=True),
        sa.Column("recorded_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["members.member_id"], name="fk_contact_preferences_member_id_members", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("member_id", name="pk_contact_preferences"),
    )


def _pins() -> None:
    op.create_table(
        "call_back_pins",
        sa.Column("pin_id", sa.String(64), nullable=False),
        sa.Column("enrollment_id", sa.String(64), nullable=False),
        sa.Column("lookup", sa.String(64), nullable=True),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("voided_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.enrollment_id"], name="fk_call_back_pins_enrollment_id_enrollments"
        ),
        sa.PrimaryKeyConstraint("pin_id", name="pk_call_back_pins"),
        sa.UniqueConstraint("lookup", name="uq_call_back_pins_lookup"),
    )
    op.create_index("ix_call_back_pins_enrollment", "call_back_pins", ["enrollment_id"])


def _tries() -> None:
    op.create_table(
        "identity_keys",
        sa.Column("key", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_identity_keys"),
    )
    op.create_table(
        "identity_tries",
        sa.Column("verification_id", sa.String(64), nullable=False),
        sa.Column("program_id", sa.String(64), nullable=False),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.Column("outcome", sa.String(12), nullable=False),
        sa.Column("enrollment_id", sa.String(64), nullable=True),
        sa.Column("representative_id", sa.String(64), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollments.enrollment_id"], name="fk_identity_tries_enrollment_id_enrollments"
        ),
        sa.PrimaryKeyConstraint("verification_id", name="pk_identity_tries"),
    )
    op.create_table(
        "identity_try_keys",
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("verification_id", sa.String(64), nullable=False),
        sa.Column("tried_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["verification_id"],
            ["identity_tries.verification_id"],
            name="fk_identity_try_keys_verification_id_identity_tries",
        ),
        sa.PrimaryKeyConstraint("key", "verification_id", name="pk_identity_try_keys"),
    )
    op.create_index("ix_identity_try_keys_key", "identity_try_keys", ["key", "tried_at"])
