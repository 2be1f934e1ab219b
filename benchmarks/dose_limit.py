"""The physical limit of recording doses: pgbench writing the same rows, without Django, HTTP or rules."""

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.database import execute
from benchmarks.dose_sites import Site, opened
from lachan.platform.embedded import installed

# The tables of a dose, in the order in which they are written, and what is each row's own; "event" is any event's key.
KEYS = {
    "vaccination_visit": "visit", "vaccination_movement": "movement", "vaccination_dose": "dose",
    "issuer_record": "record", "issuer_intent": "intent",
}  # fmt: skip
OWN: dict[str, str] = {
    "person_id": ":person", "session_id": ":session", "visit_id": ":visit", "store_id": ":site", "site_id": ":site",
    "place_id": ":site", "lot_id": ":lot", "vial_id": ":vial", "movement_id": ":movement", "record_id": ":record",
    "intent_id": ":intent", "number": "(1000000 + :visit)", "reference": "'limit' || :dose", "caller": "'limit'",
    "key": "gen_random_uuid()::text", "uvci": "gen_random_uuid()::text",
}  # fmt: skip
TABLES = (
    "platform_storedanswer", "vaccination_visit", "vaccination_screeningform", "vaccination_movement", "core_event",
    "vaccination_dose", "core_delivery", "issuer_record", "issuer_intent", "issuer_waiting",
)  # fmt: skip
COUNTED = "UPDATE vaccination_session SET arrivals = arrivals + 1, taken = taken + 1 WHERE id = :session;"


def script(sites: Sequence[Site]) -> str:
    """The rows that the only dose so far has written, as statements that write them anew under keys of their own."""
    [(first,)] = execute("SELECT min(xmin::text::bigint) FROM platform_storedanswer")
    events = [str(e) for (e,) in execute(f"SELECT id FROM core_event WHERE xmin::text::bigint >= {first}")]  # noqa: S608
    named = {event: f":e{n}" for n, event in enumerate(events)}
    keys = [f"nextval(pg_get_serial_sequence('{t}', 'id')) AS {n}" for t, n in KEYS.items()]
    keys += [f"gen_random_uuid() AS {name[1:]}" for name in named.values()]
    written = [line for table in TABLES for line in _statements(table, first, named)]
    vials = [next(opened(site.session, 1, 30_000)) for site in sites]
    kept = {
        "session": [s.session.pk for s in sites], "site": [s.session.site_id for s in sites],
        "lot": [s.lot.pk for s in sites], "vial": vials,
    }  # fmt: skip
    keys += [f"(ARRAY{values})[:client_id + 1] AS {name}" for name, values in kept.items()]
    lines = ["BEGIN;", f"SELECT nextval('bench_person') AS person, {', '.join(keys)} \\gset", COUNTED]
    return "\n".join([*lines, *written, "COMMIT;", ""])


def _statements(table: str, first: int, named: dict[str, str]) -> Iterator[str]:
    columns = [c for (c,) in execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s ORDER BY ordinal_position", [table]
    )]  # fmt: skip
    texts = ", ".join(f'"{c}"::text' for c in columns)
    for row in execute(f"SELECT {texts} FROM {table} WHERE xmin::text::bigint >= {first}"):  # noqa: S608
        values = {c: _value(table, c, v, named) for c, v in zip(columns, row, strict=True)}
        written = {c: v for c, v in values.items() if v}
        names = ", ".join(f'"{c}"' for c in written)
        yield f"INSERT INTO {table} ({names}) VALUES ({', '.join(written.values())});"  # noqa: S608


def _value(table: str, column: str, value: str | None, named: dict[str, str]) -> str:
    """In SQL; nothing for a key that the database gives."""
    if value is None:
        return "NULL"
    if value in named:
        return named[value]
    if column == "id":
        name = KEYS.get(table, "")
        return name and f":{name}"
    if column == "happened_at" and table == "vaccination_movement":
        return "now()"  # out of a vial that is open
    if column == "number" and table != "vaccination_visit":
        return f"'{value}'"
    own = OWN.get(column)
    return str(own) if own else "'" + re.sub(r":(?=\w)(?!\d)", ".", value.replace("'", "''")) + "'"


class Limit:
    """pgbench, writing what one dose that was given over HTTP has written, again and again."""

    def __init__(self, sites: Sequence[Site], people: int, folder: Path) -> None:
        from lachan.core import clock
        from tests.rows import residents

        self.script, self.clients = folder / "dose.sql", len(sites)
        made = residents(people, area=sites[0].session.site.area, at=clock.now())
        execute(f"CREATE SEQUENCE bench_person START {min(person.pk for person in made)}")
        self.script.write_text(script(sites))

    def doses_a_second(self, each: int) -> float:
        found = installed()
        assert found is not None
        run = subprocess.run(
            [found / "bin" / "pgbench", "-n", "-M", "prepared", "-c", str(self.clients), "-j", str(os.cpu_count() or 1),
             "-t", str(each), "-f", self.script, os.environ["DATABASE_URL"]],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        told = re.search(r"tps = ([\d.]+)", run.stdout)
        if run.returncode or told is None:
            raise SystemExit(run.stderr)
        return float(told[1])
