"""A vaccination day: doses recorded per second over HTTP, coverage of the country, and every dose of one lot.

    python benchmarks/doses.py [--quick]

Runs on its own database (DATABASE_URL is left alone), made anew each time, on a server that does not wait for the
disk. Doses go to a web server started as `lachan serve` starts it, one process a core, from several clients: the naive
way (a call a step), one record a call, and MOST_AT_ONCE a call. In turn with them runs the physical limit: pgbench
writing the same rows of a dose in a transaction each, without Django, HTTP or rules. Figures are medians of the
rounds; the machine's load is printed with them.
"""

import argparse
import http.client
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ["LACHAN_PLAIN_STATIC"] = "1"

from benchmarks import loop
from benchmarks.database import empty_database, execute
from benchmarks.dose_limit import Limit
from benchmarks.dose_sites import EXAMINED, PRODUCT, Site, open_site

DATABASE = "lachan_doses"
CORES = os.cpu_count() or 1
CLIENTS = 2 * CORES
MOST_AT_ONCE, COWIN = 200, 466.0
"""`COWIN`: doses a second, the average of the day on which it recorded 25 million (17 September 2021)."""
DOSES, COVERAGE_MS, LOT_SECONDS, SHARE = 20_000_000, 50.0, 1.0, 0.35
_keys = count(1)


@contextmanager
def served() -> Iterator[int]:
    """The port of a web server like the site's, one process a core."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    program = [sys.executable, "-c", "from lachan.site.cli import main; main()"]
    web = subprocess.Popen([*program, "serve", "--port", str(port), "--workers", str(CORES)])
    try:
        ends = time.monotonic() + 60
        while not _answers(port):
            if web.poll() is not None or time.monotonic() > ends:
                raise SystemExit("the web server does not answer")
            time.sleep(0.2)
        yield port
    finally:
        web.terminate()
        web.wait()


def _answers(port: int) -> bool:
    try:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        line.request("GET", "/healthz")
        return line.getresponse().status < 500
    except OSError:
        return False


class Caller:
    """One kept connection of one site."""

    def __init__(self, port: int, site: Site) -> None:
        self.line, self.site = http.client.HTTPConnection("127.0.0.1", port, timeout=60), site

    def post(self, path: str, body: Any) -> Any:
        head = {
            "Authorization": f"Bearer {self.site.token}", "Content-Type": "application/json",
            "Idempotency-Key": f"bench-{next(_keys)}",
        }  # fmt: skip
        self.line.request("POST", f"/api/vaccination/{path}", json.dumps(body), head)
        answer = self.line.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{path} answered {answer.status}: {content[:300]!r}")
        return json.loads(content)

    def steps(self, _size: int) -> None:
        """The naive way: receive, screen, inject."""
        record = self.site.record()
        came = self.post(f"sessions/{self.site.session.pk}/visits", {"code": record["code"], "walk_in": True})
        self.post(f"visits/{came['visit']}/screening", EXAMINED)
        self.post(f"visits/{came['visit']}/dose", {"vial": record["vial"], "table": 1})

    def records(self, size: int) -> None:
        body = {"session": self.site.session.pk, "records": [self.site.record() for _ in range(size)]}
        for one in self.post("records", body):
            if one["code"] != "given":
                raise SystemExit(f"refused: {one}")


def _run_all(threads: Sequence[threading.Thread]) -> None:
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def doses_a_second(
    callers: Sequence[Caller], act: Callable[[Caller, int], None], size: int, each: int
) -> float:
    """Every caller gives `each` doses, `size` a call, all callers at once."""
    wrong: list[BaseException] = []

    def run(caller: Caller) -> None:
        try:
            for _ in range(each // size):
                act(caller, size)
        except BaseException as error:  # told after the join
            wrong.append(error)

    threads = [threading.Thread(target=run, args=(caller,)) for caller in callers]
    seconds = loop.timed(lambda: _run_all(threads))
    if wrong:
        raise wrong[0]
    return len(callers) * (each // size) * size / seconds


def recording(*, each: int, rounds: int) -> None:
    """Doses a second: naive, one a call, many a call, and the limit, in turn."""
    from lachan.core.models import Area

    area = Area.objects.filter(level=3, valid_to__isnull=True).order_by("pk")[0]
    people = rounds * (each // 4 + each + 10 * each + MOST_AT_ONCE) + 20
    limited = CLIENTS * 4 * each * rounds  # the limit's rows take places of the sessions too
    sites = [open_site(n, people, area, places=people + limited) for n in range(CLIENTS)]
    execute("ANALYZE")
    ways: dict[str, list[float]] = {"naive": [], "one_a_call": [], "many_a_call": [], "limit": []}
    with served() as port, tempfile.TemporaryDirectory() as folder:
        callers = [Caller(port, site) for site in sites]
        callers[0].records(1)
        limit = Limit(sites, limited, Path(folder))
        doses_a_second(callers, Caller.records, 1, 8)  # every process has its connections
        many = max(MOST_AT_ONCE, 10 * each // MOST_AT_ONCE * MOST_AT_ONCE)
        for _ in range(rounds):
            ways["limit"].append(limit.doses_a_second(2 * each))
            ways["naive"].append(doses_a_second(callers, Caller.steps, 1, each // 4))
            ways["one_a_call"].append(doses_a_second(callers, Caller.records, 1, each))
            ways["limit"].append(limit.doses_a_second(2 * each))
            ways["many_a_call"].append(doses_a_second(callers, Caller.records, MOST_AT_ONCE, many))
    told = {name: statistics.median(found) for name, found in ways.items()}
    loop.say("doses_a_second_naive", told["naive"])
    loop.say("doses_a_second_one_a_call", told["one_a_call"])
    loop.say(f"doses_a_second_{MOST_AT_ONCE}_a_call", told["many_a_call"], COWIN)
    loop.say("doses_a_second_limit_pgbench", told["limit"])
    loop.say("share_of_the_limit_naive", told["naive"] / told["limit"])
    loop.say("share_of_the_limit_one_a_call", told["one_a_call"] / told["limit"], SHARE)
    loop.say(f"share_of_the_limit_{MOST_AT_ONCE}_a_call", told["many_a_call"] / told["limit"], SHARE)


def covering(*, again: int) -> None:
    """Coverage of the country of 2021, its provinces and districts, with 20 million doses counted."""
    from datetime import date

    from lachan.core import areas
    from lachan.systems.vaccination.queries.coverage import coverage, coverage_below
    from lachan.systems.vaccination.rules.coverage import BANDS, STEPS

    on = date(2021, 12, 1)
    communes = areas.on(on).filter(level=3).count()
    cells = communes * len(BANDS) * len(STEPS)
    execute(
        "INSERT INTO vaccination_coverage (area_id, from_age, step, people) SELECT a.id, b, s, %s FROM core_area a,"
        " unnest(%s::int[]) b, unnest(%s::text[]) s WHERE a.level = 3 AND a.valid_from <= %s AND a.valid_to > %s"
        " ON CONFLICT (area_id, from_age, step) DO NOTHING",
        [-(-DOSES // cells), list(BANDS), list(STEPS), on, on],
    )
    execute(
        "INSERT INTO vaccination_residents (area_id, from_age, people, counted_on) SELECT area_id, from_age,"
        " 2 * max(people), current_date FROM vaccination_coverage GROUP BY 1, 2"
    )
    execute("VACUUM ANALYZE vaccination_coverage, vaccination_residents, core_area")
    for level, name in enumerate(("country", "provinces", "districts")):
        asked = list(areas.on(on).filter(level=level).order_by("code")[:63])
        turns = again if level == 0 else 1
        for what, ask in (("", coverage), ("_below", lambda area: coverage_below(area, on))):
            ask(asked[0])
            taken = sorted(loop.timed(partial(ask, area)) * 1000 for area in asked * turns)
            loop.say(f"coverage{what}_{name}_p50_ms", statistics.median(taken))
            p95 = taken[max(0, int(len(taken) * 0.95) - 1)]
            loop.say(f"coverage{what}_{name}_p95_ms", p95, COVERAGE_MS, most=True)


def lot_page(doses: int) -> None:
    """Seconds of the first page of a lot's doses, and of one in the middle."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django.urls import reverse

    from lachan.core import actors, areas, clock
    from lachan.core.models import Actor, ActorKind, Role
    from lachan.platform import paging
    from lachan.systems.vaccination.models import Dose, Lot
    from lachan.systems.vaccination.queries.doses import doses_of_lot

    at, user = clock.now(), User.objects.create_user("officer")
    actor = Actor.objects.create(kind=ActorKind.STAFF, name="officer", user=user, created_at=at)
    posting = actors.post(actor, Role.VACCINE_OFFICER, at=at - timedelta(days=1), area=areas.country())
    lot = Lot.objects.order_by("pk")[0]
    execute(LOT_DOSES, {"doses": doses, "lot": lot.pk, "actor": actor.pk, "product": PRODUCT})
    execute("ANALYZE")
    browser = Client(SERVER_NAME="localhost")
    browser.force_login(user)
    address = reverse("vaccination:doses_of_lot", args=[lot.pk])
    middle = Dose.objects.filter(lot=lot).order_by("given_at")[doses // 2].given_at
    below = doses_of_lot(posting, lot).filter(given_at__lte=middle)
    cursor = paging.page(below, key=("-given_at", "-pk"), cursor=None).next_cursor
    for name, query in (("first", {}), ("deep", {"cursor": cursor or ""})):
        taken = []
        for _ in range(8):
            began = time.perf_counter()
            answer = browser.get(address, query)
            taken.append(time.perf_counter() - began)
            if answer.status_code != 200:
                raise SystemExit(f"{address} answered {answer.status_code}")
        loop.say(
            f"lot_of_{doses}_{name}_page_worst_seconds", max(taken[1:]), LOT_SECONDS, most=True, unit="s"
        )


LOT_DOSES = """
    WITH made AS (
        INSERT INTO core_person (code, name, search_key, sex, home_area_id, address, language, registered_at,
            birth_year)
        SELECT 'b' || lpad(n::text, 16, '0'), 'Nguyễn Văn An', 'nguyen van an', 'm', p.area_id, '', 'vi', now(), 1980
        FROM generate_series(1, %(doses)s) n, (
            SELECT p.area_id FROM vaccination_stock s JOIN core_place p ON p.id = s.store_id
            WHERE s.lot_id = %(lot)s LIMIT 1
        ) p RETURNING id
    )
    INSERT INTO vaccination_dose (person_id, product, lot_id, lot_number, kind, number, primary_doses, given_at,
        given_on, site_id, source, rules, recorded_at, recorded_by_id, event_id, withdrawal)
    SELECT made.id, %(product)s, l.id, l.number, 'primary', 1, 2, now() - made.id * interval '1 second',
        (now() - made.id * interval '1 second')::date, s.store_id, 'card', 'r', now(), %(actor)s, gen_random_uuid(), ''
    FROM made, vaccination_lot l JOIN vaccination_stock s ON s.lot_id = l.id WHERE l.id = %(lot)s
"""


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="fewer doses, in under 50 s")
    given = parser.parse_args(arguments)
    empty_database(DATABASE, folder="postgres-quick", fsync=False)
    from lachan.core import memory
    from lachan.core.areas import load_vietnam

    load_vietnam()
    memory.settle()
    print(f"load average {os.getloadavg()[0]:.2f}", flush=True)
    recording(each=40 if given.quick else 400, rounds=2 if given.quick else 5)
    covering(again=20 if given.quick else 100)
    lot_page(50_000 if given.quick else 1_000_000)
    print(f"load average {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
