"""Rows a second of long lists of people: registrations for vaccination, and the manifest of a vessel.

    python benchmarks/imports.py [--quick]

The whole way as an officer goes it: the file is read, every row checked, the person found or registered, and a report
written of each row; one row in fifty is refused. By the clock, on one core, on a database that keeps its promises
(fsync; not with --quick). Beside it the limit: PostgreSQL taking the same people, documents and passengers by COPY,
and nothing else.
"""

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.database import empty_database
from benchmarks.loop import say
from benchmarks.names import FAMILIES, GIVEN

if TYPE_CHECKING:
    from lachan.core.models import Actor, Area
    from lachan.systems.arrivals.models import Conveyance

DATABASE, AIM, WRONG = "lachan_imports", 2_000, 50


def name(n: int) -> str:
    return f"{FAMILIES[n % len(FAMILIES)]} Văn {GIVEN[n // len(FAMILIES) % len(GIVEN)]}"


def registrations(rows: int, round_: int) -> str:
    """A list as an organisation sends it; a citizen ID is never two people's."""
    lines = ["Họ và tên,Ngày sinh,Giới tính,Số CCCD,Số điện thoại,Nhóm,Mã xã,Địa chỉ"]
    for n in range(rows):
        year = 1950 + n % 50
        number = f"0480{year % 100}{round_}{n:05d}" if n % WRONG else "12"
        lines.append(f"{name(n)},{1 + n % 28}/{1 + n % 12}/{year},Nam,{number},0912{n:06d},,,K{n % 90}")
    return "\n".join(lines)


def manifest(rows: int, round_: int) -> str:
    """A list as a shipping line sends it; so many people fit no aeroplane, and a ship has no seats."""
    lines = ["Passenger name,Passport number,Nationality,Date of birth,Sex,Crew"]
    for n in range(rows):
        number = f"C{round_}{n:06d}" if n % WRONG else "?"
        lines.append(
            f"{name(n)},{number},VNM,{1 + n % 28}/{1 + n % 12}/{1950 + n % 50},M,{'' if n % 9 else 'crew'}"
        )
    return "\n".join(lines)


def read_registrations(file: Path, area: "Area", actor: "Actor") -> tuple[int, int]:
    from lachan.core import clock
    from lachan.systems.vaccination import commands

    at = clock.now()
    row = commands.accept_list(
        body=file.read_bytes(),
        organisation="Khu công nghiệp Hòa Khánh",
        area=area,
        group="13",
        actor=actor,
        at=at,
    )
    commands.read_list(row.pk, at=at)
    row.refresh_from_db()
    return row.taken, row.refused


def read_manifest(file: Path, vessel: "Conveyance", actor: "Actor") -> tuple[int, int]:
    from lachan.core import clock
    from lachan.platform.lists import report_to
    from lachan.systems.arrivals.commands.manifests import import_manifest

    with report_to(file.with_suffix(".report.csv")) as told:
        made = import_manifest(conveyance=vessel, file=file, actor=actor, at=clock.now(), tell=told.add)
    return made.taken, made.refused


def rate(rows: int, read: Callable[[Path], tuple[int, int]], file: Path) -> float:
    began = time.perf_counter()
    taken, refused = read(file)
    passed = time.perf_counter() - began
    if taken + refused != rows or not refused:
        raise SystemExit(f"{rows} rows, but {taken} taken and {refused} refused")
    return rows / passed


def limit(rows: int) -> float:
    """The rows that the last manifest has written, copied into tables of the same shape, keys and checks."""
    from django.db import connection

    tables = ("core_person", "core_identifier", "arrivals_passenger", "core_event")
    passed = 0.0
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TABLE limit_{table} (LIKE {table} INCLUDING ALL)")
            newest = f"SELECT * FROM {table} ORDER BY ctid DESC LIMIT {rows}"  # noqa: S608 - our own names
            with cursor.copy(f"COPY ({newest}) TO STDOUT (FORMAT BINARY)") as out:
                body = b"".join(out)
            began = time.perf_counter()
            with cursor.copy(f"COPY limit_{table} FROM STDIN (FORMAT BINARY)") as into:
                into.write(body)
            passed += time.perf_counter() - began
            cursor.execute(f"DROP TABLE limit_{table}")
    return rows / passed


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="5,000 rows instead of 100,000, in under 50 s")
    quick = parser.parse_args(arguments).quick
    rows = 5_000 if quick else 100_000
    empty_database(DATABASE, folder="postgres-quick" if quick else "postgres", fsync=not quick)
    from lachan.core import actors, areas, clock, memory
    from lachan.core.models import Area
    from lachan.policy import load
    from lachan.systems.arrivals import commands as arrivals
    from lachan.systems.arrivals.commands.vessels import register_conveyance
    from lachan.systems.arrivals.models import Gate

    areas.load_vietnam()
    memory.settle()
    at = clock.now()
    actor = actors.system(at=at)
    rules = load("vn/covid19").at(clock.local_date(at))
    if rules.arrivals is None:
        raise SystemExit("the policy knows no gates")
    arrivals.load_gates(listed=rules.arrivals.gates, at=at)
    gate = Gate.objects.select_related("place", "area").get(code="HAN")
    commune = Area.objects.filter(level=3, valid_to__isnull=True).latest("pk")
    print(f"load average {os.getloadavg()[0]:.2f}", flush=True)
    told: dict[str, list[float]] = {"registration": [], "manifest": []}
    with tempfile.TemporaryDirectory() as folder:
        for round_ in range(3):
            file = Path(folder) / f"{round_}.csv"
            file.write_text(registrations(rows, round_), encoding="utf-8")
            told["registration"].append(
                rate(rows, partial(read_registrations, area=commune, actor=actor), file)
            )
            vessel = register_conveyance(
                gate=gate, kind="ship", number=f"S{round_}", layout="", departs_at=at - timedelta(days=2),
                arrives_at=at - timedelta(hours=1), from_country="KOR", actor=actor, at=at - timedelta(days=3),
            )  # fmt: skip
            file.write_text(manifest(rows, round_), encoding="utf-8")
            told["manifest"].append(rate(rows, partial(read_manifest, vessel=vessel, actor=actor), file))
    for kind, rates in told.items():
        say(f"{kind}_rows_a_second", statistics.median(rates), AIM)
    say("copied_rows_a_second", limit(rows - rows // WRONG))
    print(f"load average {os.getloadavg()[0]:.2f}")


if __name__ == "__main__":
    main()
