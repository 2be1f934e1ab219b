"""Two clerks at the last place, two sessions that want one person: shown with the guard off, gone with it on."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from django.db import connection
from django.db.models import F

from lachan.core.models import Actor, Area
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import CannotInvite, inviting
from lachan.systems.vaccination.models import Invitation, Session
from lachan.systems.vaccination.tests.conftest import NOON, keeper
from lachan.systems.vaccination.tests.people import approved, commune, district, session
from lachan.systems.vaccination.tests.test_race_doses import race

pytestmark = pytest.mark.django_db(transaction=True)


def looked_up(gate: Barrier) -> Callable[[Session, int], int]:
    """Look how many places are free, then take them: what must not be done."""

    def take(session: Session, wanted: int) -> int:
        now = Session.objects.get(pk=session.pk)
        granted = min(wanted, now.places - now.taken)
        with suppress(BrokenBarrierError):
            gate.wait(timeout=2)
        Session.objects.filter(pk=session.pk).update(taken=F("taken") + granted)
        return granted

    return take


@contextmanager
def overbooking_allowed() -> Iterator[None]:
    guard = next(c for c in Session._meta.constraints if c.name == "session_not_overbooked")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Session, guard)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE vaccination_invitation; UPDATE vaccination_session SET taken = 0")
        with connection.schema_editor() as editor:
            editor.add_constraint(Session, guard)


def inviting_by(to: Session, clerk: Actor, area: Area) -> Callable[[], Any]:
    return lambda: commands.invite_people(session=to, area=area, most=1, actor=clerk, at=NOON)


def last_place() -> tuple[Session, list[Callable[[], Any]]]:
    """One place, and two clerks of two communes who each invite somebody of their own."""
    here, there = commune(), commune("Phường Bình Hiên", "t20196")
    for area in (here, there):
        row = approved(area=area)
        commands.approve_registrations(registrations=[row.pk], allocated=area, actor=keeper(), at=NOON)
    to, clerks = session(places=1), [keeper(), keeper()]

    return to, [inviting_by(to, clerk, area) for clerk, area in zip(clerks, (here, there), strict=True)]


def told(run: Callable[[], Any]) -> Callable[[], Any]:
    """The refusal as the outcome."""

    def wrapped() -> Any:
        try:
            return run()
        except CannotInvite as refusal:
            return refusal.code

    return wrapped


def test_without_the_guarded_update_the_last_place_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    to, clerks = last_place()
    monkeypatch.setattr(inviting, "take_places", looked_up(Barrier(2)))
    monkeypatch.setattr(inviting, "_slots", lambda session, wanted: [session.starts_at] * wanted)
    with overbooking_allowed():
        race(*map(told, clerks))
        to.refresh_from_db()
        assert (Invitation.objects.count(), to.taken, to.places) == (2, 2, 1)


def test_the_last_place_is_given_once() -> None:
    to, clerks = last_place()
    race(*map(told, clerks))
    to.refresh_from_db()
    assert (Invitation.objects.count(), to.taken) == (1, 1)


def test_two_sessions_do_not_invite_one_person_both() -> None:
    approved()
    sessions = [session(), session()]
    runs = [inviting_by(to, keeper(), district()) for to in sessions]
    race(*map(told, runs))
    assert Invitation.objects.filter(closed_at__isnull=True).count() == 1
    assert sum(Session.objects.values_list("taken", flat=True)) == 1


def test_a_session_cancelled_at_that_moment_keeps_nobody() -> None:
    to, clerks = last_place()
    stop = keeper()
    race(
        told(clerks[0]),
        told(lambda: commands.cancel_session(session=to, reason="Mất điện", actor=stop, at=NOON)),
    )
    to.refresh_from_db()
    assert to.cancelled_at is not None
    assert (to.taken, Invitation.objects.filter(closed_at__isnull=True).count()) == (0, 0)


def test_answers_and_a_cancellation_that_cross_do_not_lock_each_other() -> None:
    to, clerks = last_place()
    clerks[0]()
    row, who = Invitation.objects.get(), keeper()
    race(
        told(lambda: commands.answer_invitation(invitation=row, coming=False, actor=who, at=NOON)),
        told(lambda: commands.cancel_session(session=to, reason="Mất điện", actor=who, at=NOON)),
        told(lambda: commands.withdraw_registration(registration=row.registration, actor=who, at=NOON)),
    )
    to.refresh_from_db()
    assert (to.taken, Invitation.objects.filter(closed_at__isnull=True).count()) == (0, 0)
