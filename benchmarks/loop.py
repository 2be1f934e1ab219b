"""From a verified positive to the last F2 order: seconds, and events handled per second.

    python benchmarks/loop.py [--quick] [--people N]

Runs on its own database (DATABASE_URL is left alone), made anew each time. Beside each figure of ours stand the naive
way (the same events handed over one at a time) and the physical limit (as many rows written by COPY alone). Figures
are medians; the machine's load is printed with them.
"""

import argparse
import os
import signal
import statistics
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.database import empty_database
from lachan.platform.embedded import Cluster

if TYPE_CHECKING:
    from lachan.core.models import Actor, Area

DAYS = 14
DATABASE = "lachan_bench"
TABLES = (
    "core_event", "core_delivery", "tracing_case", "tracing_exposure", "tracing_contact", "quarantine_order",
    "quarantine_orderterm", "testing_testorder", "platform_message",
)  # fmt: skip


def prepare() -> Cluster:
    """An empty, migrated database with all areas."""
    cluster = empty_database(DATABASE)
    from lachan.core.areas import load_vietnam

    load_vietnam()
    return cluster


class Province:
    """The synthetic province, and positives in it on demand."""

    def __init__(self, people: int) -> None:
        from lachan.core import actors, clock
        from lachan.core.models import PlaceKind, Role
        from lachan.core.places import open_place
        from lachan.simulation.country import Country
        from lachan.simulation.loading.load import load_country, load_day

        today = clock.local_date(clock.now())
        country = Country.generate(seed=1, size=people, start=today - timedelta(days=DAYS), days=DAYS + 1)
        self.system = actors.system(at=clock.day_start(country.start))
        self.loaded = load_country(country, actor=self.system)
        self.presences = sum(load_day(self.loaded, day, country.visits(day)) for day in range(DAYS))
        self.people = people
        self.now = clock.day_start(today) + timedelta(hours=8)
        area = self._area()
        self.station = open_place(kind=PlaceKind.HEALTH_STATION, name="Trạm", area=area, at=self.now)
        self.laboratory = open_place(kind=PlaceKind.LABORATORY, name="PXN", area=area, at=self.now)
        self.technician = _staff(Role.LAB_TECHNICIAN, self.now)
        self.verifier = _staff(Role.LAB_VERIFIER, self.now)
        self.taken = 0

    def _area(self) -> "Area":
        from lachan.core.models import Area

        return Area.objects.get(pk=self.loaded.area_ids[0])

    def positives(self, count: int) -> Callable[[], None]:
        """Swab `count` people; the call returned verifies the results, which starts the loop."""
        from lachan.core.models import Person
        from lachan.systems.testing.commands import (
            Collection,
            ResultEntry,
            collect_many,
            enter_results,
            receive_batch,
            send_batch,
            verify_results,
        )  # fmt: skip

        step = max(1, self.people // 4_001)
        ids = [self.loaded.person + ((self.taken + n) * step * 7 + 3) % self.people for n in range(count)]
        self.taken += count
        persons = Person.objects.in_bulk(ids)
        at = self.now
        tubes = collect_many(
            collections=[
                Collection(barcode=f"B{self.taken:06d}{n:06d}", persons=[p], place=self.station, assay="pcr")
                for n, p in enumerate(persons.values())
            ],
            actor=self.technician, at=at,
        )  # fmt: skip
        batch = send_batch(
            tubes=tubes, laboratory=self.laboratory, from_place=self.station, actor=self.technician, at=at
        )
        receive_batch(batch=batch, rejections={}, actor=self.technician, at=at)
        entries = [ResultEntry(barcode=t.barcode, outcome="positive", ct={"E": 22.0}) for t in tubes]
        results = enter_results(entries=entries, actor=self.technician, at=at)
        drain(self.now)
        return lambda: (verify_results(results=results, actor=self.verifier, at=at), None)[1]


def _staff(role: str, at: datetime) -> "Actor":
    from lachan.core.models import Actor, ActorKind

    return Actor.objects.create(kind=ActorKind.STAFF, name=role, created_at=at)


def drain(at: datetime) -> int:
    from lachan.core import subscribers

    return subscribers.drain(at=at)


def rows() -> int:
    """Rows that the loop has written so far, in all its tables."""
    from django.db import connection

    with connection.cursor() as cursor:
        total = 0
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            total += cursor.fetchone()[0]
        return total


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def issued() -> int:
    from lachan.core.models import EventRow

    return EventRow.objects.filter(kind="OrderIssued").count()


def round_trip(province: Province, count: int) -> tuple[float, int, int, int]:
    """Seconds, events handled, orders issued and rows written from `count` verified positives to the last order."""
    verify = province.positives(count)
    before, rows_before = issued(), rows()
    verify()
    handled = [0]
    seconds = timed(lambda: handled.__setitem__(0, drain(province.now)))
    return seconds, handled[0], issued() - before, rows() - rows_before


def naive(province: Province) -> tuple[float, int]:
    """One positive, each event handed over alone."""
    from lachan.core import subscribers

    verify = province.positives(1)
    verify()
    batch, subscribers.BATCH = subscribers.BATCH, 1
    try:
        handled = [0]
        seconds = timed(lambda: handled.__setitem__(0, drain(province.now)))
        return seconds, handled[0]
    finally:
        subscribers.BATCH = batch


def copy_alone(count: int) -> float:
    """Seconds to write as many rows of the event table's width by COPY, and nothing else."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE limit_probe (LIKE core_event INCLUDING DEFAULTS)")
        cursor.execute("SELECT * FROM core_event LIMIT 1")
        began = time.perf_counter()
        columns = "id, kind, version, actor_id, facts, happened_at, recorded_at, ref"
        with cursor.copy(f"COPY limit_probe ({columns}) FROM STDIN") as copy:
            for n in range(count):
                copy.write_row(
                    (f"00000000-0000-7000-8000-{n:012x}", "OrderIssued", 1, 1,
                     '{"order_id": 1, "subject": "F1", "ends_on": "2026-11-30"}', "2026-11-01", "2026-11-01", "r")
                )  # fmt: skip
        seconds = time.perf_counter() - began
        cursor.execute("DROP TABLE limit_probe")
    return seconds


def idle_latency(province: Province, count: int) -> list[float]:
    """Milliseconds from the commit of one event until it is handled, the worker (a process of its own) being idle."""
    from django.db import connection, connections, transaction

    from lachan.core import eventlog, subscribers
    from lachan.core.events import ResultReported
    from lachan.core.models import Delivery

    connections.close_all()
    pid = os.fork()
    if pid == 0:
        subscribers.run(stop=threading.Event())
        os._exit(0)
    latencies = []
    try:
        time.sleep(1.5)
        for n in range(count):
            event = ResultReported(
                person_id=province.loaded.person + n, result_id=n, outcome="invalid", assay="pcr",
                collected_at=province.now, happened_at=province.now,
            )  # fmt: skip
            with transaction.atomic():
                eventlog.emit([event], actor=province.system)
            began = time.perf_counter()
            while Delivery.objects.filter(event_id=event.id).exists():
                time.sleep(0.001)
            latencies.append((time.perf_counter() - began) * 1000)
            time.sleep(0.02)
    finally:
        os.kill(pid, signal.SIGTERM)
        os.waitpid(pid, 0)
        connection.close()
    return latencies


def say(name: str, value: float, aim: float | None = None, *, most: bool = False, unit: str = "") -> None:
    """One figure on a line; `most`: smaller is better."""
    if aim is None:
        print(f"{name} value={value:.3g}{unit}", flush=True)
        return
    met = value <= aim if most else value >= aim
    print(
        f"{name} value={value:.3g}{unit} aim={'<=' if most else '>='}{aim:g} {'ok' if met else 'short'}",
        flush=True,
    )


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="20,000 people, in under 50 s")
    parser.add_argument("--people", type=int, default=1_000_000)
    given = parser.parse_args(arguments)
    people = 20_000 if given.quick else given.people
    cluster = prepare()
    try:
        began = time.perf_counter()
        province = Province(people)
        made = time.perf_counter() - began
        print(f"{people:,} people, {province.presences:,} presences of {DAYS} days, made in {made:.0f} s")
        print(f"load average {os.getloadavg()[0]:.2f}", flush=True)
        measure(province, many=100 if given.quick else 500, again=3 if given.quick else 5)
    finally:
        cluster.stop()


def measure(province: Province, *, many: int, again: int) -> None:
    from lachan.core import memory

    memory.settle()  # as a worker does
    drain(province.now)
    ones = [round_trip(province, 1) for _ in range(again)]
    say("one_positive_seconds", statistics.median(s for s, *_ in ones), 60, most=True, unit="s")
    say("one_positive_orders", statistics.median(o for _, _, o, _ in ones))
    slow, alone = naive(province)
    say("naive_one_at_a_time_events_per_second", alone / slow)
    seconds, handled, orders, written = round_trip(province, many)
    say(f"{many}_positives_seconds", seconds, 60, most=True, unit="s")
    say(f"{many}_positives_orders", orders)
    say(f"{many}_positives_events_handled", handled)
    say("events_handled_per_second", handled / seconds, 3_000)
    say("times_the_naive_way", (handled / seconds) / (alone / slow))
    say("share_of_the_limit_copy_alone", copy_alone(written) / seconds)
    latencies = sorted(idle_latency(province, 200))
    say("idle_p50_ms", latencies[len(latencies) // 2])
    say("idle_p99_ms", latencies[int(len(latencies) * 0.99) - 1], 1_000, most=True)
    print(f"load average {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
