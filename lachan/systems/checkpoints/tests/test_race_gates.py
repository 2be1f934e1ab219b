"""Two gates at the same moment. Each race is first shown to happen with its guard off."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier, BrokenBarrierError
from typing import Any
from unittest.mock import Mock

import pytest
from django.db import IntegrityError, connection

from lachan.codecs.cccd import write_cccd
from lachan.codecs.live_code import live_key, make_live_code
from lachan.core.models import Actor, Area, Person, Place, PlaceKind, Presence
from lachan.core.places import open_place
from lachan.platform.code_keys import CodeKeys
from lachan.systems.checkpoints.commands import people, proofs, record_scan, scanning, travel, visits
from lachan.systems.checkpoints.models import LiveCodeUse, Scan
from lachan.systems.checkpoints.tests.conftest import AT
from lachan.systems.checkpoints.tests.test_scan import CARD
from tests.rows import without_constraint

pytestmark = pytest.mark.django_db(transaction=True)


def meet(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Both threads wait for each other at this function; with the guard on one never comes, and the other goes on."""
    barrier, original = Barrier(2), getattr(module, name)

    def waiting(*args: Any, **kwargs: Any) -> Any:
        with suppress(BrokenBarrierError):
            barrier.wait(timeout=0.7)
        return original(*args, **kwargs)

    monkeypatch.setattr(module, name, waiting)


def off(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    monkeypatch.setattr(module, name, Mock())


def at_once(*calls: Callable[[], Scan]) -> list[Scan | Exception]:
    def run(call: Callable[[], Scan]) -> Scan | Exception:
        try:
            return call()
        except IntegrityError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.mark.parametrize("guarded", [False, True])
def test_an_entry_and_an_exit_sent_at_once_find_each_other(
    guarded: bool, person: Person, place: Place, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_scan(
        place=place, payload=person.code, actor=actor, at=AT - timedelta(days=2)
    )  # makes no partition race
    Presence.objects.all().delete()
    Scan.objects.all().delete()
    meet(monkeypatch, visits, "_update")
    off(monkeypatch, travel, "hold")  # it makes the two wait too, for another reason
    if not guarded:
        off(monkeypatch, visits, "hold_visits")

    def scan(direction: str, hours: int) -> Callable[[], Scan]:
        at = AT + timedelta(hours=hours)
        return lambda: record_scan(
            place=place, payload=person.code, actor=actor, at=AT, direction=direction, happened_at=at
        )

    at_once(scan("in", 0), scan("out", 1))
    hours = (Presence.objects.get().ends_at - AT) / timedelta(hours=1)
    assert hours == (1 if guarded else 2)


@pytest.mark.parametrize("guarded", [False, True])
def test_an_unknown_card_at_two_gates_is_one_person(
    guarded: bool, place: Place, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(monkeypatch, people, "_identity_of")
    if not guarded:
        off(monkeypatch, people, "hold")
    at_once(*[lambda: record_scan(place=place, payload=write_cccd(CARD), actor=actor, at=AT)] * 2)
    assert Person.objects.count() == (1 if guarded else 2)


@pytest.mark.parametrize(
    ("locked", "unique", "rows", "refused"), [(False, False, 2, 0), (False, True, 1, 1), (True, True, 1, 0)]
)
def test_the_same_reading_sent_twice_at_once_is_one_scan(
    locked: bool, unique: bool, rows: int, refused: int,
    person: Person, place: Place, actor: Actor, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    meet(monkeypatch, scanning, "_new_scans")
    if not locked:
        off(monkeypatch, scanning, "hold")

    def send() -> Scan:
        return record_scan(place=place, payload=person.code, actor=actor, at=AT, client_id="one")

    def twice() -> tuple[int, int]:
        answers = at_once(send, send)
        return Scan.objects.count(), sum(isinstance(a, IntegrityError) for a in answers)

    if unique:
        assert twice() == (rows, refused)
    else:
        with without_constraint(Scan, "scan_once_a_client_id"):
            assert twice() == (rows, refused)


@pytest.mark.parametrize("guarded", [False, True])
def test_a_live_code_and_its_picture_at_once_are_not_both_the_first(
    guarded: bool, person: Person, place: Place, actor: Actor, keys: CodeKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    meet(monkeypatch, proofs, "_insert")
    off(monkeypatch, travel, "hold")  # it makes the two wait too, for another reason
    text = make_live_code(person.code, live_key(keys.secrets[0], person.code), AT)

    def marked() -> int:
        scans = at_once(*[lambda: record_scan(place=place, payload=text, actor=actor, at=AT)] * 2)
        return sum("already_here" in scan.marks for scan in scans if isinstance(scan, Scan))

    if guarded:
        assert marked() == 1
        return
    with without_constraint(LiveCodeUse, "live_code_once_a_post"):
        assert marked() == 0


@pytest.mark.parametrize("guarded", [False, True])
def test_two_far_posts_that_read_one_person_at_once_see_each_other(
    guarded: bool, person: Person, area: Area, actor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    spots = {"Chốt Bắc": (21.03, 105.85), "Chốt Nam": (10.78, 106.70)}
    north, south = (
        open_place(kind=PlaceKind.CONTROL_POST, name=name, area=area, at=AT, lat=lat, lon=lon)
        for name, (lat, lon) in spots.items()
    )
    record_scan(
        place=north, payload=person.code, actor=actor, at=AT - timedelta(days=2)
    )  # partitions of the day
    record_scan(place=north, payload=person.code, actor=actor, at=AT - timedelta(hours=9))
    meet(monkeypatch, travel, "_elsewhere")
    if not guarded:
        off(monkeypatch, travel, "hold")
    at_once(
        *[lambda p=p: record_scan(place=p, payload=person.code, actor=actor, at=AT) for p in (north, south)]
    )
    flagged = Scan.objects.filter(happened_at=AT, marks__contains=["impossible_travel"]).count()
    assert flagged == (2 if guarded else 0)
