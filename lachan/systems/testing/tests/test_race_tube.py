"""Two nurses register the same tube; two verify the same result; one collects what another cancels."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from lachan.core.errors import Refusal
from lachan.core.events import ResultReported
from lachan.core.models import Actor, Person
from lachan.systems.testing import commands
from lachan.systems.testing.models import Result, TestOrder, Tube
from lachan.systems.testing.tests.conftest import AT, Bench, staff
from lachan.systems.testing.tests.told import told

pytestmark = pytest.mark.django_db(transaction=True)
People = Callable[[int], list[Person]]


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """Run the acts in threads that start together; "done" or the code of the refusal of each."""
    barrier, ends = Barrier(len(acts)), ["" for _ in acts]

    def run(number: int) -> None:
        try:
            barrier.wait(10)
            acts[number]()
            ends[number] = "done"
        except Refusal as refused:
            ends[number] = refused.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=(n,)) for n in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return ends


@contextmanager
def without(table: str, drop: str, restore: str) -> Iterator[None]:
    """The table without one of its guards."""
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {drop}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {drop} {restore}")


def unique_of(table: str, column: str) -> str:
    sql = """
        SELECT c.conname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
        WHERE c.conrelid = %s::regclass AND c.contype = 'u' AND a.attname = %s AND array_length(c.conkey, 1) = 1
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [table, column])
        return str(cursor.fetchone()[0])


def register_twice(bench: Bench, persons: list[Person], barcode: str) -> list[str]:
    def by(person: Person) -> Callable[[], Any]:
        return lambda: commands.collect(
            barcode=barcode, persons=[person], place=bench.station, assay="pcr", actor=bench.nurse, at=AT
        )

    return at_once(*(by(p) for p in persons))


def test_without_its_guard_a_tube_is_registered_twice(bench: Bench, people: People) -> None:
    name = unique_of("testing_tube", "barcode")
    with without("testing_tube", name, "UNIQUE (barcode)"):
        assert register_twice(bench, people(2), "RACE0001") == ["done", "done"]
        assert Tube.objects.filter(barcode="RACE0001").count() == 2


def test_a_tube_is_registered_once(bench: Bench, people: People) -> None:
    for attempt in range(20):
        barcode = f"RACE{attempt:04d}"
        assert sorted(register_twice(bench, people(4), barcode)) == ["done"] + ["tube-registered"] * 3
        assert Tube.objects.get(barcode=barcode).members.count() == 1


def verify_by(result: Result, verifier: Actor) -> Callable[[], Any]:
    return lambda: commands.verify_results(results=[result], actor=verifier, at=AT)


def test_two_verifiers_tell_once(bench: Bench, people: People) -> None:
    second = staff("second verifier")
    for attempt in range(10):
        [tube] = bench.received(people(1))
        entries = [commands.ResultEntry(barcode=tube.barcode, outcome="positive")]
        [result] = commands.enter_results(entries=entries, actor=bench.technician, at=AT)
        ends = at_once(verify_by(result, bench.verifier), verify_by(result, second))
        assert sorted(ends) == ["done", "not-waiting"]
        assert len(told(ResultReported)) == attempt + 1


def test_two_technicians_enter_one_result(bench: Bench, people: People) -> None:
    for _attempt in range(10):
        [tube] = bench.received(people(1))

        def enter(outcome: str, barcode: str = tube.barcode) -> Any:
            entries = [commands.ResultEntry(barcode=barcode, outcome=outcome)]
            return commands.enter_results(entries=entries, actor=bench.technician, at=AT)

        ends = at_once(lambda: enter("positive"), lambda: enter("negative"))
        assert sorted(ends) == ["done", "result-exists"]
        assert Result.objects.filter(tube=tube).count() == 1


def collect_or_cancel(bench: Bench, person: Person) -> int:
    """One nurse takes the sample while another cancels the order."""
    request = commands.TestRequest(person_id=person.pk, assay="pcr", reason="indicated", due_on=AT.date())
    [number] = commands.order_tests(requests=[request], actor=bench.nurse, at=AT)
    at_once(
        lambda: bench.collected([person]),
        lambda: commands.cancel_tests(orders=[number], reason="by-hand", actor=bench.nurse, at=AT),
    )
    return number


def test_an_order_is_collected_or_cancelled_never_both(bench: Bench, people: People) -> None:
    orders = [collect_or_cancel(bench, people(1)[0]) for _attempt in range(20)]
    both = TestOrder.objects.filter(pk__in=orders, cancelled_at__isnull=False, sample__isnull=False)
    neither = TestOrder.objects.filter(pk__in=orders, cancelled_at__isnull=True, sample__isnull=True)
    assert not both.exists()
    assert not neither.exists()


def test_a_tube_is_sent_once(bench: Bench, people: People) -> None:
    for _attempt in range(10):
        tube = bench.collected(people(1))

        def send(one: Tube = tube) -> Any:
            return commands.send_batch(
                tubes=[one], laboratory=bench.laboratory, from_place=bench.station, actor=bench.nurse, at=AT
            )

        assert sorted(at_once(send, send)) == ["done", "tube-sent"]
