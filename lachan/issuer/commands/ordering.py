"""Batches: ordered at a desk, carried out by a worker in steps that are kept."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core.models import Actor, Place
from lachan.issuer import tasks
from lachan.issuer.commands.batches import reissue_of_key, request_batch
from lachan.issuer.commands.requests import CannotIssue
from lachan.issuer.models import BatchOrder, Compromise, Signature, SignerKey
from lachan.issuer.queries.affected import bare_records
from lachan.platform import jobs


@transaction.atomic
def order_batch(
    *, actor: Actor, at: datetime, lot: str = "", place: Place | None = None, starts_on: date | None = None,
    ends_on: date | None = None,
) -> BatchOrder:  # fmt: skip
    """Certificates for all records of a lot, or of a place on days, that have none.

    Raises CannotIssue: nothing-to-do.
    """
    order = BatchOrder(
        lot=lot.strip(),
        place=place,
        starts_on=starts_on,
        ends_on=ends_on,
        ordered_by=actor,
        ordered_at=at,
        total=0,
    )
    order.total = bare_records(order).count()
    return _queue(order)


@transaction.atomic
def order_reissue(*, key: SignerKey, actor: Actor, at: datetime) -> BatchOrder:
    """New certificates for what a compromised key signed. Raises CannotIssue: not-compromised, nothing-to-do."""
    if not Compromise.objects.filter(key=key).exists():
        raise CannotIssue("not-compromised", _("Only what a compromised key signed is issued anew."))
    return _queue(BatchOrder(key=key, ordered_by=actor, ordered_at=at, total=void(key, at).count()))


def void(key: SignerKey, at: datetime) -> "QuerySet[Signature]":
    """What a key signed that would count but for the key, and that nothing has taken the place of."""
    return key.signatures.filter(
        intent__revocation__isnull=True, intent__record__withdrawal__isnull=True, intent__replaced_by__isnull=True,
        intent__expires_at__gt=at,
    )  # fmt: skip


def _queue(order: BatchOrder) -> BatchOrder:
    if not order.total:
        raise CannotIssue("nothing-to-do", _("There is no record without a certificate here."))
    order.save(force_insert=True)
    jobs.defer(tasks.carry_on_batch, number=order.pk)
    return order


def carry_on(order: BatchOrder, *, at: datetime) -> None:
    """Ask for what is still missing; left off in the middle, it goes on where it was. Not for a transaction."""
    actor = order.ordered_by
    steps = (
        reissue_of_key(key=order.key, actor=actor, at=at)
        if order.key
        else request_batch(records=bare_records(order), actor=actor, at=at)
    )
    for step in steps:
        BatchOrder.objects.filter(pk=order.pk).update(done=F("done") + step)
        jobs.go_on()
    BatchOrder.objects.filter(pk=order.pk, finished_at__isnull=True).update(
        finished_at=max(at, order.ordered_at)
    )
