"""Giving a case or contacts to another area: sent, acknowledged, accepted or declined, each step once."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import HandOverAcknowledged, HandOverDecided, HandOverSent
from lachan.core.models import Actor, Area
from lachan.systems.tracing.models import Case, Contact, HandOver, HandOverContact


class CannotHandOver(Refusal):
    """handover-nothing, handover-same-area, handover-under-way, handover-already-acknowledged,
    handover-already-decided, handover-not-acknowledged, handover-needs-reason."""


@transaction.atomic
def send_handover(
    *,
    from_area: Area,
    to_area: Area,
    reason: str,
    actor: Actor,
    at: datetime,
    case: Case | None = None,
    contacts: Sequence[Contact] = (),
) -> HandOver:
    """Offer a case or contacts to another area, which sees them from now on. Raises CannotHandOver."""
    if case is None and not contacts:
        raise CannotHandOver("handover-nothing", _("Choose a case or contacts to hand over."))
    if from_area.pk == to_area.pk:
        raise CannotHandOver("handover-same-area", _("Choose another area."))
    try:
        with transaction.atomic():
            handover = HandOver.objects.create(
                case=case, from_area=from_area, to_area=to_area, reason=reason, sent_at=at, sent_by=actor
            )
    except IntegrityError as error:
        raise CannotHandOver("handover-under-way", _("This case is already being handed over.")) from error
    rows = [HandOverContact(handover=handover, contact=c) for c in contacts]
    HandOverContact.objects.bulk_create(rows, batch_size=2_000)
    told = HandOverSent(
        person_id=case.root_id if case else None, handover_id=handover.pk, from_area_id=from_area.pk,
        to_area_id=to_area.pk, happened_at=at, ref=f"tracing.handover:{handover.pk}",
    )  # fmt: skip
    emit([told], actor=actor)
    return handover


@transaction.atomic
def acknowledge_handover(*, handover: HandOver, actor: Actor, at: datetime) -> None:
    """Say that it was seen. Raises CannotHandOver."""
    done = HandOver.objects.filter(pk=handover.pk, acknowledged_at__isnull=True).update(
        acknowledged_at=at, acknowledged_by=actor
    )
    if not done:
        raise CannotHandOver("handover-already-acknowledged", _("This was acknowledged before."))
    told = HandOverAcknowledged(
        person_id=_person(handover), handover_id=handover.pk, happened_at=at, ref=f"tracing.handover:{handover.pk}"
    )  # fmt: skip
    emit([told], actor=actor)


@transaction.atomic
def decide_handover(
    *, handover: HandOver, accepted: bool, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """Take it on, or decline with a reason; of two officers who decide at once one does. Raises CannotHandOver."""
    if not accepted and not reason.strip():
        raise CannotHandOver("handover-needs-reason", _("Say why you decline."))
    done = HandOver.objects.filter(
        pk=handover.pk, acknowledged_at__isnull=False, decided_at__isnull=True
    ).update(decided_at=at, decided_by=actor, accepted=accepted, decision_reason=reason.strip())
    if not done:
        _refuse(handover)
    told = HandOverDecided(
        person_id=_person(handover), handover_id=handover.pk, accepted=accepted, happened_at=at,
        ref=f"tracing.handover:{handover.pk}",
    )  # fmt: skip
    emit([told], actor=actor)


def _refuse(handover: HandOver) -> None:
    if HandOver.objects.filter(pk=handover.pk, decided_at__isnull=False).exists():
        raise CannotHandOver("handover-already-decided", _("Another officer has decided this hand-over."))
    raise CannotHandOver("handover-not-acknowledged", _("Acknowledge it before you decide."))


def _person(handover: HandOver) -> int | None:
    return handover.case.root_id if handover.case else None
