"""Two workers, killed with SIGKILL at random moments 300 times during the loop: nothing lost, nothing done twice.

The rig can see harm: a control run acknowledges events in a transaction of its own, before the handler's effects are
safe, and loses some.
"""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from lachan.core import subscribers
from lachan.core.models import Delivery, EventRow, Person
from lachan.core.subscriptions import loop
from lachan.platform.models import Message
from lachan.systems.quarantine.models import Order
from lachan.systems.testing.models import TestOrder
from lachan.systems.tracing.models import Case, Contact
from tests.forked import forked
from tests.town import Town, build, moment

KILLS = 300
HOUSEHOLDS = 150
pytestmark = pytest.mark.django_db(transaction=True)


def crowded() -> Town:
    """Three people in each of many homes; people of neighbouring homes met at the market one after the other."""
    town = build()
    for number in range(HOUSEHOLDS):
        home = town.household()
        people = [town.resident(f"Người Thứ {number} {n}", home=home, sex="fmf"[n]) for n in range(3)]
        for hour in (number, number + 1):
            town.visit(people[0], town.market, moment(0, 6, 5 * hour), minutes=20)
    return town


class Workers:
    """Processes that deliver events, made by fork so that a new one stands within milliseconds."""

    def __init__(self, count: int) -> None:
        self.pids = [self._fork() for _ in range(count)]

    @staticmethod
    def _fork() -> int:
        return forked(lambda: subscribers.run(stop=threading.Event()))

    def kill_one(self) -> None:
        number = random.randrange(len(self.pids))
        self._end(self.pids[number])
        self.pids[number] = self._fork()

    def end(self) -> None:
        for pid in self.pids:
            self._end(pid)

    @staticmethod
    def _end(pid: int) -> None:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def positives(town: Town) -> Iterator[Person]:
    """One person of each third home turns positive, so that there is always something to do."""
    yield from Person.objects.filter(name__endswith=" 0").order_by("pk")[::3]


def run(town: Town, *, kills: int) -> None:
    """The whole story with two workers, one of which is killed at random `kills` times while it goes on."""
    waiting = positives(town)
    workers = Workers(2)
    try:
        for number in range(kills):
            if number % 6 == 0 and (person := next(waiting, None)):
                town.test(person, outcome="positive", at=moment(2, 8))
            time.sleep(random.uniform(0.002, 0.06))
            workers.kill_one()
        for person in waiting:
            town.test(person, outcome="positive", at=moment(2, 8))
        wait_until_done()
    finally:
        workers.end()


def wait_until_done() -> None:
    """Until the workers have delivered all, or stopped making progress."""
    left, deadline = -1, time.monotonic() + 60
    while (now := Delivery.objects.count()) and time.monotonic() < deadline:
        if now != left:
            left, deadline = now, time.monotonic() + 60
        time.sleep(0.1)


def state() -> dict[str, list[Any]]:
    """What the story has led to, by person and without ids: equal for equal stories, whoever was killed."""
    orders = Order.objects.filter(closed_at__isnull=True, terms__superseded_at__isnull=True)
    contacts = Contact.objects.filter(ended_at__isnull=True)
    return {
        "contacts": sorted(contacts.values_list("person__name", "level", "source__name")),
        "cases": sorted(Case.objects.values_list("person__name", "classification", "first_positive_at")),
        "orders": sorted(orders.values_list("person__name", "terms__subject", "terms__ends_on")),
        "tests": sorted(
            TestOrder.objects.filter(cancelled_at__isnull=True).values_list(
                "person__name", "due_on", "reason"
            )
        ),
    }


def done_twice() -> list[tuple[object, ...]]:
    """Effects that one cause had more than once on one person."""
    effects = EventRow.objects.filter(caused_by__isnull=False)
    counted = Counter(effects.values_list("kind", "caused_by", "person", "facts__order_id"))
    tests = Counter(TestOrder.objects.values_list("cause_event", "person", "due_on"))
    told = Counter(Message.objects.values_list("cause", "person", "template"))
    return [key for counts in (counted, tests, told) for key, n in counts.items() if n > 1]


def test_workers_killed_three_hundred_times_lose_nothing_and_do_nothing_twice() -> None:
    run(crowded(), kills=KILLS)
    assert not Delivery.objects.exists()
    assert not done_twice()
    disturbed = state()
    assert min(len(rows) for rows in disturbed.values()) >= HOUSEHOLDS // 3
    issued = EventRow.objects.filter(kind="OrderIssued")
    assert Message.objects.filter(cause__in=issued).count() == issued.count()

    call_command("flush", interactive=False, verbosity=0)
    run(crowded(), kills=0)
    assert state() == disturbed


def test_the_rig_sees_harm_when_events_are_acknowledged_before_their_effects(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Control: with the guard off, killed workers lose events."""

    def acknowledge_first(handler: str, tasks: list[subscribers.Task], at: object, failed: set[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM core_delivery WHERE id = ANY(%s)", [[t.delivery for t in tasks]])
        connection.commit()
        with transaction.atomic():
            loop().handlers[handler]([t.event for t in tasks], moment(2, 8))

    def deliver_unguarded(subscriber: str, at: object) -> int:
        connection.set_autocommit(False)
        try:
            tasks = subscribers._take(subscriber, subscribers._lock_lanes(subscriber))
            for handler, batch in subscribers.rounds(tasks):
                acknowledge_first(handler, batch, at, set())
            connection.commit()
        finally:
            connection.set_autocommit(True)
        return len(tasks)

    with monkeypatch.context() as guard_off:
        guard_off.setattr(subscribers, "_deliver", deliver_unguarded)
        run(crowded(), kills=KILLS // 4)
    missing = EventRow.objects.filter(kind="ResultReported", facts__outcome="positive").exclude(
        id__in=EventRow.objects.filter(kind="CaseConfirmed").values("caused_by")
    )
    unheard = EventRow.objects.filter(kind="OrderIssued").exclude(id__in=Message.objects.values("cause"))
    assert missing.exists() or unheard.exists()
