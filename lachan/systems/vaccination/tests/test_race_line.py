"""One person at two sites, one person at two tables, one dose for two: each race is shown with its guard off first."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection

from lachan.core.errors import Refusal
from lachan.core.models import Person
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands.line import arriving, injecting
from lachan.systems.vaccination.models import Dose, Movement, Session, Vial, Visit
from lachan.systems.vaccination.tests.conftest import NOON, keeper
from lachan.systems.vaccination.tests.line_rows import person, screened, session, vial

pytestmark = pytest.mark.django_db(transaction=True)


def told(run: Callable[[], Any]) -> str:
    try:
        run()
        return "done"
    except Refusal as refusal:
        return refusal.code
    finally:
        connection.close()


def race(*runs: Callable[[], Any]) -> list[str]:
    with ThreadPoolExecutor(len(runs)) as pool:
        return sorted(answer.result(timeout=30) for answer in [pool.submit(told, run) for run in runs])


@contextmanager
def without(table: type[Any], *names: str) -> Iterator[None]:
    """The table without its guards; what the race has left is forgotten before they come back."""
    guards = [c for c in table._meta.constraints if c.name in names]
    with connection.schema_editor() as editor:
        for guard in guards:
            editor.remove_constraint(table, guard)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE vaccination_dose, vaccination_visit CASCADE")
        with connection.schema_editor() as editor:
            for guard in guards:
                editor.add_constraint(table, guard)


def both_looked(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Both have looked before one of them writes."""
    barrier, before = Barrier(2), getattr(module, name)

    def waiting(*given: Any, **more: Any) -> Any:
        with suppress(BrokenBarrierError):
            barrier.wait(5)
        return before(*given, **more)

    monkeypatch.setattr(module, name, waiting)


def two_sites(who: Person) -> list[str]:
    def come(here: Session) -> Callable[[], Any]:
        actor = keeper()
        return lambda: commands.receive(
            session=here, person=who, known_by="code", walk_in=True, actor=actor, at=NOON
        )

    return race(come(session()), come(session()))


def test_one_person_at_two_sites_is_received_twice_without_the_guard(monkeypatch: pytest.MonkeyPatch) -> None:
    both_looked(monkeypatch, arriving, "next_numbers")
    with without(Visit, "visit_one_open_a_person"):
        who = person()
        assert two_sites(who) == ["done", "done"]
        assert Visit.objects.filter(person=who, left_at__isnull=True).count() == 2


def test_one_person_at_two_sites_is_received_once(monkeypatch: pytest.MonkeyPatch) -> None:
    both_looked(monkeypatch, arriving, "next_numbers")
    who = person()
    assert two_sites(who) == ["done", "in-another-line"]
    assert Visit.objects.filter(person=who).count() == 1


def two_tables(visit: Visit, bottle: Vial) -> list[str]:
    def give(table: int) -> Callable[[], Any]:
        actor = keeper()
        return lambda: commands.inject(visit=visit, vial=bottle, table=table, actor=actor, at=NOON)

    return race(give(1), give(2))


DOSE_GUARDS = ("dose_one_a_visit", "dose_once_a_person", "dose_one_a_day")


def look_without_holding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        injecting, "held_visit", lambda visit: Visit.objects.select_related("session__site").get(pk=visit.pk)
    )
    both_looked(monkeypatch, injecting, "take_dose")


def test_two_tables_inject_one_person_twice_without_the_guards(monkeypatch: pytest.MonkeyPatch) -> None:
    look_without_holding(monkeypatch)
    with without(Dose, *DOSE_GUARDS):
        here = session()
        assert two_tables(screened(here), vial(here)) == ["done", "done"]
        assert Dose.objects.count() == 2


def test_the_constraints_alone_let_one_table_inject(monkeypatch: pytest.MonkeyPatch) -> None:
    look_without_holding(monkeypatch)
    here = session()
    bottle = vial(here)
    answers = two_tables(screened(here), bottle)
    assert answers[1] == "done" or answers[0] == "done"
    assert set(answers) - {"done"} <= {"already-injected", "dose-known"}
    assert Dose.objects.count() == Movement.objects.filter(kind="given").count() == 1


def test_one_person_is_injected_at_one_table() -> None:
    here = session()
    answers = two_tables(screened(here), vial(here))
    assert answers.count("done") == 1
    assert Dose.objects.count() == Movement.objects.filter(kind="given").count() == 1


def test_the_last_dose_is_recorded_for_one_of_two_people() -> None:
    here = session(product="janssen", doses=10, places=8)
    bottle = vial(here)
    for _ in range(bottle.left - 1):
        commands.inject(visit=screened(here), vial=bottle, table=1, actor=keeper(), at=NOON)
    first, second = screened(here), screened(here)

    def give(to: Visit) -> Callable[[], Any]:
        actor = keeper()
        return lambda: commands.inject(visit=to, vial=bottle, table=1, actor=actor, at=NOON)

    assert race(give(first), give(second)) == ["done", "vial-exhausted"]
    assert Dose.objects.count() == 5


def test_the_last_place_is_taken_by_one_walk_in() -> None:
    here = session(places=1)

    def come() -> Callable[[], Any]:
        who, actor = person(), keeper()
        return lambda: commands.receive(
            session=here, person=who, known_by="code", walk_in=True, actor=actor, at=NOON
        )

    assert race(come(), come()) == ["done", "session-full"]
