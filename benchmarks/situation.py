"""The situation on a dense country: every commune of the country has every figure on each of four weeks of days.

    python benchmarks/situation.py [--quick]

Runs on its own database (DATABASE_URL is left alone), made anew each time. Two things are measured: the page of the
country, of a province and of a commune (wall time, and the share of it that is this process's own), each with what
stands now asked anew and kept; and how many events a second are counted, beside the limit of as many rows written by
COPY alone. The machine's load is printed with them.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["LACHAN_PLAIN_STATIC"] = "1"

from benchmarks import loop
from benchmarks.database import empty_database

DATABASE = "lachan_situation"
DAYS, DESK_MS, EVENTS_A_SECOND = 28, 150.0, 3_000.0


def fill(days: int, people: int) -> int:
    """Counters for every commune that ever was, and people with homes; how many counters."""
    from django.db import connection

    from lachan.centre.situation.rules.measures import FLOWS
    from lachan.core import clock
    from lachan.core.areas import load_vietnam

    load_vietnam()
    today = clock.local_date(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO centre_day_count (area_id, day, {', '.join(FLOWS)})"  # noqa: S608 - our own names
            f" SELECT a.id, d::date, {', '.join('1 + a.id %% 17' for _ in FLOWS)} FROM core_area a,"
            " generate_series(%s::date, %s::date, '1 day') d WHERE a.level = 3",
            [today - timedelta(days=days - 1), today],
        )
        counters = cursor.rowcount * len(FLOWS)
        cursor.execute(
            "INSERT INTO core_person (code, name, search_key, sex, home_area_id, address, language, registered_at,"
            " birth_year) SELECT lpad(n::text, 17, '0'), 'Nguyễn Văn An', 'nguyen van an', 'm', a.id, '', 'vi', now(),"
            " 1980 FROM generate_series(1, %s) n JOIN (SELECT id, row_number() OVER () AS i, count(*) OVER () AS all_"
            " FROM core_area WHERE level = 3) a ON a.i = n %% a.all_ + 1",
            [people],
        )
        cursor.execute("ANALYZE")
    return int(counters)


def timed(what: Callable[[], object], *, seconds: float) -> list[tuple[float, float]]:
    """Milliseconds of each run: on the wall, and of this process alone."""
    what()
    taken: list[tuple[float, float]] = []
    ends = time.monotonic() + seconds
    while time.monotonic() < ends or len(taken) < 8:
        began, own = time.perf_counter(), time.process_time()
        what()
        taken.append(((time.perf_counter() - began) * 1000, (time.process_time() - own) * 1000))
    return taken


def pages(seconds: float) -> None:
    from django.contrib.auth.models import User
    from django.test import Client

    from lachan.centre.situation import queries
    from lachan.core import actors, areas, clock
    from lachan.core.models import Actor, ActorKind, Area, Role

    at = clock.now()
    user = User.objects.create_user("centre")
    actor = Actor.objects.create(kind=ActorKind.STAFF, name="centre", user=user, created_at=at)
    actors.post(actor, Role.CENTRE_OFFICER, at=at - timedelta(days=1), area=areas.country())
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user)
    province = Area.objects.get(code="79", level=1, valid_to__isnull=True)
    commune = Area.objects.filter(parent=province).order_by("pk")[0]
    for name, area in (("country", areas.country()), ("province", province), ("commune", commune)):
        address = f"/centre/areas/{area.pk}/"

        def ask(address: str = address) -> None:
            if browser.get(address).status_code != 200:
                raise SystemExit(address)

        def ask_anew(ask: Callable[[], None] = ask) -> None:
            queries.forget()
            ask()

        for kind, run in (("", ask), ("_levels_anew", ask_anew)):
            taken = sorted(timed(run, seconds=seconds))
            wall = [w for w, _ in taken]
            own = statistics.median(o for _, o in taken)
            p95 = wall[max(0, int(len(wall) * 0.95) - 1)]
            print(
                f"{name}{kind}: {len(wall)} requests, p50 {statistics.median(wall):.0f} ms (own {own:.0f} ms)"
            )
            loop.say(f"situation_{name}{kind}_p95_ms", p95, DESK_MS, most=True)


def counting(events: int) -> None:
    """A result and a contact for each person, counted in batches as a worker takes them."""
    from django.db import transaction

    from lachan.centre.models import Counted
    from lachan.centre.situation.handlers import count
    from lachan.core import actors, clock, eventlog, subscriptions
    from lachan.core import events as ev
    from lachan.core.bulk import copy_rows
    from lachan.core.models import Area, Person
    from lachan.core.subscribers import BATCH

    at, system = clock.now(), actors.system(at=clock.now())
    subscriptions.install(())
    ids = list(Person.objects.order_by("pk").values_list("pk", flat=True)[: events // 2])
    told: list[ev.Event] = [
        ev.ResultReported(
            person_id=pk, result_id=pk, outcome="negative", assay="pcr", collected_at=at, happened_at=at
        )
        for pk in ids
    ]
    told += [
        ev.ContactFound(person_id=pk, contact_id=pk, level=1, exposed_at=at, source_id=pk, happened_at=at)
        for pk in ids
    ]
    with transaction.atomic():
        eventlog.emit(told, actor=system)
    began, own = time.perf_counter(), time.process_time()
    for first in range(0, len(told), BATCH):
        count(told[first : first + BATCH], at)
    took, mine = time.perf_counter() - began, time.process_time() - own
    area = Area.objects.order_by("pk").values_list("pk", flat=True)[0]
    began = time.perf_counter()
    copy_rows(
        Counted,
        ("event_id", "area_id", "counted_at"),
        ((ev.Event(happened_at=at).id, area, at) for _ in told),
    )
    limit = len(told) / (time.perf_counter() - began)
    loop.say("events_counted_a_second", len(told) / took, EVENTS_A_SECOND)
    print(f"of its own: {len(told) / mine:,.0f} a second of CPU; rows by COPY alone: {limit:,.0f} a second")


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer people and requests, in under 60 s")
    given = parser.parse_args(arguments)
    empty_database(DATABASE, fsync=False)
    people = 20_000 if given.quick else 200_000
    print(f"{fill(DAYS, people):,} counters; load average {os.getloadavg()[0]:.2f}", flush=True)
    from lachan.core import memory

    memory.settle()
    pages(2 if given.quick else 10)
    counting(10_000 if given.quick else 100_000)
    print(f"load average {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
