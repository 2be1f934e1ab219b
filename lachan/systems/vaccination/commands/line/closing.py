"""The end of a session: nobody is in the line, and every dose drawn was given or written off."""

from datetime import datetime

from django.db import transaction

from lachan.core.eventlog import emit
from lachan.core.events import SessionEnded
from lachan.core.models import Actor
from lachan.systems.vaccination.commands.line.refusals import CannotServe
from lachan.systems.vaccination.models import Dose, Session, Vial, Visit


@transaction.atomic
def close_session(*, session: Session, actor: Actor, at: datetime) -> Session:
    """Close it, once: nobody is received any longer.

    Raises CannotServe: session-cancelled, session-ended, session-not-begun, people-in-line, vials-unexplained.
    """
    held = Session.objects.select_for_update(of=("self",)).get(pk=session.pk)
    _require_running(held, at)
    if Visit.objects.filter(session=held, left_at__isnull=True).exists():
        raise CannotServe("people-in-line")
    # Held, so that no table draws from a vial that is being counted.
    vials = list(Vial.objects.select_for_update(no_key=True).filter(session=held).order_by("pk"))
    if left := sum(vial.left for vial in vials):
        raise CannotServe("vials-unexplained", more=f"({left})")
    held.ended_at, held.ended_by = at, actor
    held.save(update_fields=["ended_at", "ended_by"])
    given = Dose.objects.filter(visit__session=held, withdrawn_at__isnull=True).count()
    told = SessionEnded(
        place_id=held.site_id, happened_at=at, ref=f"vaccination.session:{held.pk}", session_id=held.pk, given=given
    )  # fmt: skip
    emit([told], actor=actor)
    return held


def _require_running(session: Session, at: datetime) -> None:
    if session.cancelled_at is not None:
        raise CannotServe("session-cancelled")
    if session.ended_at is not None:
        raise CannotServe("session-ended")
    if at < session.starts_at:
        raise CannotServe("session-not-begun")
