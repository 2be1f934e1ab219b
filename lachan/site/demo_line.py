"""The demo's line: in the session of today people wait at each step, those of yesterday have gone home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from lachan.core import actors, clock
from lachan.core.models import Actor
from lachan.systems.vaccination import commands
from lachan.systems.vaccination.commands import Examined
from lachan.systems.vaccination.models import Invitation, Session, Visit
from lachan.systems.vaccination.queries.policy import rules_at
from lachan.systems.vaccination.rules.screening import Signs

WATCHED, EXAMINED, RECEIVED = 5, 4, 6
MINUTE = timedelta(minutes=1)


def make() -> None:
    """Once, in the sessions of the demo's campaign; nothing where there are none."""
    at = clock.now()
    actor = actors.system(at=at)
    today = clock.day_bounds(clock.local_date(at))
    running = Session.objects.filter(starts_at__gte=today[0], starts_at__lte=at - 45 * MINUTE, ends_at__gt=at)
    session = running.filter(vials__isnull=False, cancelled_at__isnull=True).order_by("pk").first()
    if session is None or Visit.objects.filter(forms__isnull=True).exists():
        return
    _send_home(actor, at)
    waiting = Invitation.objects.filter(session=session, closed_at__isnull=True).exclude(
        person__vaccination_visits__session=session
    )
    _line(session, list(waiting.select_related("person").order_by("slot_at", "pk")[:15]), actor, at)


def _send_home(actor: Actor, at: datetime) -> None:
    for visit in Visit.objects.filter(session__ends_at__lt=at, left_at__isnull=True):
        until = visit.arrived_at + 40 * MINUTE
        if visit.doses.exists():
            commands.end_observation(visit=visit, well=True, actor=actor, at=until)
        commands.leave(visit=visit, actor=actor, at=until)


def _line(session: Session, guests: Sequence[Invitation], actor: Actor, at: datetime) -> None:
    """Some have been watched for 35 minutes, some are examined, one of them asks for care; the rest have just come."""
    begun = at - 40 * MINUTE
    visits = [_received(session, guest, actor, begun) for guest in guests]
    if session.lot is None or not visits:
        return
    vial = commands.open_vial(store=session.site, lot=session.lot, session=session, actor=actor, at=begun)
    for visit in visits[:WATCHED]:
        commands.screen(visit=visit, examined=_examined(at), actor=actor, at=begun + 2 * MINUTE)
        commands.inject(visit=visit, vial=vial, table=2, actor=actor, at=begun + 5 * MINUTE)
    for number, visit in enumerate(visits[WATCHED : WATCHED + EXAMINED]):
        yes = {"7"} if number == 1 else set()
        commands.screen(visit=visit, examined=_examined(at, *yes), actor=actor, at=at - 5 * MINUTE)


def _received(session: Session, guest: Invitation, actor: Actor, at: datetime) -> Visit:
    return commands.receive(session=session, person=guest.person, known_by="code", actor=actor, at=at)


def _examined(at: datetime, *yes: str) -> Examined:
    answers = {question.code: question.code in yes for question in rules_at(at).questions}
    signs = Signs(temperature=36.6, pulse=76, systolic=120, diastolic=78)
    return Examined(answers=answers, signs=signs, consent=True, careful_here="7" in yes)
