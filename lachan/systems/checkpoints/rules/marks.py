"""When a scan happened, by a clock that may be wrong, and what is to be noted about it. Nothing is ever refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from lachan.policy import CheckpointPolicy

EARLY, LATE, DUPLICATE, UNKNOWN_CODE = "early", "late", "duplicate", "unknown_code"
REVOKED_DEVICE, CLOCK_WRONG, NO_ENTRY = "revoked_device", "clock_wrong", "no_entry"
# Of the code that was read: not signed, signed by nobody we know, not of this moment, shown here before.
UNSIGNED, SIGNATURE_WRONG = "unsigned", "signature_wrong"
LIVE_CODE_EXPIRED, ALREADY_HERE = "live_code_expired", "already_here"
IMPOSSIBLE_TRAVEL = "impossible_travel"
# Of a health certificate that was shown: not genuine or in force, not to be verified, of a positive test.
CERTIFICATE_INVALID, CERTIFICATE_UNSURE = "certificate_invalid", "certificate_unsure"
CERTIFICATE_POSITIVE = "certificate_positive"
MARKS: Final = (
    EARLY, LATE, DUPLICATE, UNKNOWN_CODE, REVOKED_DEVICE, CLOCK_WRONG, NO_ENTRY, UNSIGNED, SIGNATURE_WRONG,
    LIVE_CODE_EXPIRED, ALREADY_HERE, IMPOSSIBLE_TRAVEL, CERTIFICATE_INVALID, CERTIFICATE_UNSURE,
    CERTIFICATE_POSITIVE,
)  # fmt: skip

# A reading further away than this tells the state of a clock, not the time of a scan.
BELIEVABLE = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Timing:
    """`device_time` as the device said (None: unreadable), `happened_at` as corrected."""

    device_time: datetime | None
    happened_at: datetime
    clock_wrong: bool


def timing(device_time: datetime | None, offset: timedelta, *, at: datetime, tolerance: timedelta) -> Timing:
    """Correct the device's clock by `offset` (server minus device, measured when it uploads).

    A time that is unreadable or beyond belief becomes the time of receipt; the device's own is kept beside it.
    """
    if device_time is None or abs(at - device_time) > BELIEVABLE:
        return Timing(device_time, at, clock_wrong=True)
    return Timing(device_time, device_time + offset, clock_wrong=abs(offset) > tolerance)


def time_marks(
    happened_at: datetime, *, at: datetime, revoked_at: datetime | None, policy: CheckpointPolicy
) -> set[str]:
    """Marks that follow from when the scan happened and when it was received (`at`)."""
    found = set()
    if happened_at > at + timedelta(minutes=policy.early_minutes):
        found.add(EARLY)
    if happened_at < at - timedelta(hours=policy.late_hours):
        found.add(LATE)
    if revoked_at is not None and revoked_at <= at:
        found.add(REVOKED_DEVICE)
    return found
