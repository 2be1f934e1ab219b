"""The stop button: nothing is stored after `stop_issuing` has returned."""

from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import IssuingResumed, IssuingStopped
from lachan.core.models import Actor
from lachan.issuer.commands.gates import ISSUING, close_gate
from lachan.issuer.models import Stop


class CannotStop(Refusal):
    pass


class CannotResume(Refusal):
    pass


@transaction.atomic
def stop_issuing(*, reason: str, actor: Actor, at: datetime) -> Stop:
    """Let nothing be signed from now on. What is requested meanwhile waits. Raises CannotStop: no-reason,
    stopped-before."""
    if not reason.strip():
        raise CannotStop("no-reason", _("Say why."))
    close_gate(ISSUING)
    try:
        with transaction.atomic():
            stop = Stop.objects.create(reason=reason.strip()[:200], stopped_by=actor, stopped_at=at)
    except IntegrityError as error:
        raise CannotStop("stopped-before", _("Issuing is stopped already.")) from error
    emit([IssuingStopped(stop_id=stop.pk, happened_at=at, ref=f"issuer.stop:{stop.pk}")], actor=actor)
    return stop


@transaction.atomic
def resume_issuing(*, actor: Actor, at: datetime) -> Stop:
    """Let issuing go on; by somebody else than who stopped it. Raises CannotResume: not-stopped, own-stop."""
    stop = Stop.objects.select_for_update().filter(resumed_at__isnull=True).first()
    if stop is None:
        raise CannotResume("not-stopped", _("Issuing is not stopped."))
    if stop.stopped_by_id == actor.pk:
        raise CannotResume("own-stop", _("Who stopped issuing may not resume it. Ask a colleague."))
    stop.resumed_at, stop.resumed_by = max(at, stop.stopped_at), actor
    stop.save(update_fields=["resumed_at", "resumed_by"])
    emit([IssuingResumed(stop_id=stop.pk, happened_at=at, ref=f"issuer.stop:{stop.pk}")], actor=actor)
    wake_issuer()
    return stop


def wake_issuer() -> None:
    """Let the issuer look up (at commit)."""
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")


CHANNEL = "lachan_issuer"
