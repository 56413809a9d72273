"""Appointments for consultations, and their history."""

from mtm_shared.storage.types import UtcDateTime
from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, Table

from mtm_review.storage.tables import metadata, reviews

appointments = Table(
    "appointments",
    metadata,
    Column("appointment_id", String(64), primary_key=True),
    Column("review_id", ForeignKey(reviews.c.review_id, ondelete="CASCADE"), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("day", Date, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("method", String(16), nullable=False),
    Column("with", String(16), nullable=False, key="with_"),
    Column("provider", String(200)),
    Column("provider_key", String(200)),
    Column("contact", String(200)),
    Column("interpreter_language", String(64)),
    Column("state", String(16), nullable=False),
    Column("version", Integer, nullable=False),
    Index("ix_appointments_review_id", "review_id"),
    Index("ix_appointments_day", "day", "starts_at", "appointment_id"),
    Index("ix_appointments_provider", "provider_key", "starts_at"),
)

appointment_changes = Table(
    "appointment_changes",
    metadata,
    Column("appointment_id", ForeignKey(appointments.c.appointment_id, ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("change", String(16), nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("reason", String(200), nullable=False),
    Column("author", String(200), nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
