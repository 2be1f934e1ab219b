"""Sending tubes, receiving them, turning them down, pooling aliquots."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import bulk, clock
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import SampleRejected, SamplesReceived, SamplesSent, TubesPooled
from lachan.core.models import Actor, Place, PlaceKind
from lachan.platform import policies
from lachan.systems.testing import rules
from lachan.systems.testing.commands.orders import TestRequest, order_tests
from lachan.systems.testing.models import (
    Batch,
    BatchTube,
    OrderReason,
    Pool,
    PoolTube,
    Rejection,
    RejectionReason,
    Result,
    Tube,
    TubeMember,
)


class CannotSend(Refusal):
    pass


class CannotReceive(Refusal):
    pass


class CannotReject(Refusal):
    pass


class CannotPool(Refusal):
    pass


def tubes_locked(ids: Collection[int]) -> list[Tube]:
    """The tubes, held until the transaction ends: a tube is not pooled, rejected and read at the same moment."""
    return list(Tube.objects.select_for_update().filter(pk__in=ids).order_by("pk"))


@transaction.atomic
def send_batch(
    *, tubes: Sequence[Tube], laboratory: Place, from_place: Place, actor: Actor, at: datetime
) -> Batch:
    """Hand the tubes over to a courier. Raises CannotSend: nothing-to-send, not-a-laboratory, tube-elsewhere,
    tube-rejected, not-for-a-laboratory, tube-sent."""
    if not tubes:
        raise CannotSend("nothing-to-send", _("Choose at least one tube."))
    if laboratory.kind != PlaceKind.LABORATORY or laboratory.closed_at:
        raise CannotSend("not-a-laboratory", _("Choose a laboratory that works."))
    held = tubes_locked([t.pk for t in tubes])
    if any(t.place_id != from_place.pk for t in held):
        raise CannotSend("tube-elsewhere", _("One of the tubes was not collected at this place."))
    if any(t.assay != "pcr" for t in held):
        raise CannotSend("not-for-a-laboratory", _("Antigen tests are read on the spot, not sent."))
    if Rejection.objects.filter(tube__in=held).exists():
        raise CannotSend("tube-rejected", _("One of the tubes was turned down."))
    batch = Batch.objects.create(from_place=from_place, laboratory=laboratory, sent_at=at, sent_by=actor)
    try:
        with transaction.atomic():
            bulk.insert([BatchTube(batch=batch, tube=t) for t in held])
    except IntegrityError as error:
        raise CannotSend("tube-sent", _("One of the tubes was sent before.")) from error
    emit([SamplesSent(tubes=len(held), **_of_box(batch, at))], actor=actor)
    return batch


def _of_box(batch: Batch, at: datetime) -> dict[str, Any]:
    """What is told of a box whatever happens to it."""
    return {
        "batch_id": batch.pk, "place_id": batch.laboratory_id, "happened_at": at, "ref": f"testing.batch:{batch.pk}",
    }  # fmt: skip


@transaction.atomic
def receive_batch(*, batch: Batch, rejections: Mapping[str, str], actor: Actor, at: datetime) -> Batch:
    """Take the box in; tubes named in `rejections` (barcode to RejectionReason) cannot be tested, and their people
    are asked for another swab. Raises CannotReceive: batch-received, tube-not-in-batch, reason-unknown."""
    if not Batch.objects.filter(pk=batch.pk, received_at__isnull=True).update(
        received_at=at, received_by=actor
    ):
        raise CannotReceive("batch-received", _("This box was received before."))
    tubes = {t.barcode: t for t in Tube.objects.filter(journey__batch=batch)}
    if not tubes.keys() >= rejections.keys():
        raise CannotReceive("tube-not-in-batch", _("One of the tubes is not on the list of this box."))
    _reject({tubes[barcode]: reason for barcode, reason in rejections.items()}, actor, at)
    batch.refresh_from_db()
    received = SamplesReceived(tubes=len(tubes), rejected=len(rejections), **_of_box(batch, at))
    emit([received], actor=actor)
    return batch


@transaction.atomic
def reject_tubes(*, tubes: Sequence[Tube], reason: str, actor: Actor, at: datetime) -> None:
    """Turn down tubes for a reason that was seen at the station or at the bench. Raises CannotReject:
    tube-rejected, tube-has-result, reason-unknown."""
    held = tubes_locked([t.pk for t in tubes])
    if Result.objects.filter(tube__in=held, closed_at__isnull=True).exists():
        raise CannotReject("tube-has-result", _("One of the tubes has a result already. Amend that instead."))
    _reject(dict.fromkeys(held, reason), actor, at)


def _reject(reasons: Mapping[Tube, str], actor: Actor, at: datetime) -> None:
    """Write the rejections down, tell of them, and order another swab for each person."""
    if not set(reasons.values()) <= set(RejectionReason.values):
        raise CannotReject("reason-unknown", _("Choose a reason from the list."))
    rows = [Rejection(tube=t, reason=r, rejected_at=at, rejected_by=actor) for t, r in reasons.items()]
    try:
        with transaction.atomic():
            bulk.insert(rows)
    except IntegrityError as error:
        raise CannotReject("tube-rejected", _("One of the tubes was turned down before.")) from error
    by_pk = {tube.pk: (tube, reason) for tube, reason in reasons.items()}
    events, requests = [], []
    for member in TubeMember.objects.filter(tube__in=by_pk).select_related("order").order_by("pk"):
        tube, reason = by_pk[member.tube_id]
        event = SampleRejected(
            person_id=member.person_id, place_id=tube.place_id, tube=tube.barcode, reason=reason,
            caused_by=member.event_id, happened_at=at, ref=f"testing.tube:{tube.pk}",
        )  # fmt: skip
        events.append(event)
        requests.append(
            TestRequest(
                person_id=member.person_id,
                assay="pcr" if tube.assay == "pcr" else "antigen",
                reason=OrderReason.REPEAT,
                due_on=clock.local_date(at),
                cause=event.id,
                area_id=tube.area_id,
                quarantine_order=member.order.quarantine_order if member.order else None,
            )
        )
    emit(events, actor=actor)
    order_tests(requests=requests, actor=actor, at=at)


@transaction.atomic
def pool_tubes(*, barcode: str, tubes: Sequence[Tube], laboratory: Place, actor: Actor, at: datetime) -> Pool:
    """Mix aliquots of stored tubes under a barcode of its own. Raises CannotPool: barcode-unreadable, too-few,
    too-many, tube-not-here, tube-rejected, tube-has-result, tube-pooled, pool-registered."""
    code = rules.read_barcode(barcode)
    if code is None or Tube.objects.filter(barcode=code).exists():
        raise CannotPool("barcode-unreadable", _("Scan a free barcode for the pool, not that of a tube."))
    limit = policies.at(clock.local_date(at)).testing.max_pool_in_lab
    if not 2 <= len(tubes) <= limit:
        code_, sentence = ("too-few", _("A pool has at least two tubes.")) if len(tubes) < 2 else (
            "too-many", _("At most %(limit)d tubes may be pooled under the rule in force.") % {"limit": limit}
        )  # fmt: skip
        raise CannotPool(code_, sentence)
    held = tubes_locked([t.pk for t in tubes])
    _check_poolable(held, laboratory)
    try:
        with transaction.atomic():
            pool = Pool.objects.create(barcode=code, laboratory=laboratory, made_at=at, made_by=actor)
            bulk.insert([PoolTube(pool=pool, tube=t) for t in held])
    except IntegrityError as error:
        raise CannotPool(
            "tube-pooled", _("The barcode is in use, or one of the tubes was pooled before.")
        ) from error
    emit(
        [
            TubesPooled(
                pool=pool.barcode,
                tubes=len(held),
                place_id=laboratory.pk,
                happened_at=at,
                ref=f"testing.pool:{pool.pk}",
            )
        ],
        actor=actor,
    )
    return pool


def _check_poolable(held: Sequence[Tube], laboratory: Place) -> None:
    here = BatchTube.objects.filter(
        tube__in=held, batch__laboratory=laboratory, batch__received_at__isnull=False
    )
    if here.count() < len(held):
        raise CannotPool("tube-not-here", _("One of the tubes was not received in this laboratory."))
    if Rejection.objects.filter(tube__in=held).exists():
        raise CannotPool("tube-rejected", _("One of the tubes was turned down."))
    if Result.objects.filter(tube__in=held, closed_at__isnull=True).exists():
        raise CannotPool("tube-has-result", _("One of the tubes has a result already."))
