import threading
import time

import pytest
from django.db import connection, transaction

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
