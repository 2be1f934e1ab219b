"""Moments as certificates write them: seconds since 1970, or ISO 8601."""

from datetime import UTC, date, datetime, time


def of_seconds(seconds: object) -> datetime | None:
    """Read a NumericDate (RFC 7519, RFC 8392); None for what is no moment of our calendar."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def of_text(text: object) -> datetime | None:
    """Read an ISO 8601 moment; one without an offset, or a bare day, is taken in UTC. None where there is none."""
    try:
        read = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return read if read is None or read.tzinfo is not None else read.replace(tzinfo=UTC)


def end_of_day(text: object) -> datetime | None:
    """Read the end of a validity: a bare day lasts to its end."""
    try:
        day = date.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return of_text(text)
    return None if day is None else datetime.combine(day, time.max, UTC)
