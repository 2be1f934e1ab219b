"""Two desks give the last bed at one moment: without the guard both succeed, with it one does."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

from lachan.core.models import Actor, Place
from lachan.systems.quarantine import commands
from lachan.systems.quarantine.commands import CannotAssignBed, beds
from lachan.systems.quarantine.models import Bed, Order, Stay
from lachan.systems.quarantine.tests.conftest import (
    NOON,
    bed_in,
    contact_under_order,
    officer,
    order_of,
    room,
    site,
)
from tests.rows import without_constraint

pytestmark = pytest.mark.django_db(transaction=True)


def assign(order: Order, bed: Bed, actor: Actor, start: Barrier) -> str:
    try:
        start.wait(10)
        commands.assign_bed(order=order, bed=bed, from_at=NOON, actor=actor, at=NOON)
        return "given"
    except CannotAssignBed as refusal:
        return refusal.code
    except OperationalError as error:  # without locks each may wait for the other's row in the constraint
        if not isinstance(error.__cause__, DeadlockDetected):
            raise
        return "deadlock"
    finally:
        connection.close()


def race(pairs: list[tuple[Order, Bed]]) -> list[str]:
    start, actor = Barrier(len(pairs)), officer()
    with ThreadPoolExecutor(len(pairs)) as pool:
        answers = [pool.submit(assign, order, bed, actor, start) for order, bed in pairs]
        return sorted(answer.result(timeout=30) for answer in answers)


def last_bed() -> list[tuple[Order, Bed]]:
    bed = bed_in(room(site(), beds=1))
    return [(order_of(contact_under_order()), bed) for _ in range(2)]


@pytest.fixture
def without_the_constraint() -> Iterator[None]:
    with without_constraint(Stay, "stay_bed_once"):
        yield


def test_the_race_is_real_without_the_constraint(without_the_constraint: None) -> None:
    assert race(last_bed()) == ["given", "given"]
    assert Stay.objects.count() == 2


def test_last_bed_is_given_once() -> None:
    for _ in range(5):
        pairs = last_bed()
        assert race(pairs) == ["bed-taken", "given"]
        assert Stay.objects.filter(bed=pairs[0][1]).count() == 1


def strangers() -> list[tuple[Order, Bed]]:
    place = room(site(), beds=2)
    woman, man = contact_under_order(sex="f"), contact_under_order(sex="m")
    return [(order_of(woman), bed_in(place, "1")), (order_of(man), bed_in(place, "2"))]


def look_without_lock(ids: list[int]) -> dict[int, Place]:
    """The guard off: rooms are read, not held; and both look before one of them writes."""
    return {r.pk: r for r in Place.objects.filter(pk__in=ids)}


@pytest.fixture
def without_guards(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    both = Barrier(2)

    def looked(ids: list[int]) -> dict[int, Place]:
        both.wait(10)
        return look_without_lock(ids)

    monkeypatch.setattr(beds, "_lock_rooms", looked)
    with without_constraint(Stay, "stay_one_company_a_room"):
        yield


def test_strangers_meet_in_a_room_without_the_guards(without_guards: None) -> None:
    meetings = [race(strangers()) for _ in range(5)]
    assert ["given", "given"] in meetings


def test_the_constraint_alone_keeps_strangers_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beds, "_lock_rooms", look_without_lock)
    for _ in range(5):
        refused, given = sorted(race(strangers()), key=lambda answer: answer == "given")
        assert (given, refused in {"room-cohort", "room-sex", "deadlock"}) == ("given", True)


def test_a_room_is_for_one_company_whoever_comes_first() -> None:
    for _ in range(5):
        assert race(strangers()) == ["given", "room-sex"]
