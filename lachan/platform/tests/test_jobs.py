import threading
import time
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from procrastinate.periodic import PeriodicTask

from lachan.core import clock
from lachan.platform import jobs
from lachan.platform.tasks import send_waiting_messages


@pytest.mark.django_db(transaction=True)
def test_a_job_belongs_to_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        jobs.defer(send_waiting_messages)


@pytest.mark.usefixtures("_no_jobs")
def test_a_worker_is_seen_alive_runs_jobs_and_stops_when_asked() -> None:
    stop = threading.Event()
    worker = threading.Thread(target=jobs.work, kwargs={"stop": stop})
    worker.start()
    try:
        with transaction.atomic():
            jobs.defer(send_waiting_messages)
        deadline = time.monotonic() + 30
        while (jobs.workers_alive(), jobs.waiting()) != (1, {}) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert (jobs.workers_alive(), jobs.waiting()) == (1, {})
    finally:
        stop.set()
    worker.join(20)
    assert not worker.is_alive()
    connection.close()


@pytest.mark.parametrize(
    ("zone", "asked_at", "runs_at"),
    [
        ("Asia/Ho_Chi_Minh", "2026-11-23T12:00+07:00", "2026-11-24T01:10+07:00"),
        ("Asia/Kolkata", "2026-11-23T12:00+05:30", "2026-11-24T01:10+05:30"),
        ("Europe/Berlin", "2026-03-28T12:00+01:00", "2026-03-29T01:10+01:00"),
        ("Europe/Berlin", "2026-03-29T12:00+02:00", "2026-03-30T01:10+02:00"),
        ("UTC", "2026-11-23T12:00+00:00", "2026-11-24T01:10+00:00"),
    ],
)
def test_a_cron_line_means_the_time_of_the_installation(
    settings: Any, zone: str, asked_at: str, runs_at: str
) -> None:
    settings.TIME_ZONE = zone
    purge = jobs._worker_app().tasks["site.purge_what_is_too_old"]
    entry: PeriodicTask[Any, Any, Any] = PeriodicTask(purge, "10 1 * * *", "", {})
    jobs.read_in_local_time([entry])
    asked, expected = (datetime.fromisoformat(t).timestamp() for t in (asked_at, runs_at))
    assert entry.croniter.get_next(ret_type=float, start_time=asked) == expected


def test_a_worker_reads_the_nightly_lines_in_local_time() -> None:
    scheduled = jobs._worker_app().periodic_registry.periodic_tasks
    night = scheduled["site.purge_what_is_too_old", ""]
    noon = clock.day_start(date(2026, 11, 23)) + timedelta(hours=12)
    ran = night.croniter.get_prev(ret_type=float, start_time=noon.timestamp())
    assert clock.local_date(datetime.fromtimestamp(ran, UTC)) == date(2026, 11, 23)
    assert noon.timestamp() - ran == timedelta(hours=10, minutes=50).total_seconds()
