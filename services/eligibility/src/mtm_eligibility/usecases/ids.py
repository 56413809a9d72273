"""Identifiers of what this service creates: opaque, unguessable, and growing with time so that lists need no clock."""

import secrets
from datetime import datetime


def new_id(kind: str, now: datetime) -> str:
    """Such as `det-0193a1b2c3d4-9f86d081884c7d65`: kind, milliseconds in hexadecimal, 64 random bits."""
    return f"{kind}-{int(now.timestamp() * 1000):012x}-{secrets.token_hex(8)}"
