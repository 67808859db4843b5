"""Ids tell the time: what was made after an instant has a greater one (RFC 9562, UUIDv7)."""

from datetime import datetime
from uuid import UUID


def since(at: datetime) -> UUID:
    """The smallest id of that moment."""
    return UUID(int=max(int(at.timestamp() * 1000), 0) << 80)
