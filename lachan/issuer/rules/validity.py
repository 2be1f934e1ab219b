"""How long a certificate says that it is valid."""

from datetime import datetime, timedelta
from typing import Final

LONGEST: Final = timedelta(days=365)
"""Twelve months (Decision 5772/QĐ-BYT); a certificate is reissued after that, never made longer."""


def expiry(issued_at: datetime, *, wanted: timedelta = LONGEST) -> datetime:
    """When a certificate of `issued_at` ends; whole seconds, as its claims are."""
    return issued_at.replace(microsecond=0) + wanted


def validity_problem(issued_at: datetime, expires_at: datetime, *, key_ends: datetime | None = None) -> str:
    """The code of what is wrong with a validity, or an empty text: backwards, too-long, beyond-key."""
    if expires_at <= issued_at:
        return "backwards"
    if expires_at - issued_at > LONGEST:
        return "too-long"
    if key_ends is not None and expires_at > key_ends:
        return "beyond-key"
    return ""
