"""What the pictures show happens on a working day, whatever the hour at which they are taken."""

from datetime import UTC, datetime, timedelta

import pytest

from lachan.core import clock

MORNING = timedelta(hours=9)


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of today, for the test and the server beside it; the clock goes on."""
    real = datetime.now(UTC)
    ahead = clock.day_start(clock.local_date(real)) + MORNING - real
    monkeypatch.setattr(clock, "now", lambda: datetime.now(UTC) + ahead)
