"""Letting go: by evidence in bulk, or early with a reason and a second signer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lachan.core.codes import new_code
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import EarlyReleaseProposed, EarlyReleaseRefused, PersonReleased
from lachan.core.models import Actor, EventRow
from lachan.systems.quarantine.commands.docket import close_orders
from lachan.systems.quarantine.commands.stays import end_stays
from lachan.systems.quarantine.models import Order, OrderTerm, ReleaseDecision
from lachan.systems.quarantine.queries.aftercare import monitored_until
from lachan.systems.quarantine.queries.evidence import release_verdicts
from lachan.systems.quarantine.rules import Release


class CannotRelease(Refusal):
    """not-due, order-closed, reason-needed, already-proposed, same-signer, already-signed."""

    def __init__(self, code: str) -> None:
        super().__init__(code, _SENTENCES[code])


_SENTENCES = {
    "not-due": _("The evidence does not yet allow the release. See what is missing."),
    "order-closed": _("This order has ended."),
    "reason-needed": _("Early release needs a reason."),
    "already-proposed": _("Early release is already proposed for this order."),
    "same-signer": _("A second person has to sign, not the one who proposed."),
    "already-signed": _("This proposal was already decided."),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Decisions made, and the verdict of those who must stay (by order id)."""

    released: list[ReleaseDecision]
    refused: dict[int, Release]


@transaction.atomic
def release(*, orders: Sequence[Order], actor: Actor, at: datetime) -> Outcome:
    """Release those of `orders` whose evidence says so. Raises CannotRelease when that is nobody."""
    terms = _lock([o.pk for o in orders])
    if not terms:
        raise CannotRelease("order-closed")
    verdicts = release_verdicts(terms, at=at)
    going = [t for t in terms if verdicts[t.order_id].due]
    if not going:
        raise CannotRelease("not-due")
    decisions = ReleaseDecision.objects.bulk_create(
        ReleaseDecision(order=t.order, certificate=new_code(), early=False, decided_at=at, decided_by=actor)
        for t in going
    )
    _let_go(going, early=False, actor=actor, at=at)
    return Outcome(decisions, {pk: verdict for pk, verdict in verdicts.items() if not verdict.due})


def _lock(order_ids: Sequence[int]) -> list[OrderTerm]:
    """The terms in force of those that are open, with their orders, locked."""
    held = Order.objects.select_for_update().filter(pk__in=order_ids, closed_at__isnull=True).order_by("pk")
    open_ids = [o.pk for o in held]
    terms = OrderTerm.objects.filter(order__in=open_ids, superseded_at__isnull=True)
    return list(terms.select_related("order").order_by("order_id"))


def _let_go(
    terms: Sequence[OrderTerm], *, early: bool, actor: Actor, at: datetime, cause: UUID | None = None
) -> None:
    orders = [t.order for t in terms]
    told = [_released(t, early=early, at=at, cause=cause or t.order.led_by) for t in terms]
    for order, event in zip(orders, told, strict=True):
        order.closed_at, order.closed_how, order.closing_event_id = at, "released", event.id
    close_orders(orders)
    emit(told, actor=actor)
    end_stays(orders, actor=actor, at=at)


def _released(term: OrderTerm, *, early: bool, at: datetime, cause: UUID | None) -> PersonReleased:
    order = term.order
    return PersonReleased(
        person_id=order.person_id, place_id=order.site_id, happened_at=at, caused_by=cause,
        ref=f"quarantine.order:{order.pk}", order_id=order.pk, early=early,
        subject=term.subject, monitor_until=monitored_until(term),
    )  # fmt: skip


@transaction.atomic
def propose_early_release(*, order: Order, reason: str, actor: Actor, at: datetime) -> ReleaseDecision:
    """Propose to let go before the evidence says so; nothing happens until a second person agrees.

    Raises CannotRelease.
    """
    if not reason.strip():
        raise CannotRelease("reason-needed")
    if not _lock([order.pk]):
        raise CannotRelease("order-closed")
    try:
        with transaction.atomic():
            proposal = ReleaseDecision.objects.create(
                order=order,
                certificate=new_code(),
                early=True,
                reason=reason.strip(),
                decided_at=at,
                decided_by=actor,
            )
    except IntegrityError as error:
        raise CannotRelease("already-proposed") from error
    emit(
        [
            EarlyReleaseProposed(
                person_id=order.person_id, happened_at=at, caused_by=order.led_by, order_id=order.pk,
                decision_id=proposal.pk, ref=f"quarantine.releasedecision:{proposal.pk}",
            )
        ],
        actor=actor,
    )  # fmt: skip
    return proposal


@transaction.atomic
def second_sign(*, decision: ReleaseDecision, agreed: bool, actor: Actor, at: datetime) -> ReleaseDecision:
    """Agree to a proposed early release, or refuse it. Raises CannotRelease."""
    terms = _lock([decision.order_id])
    held = ReleaseDecision.objects.select_for_update().get(pk=decision.pk)
    if held.agreed is not None or not held.early:
        raise CannotRelease("already-signed")
    if held.decided_by_id == actor.pk:
        raise CannotRelease("same-signer")
    if not terms:
        raise CannotRelease("order-closed")
    held.agreed, held.second_signer, held.second_signed_at = agreed, actor, at
    held.save(update_fields=["agreed", "second_signer", "second_signed_at"])
    if agreed:
        _let_go(terms, early=True, actor=actor, at=at, cause=_proposed(held))
    else:
        emit([_refused(held, terms[0].order, at)], actor=actor)
    return held


def _proposed(decision: ReleaseDecision) -> UUID | None:
    told = EventRow.objects.filter(
        ref=f"quarantine.releasedecision:{decision.pk}", kind=EarlyReleaseProposed.__name__
    )
    return told.values_list("pk", flat=True).first()


def _refused(decision: ReleaseDecision, order: Order, at: datetime) -> EarlyReleaseRefused:
    return EarlyReleaseRefused(
        person_id=order.person_id, happened_at=at, caused_by=order.led_by, order_id=order.pk,
        decision_id=decision.pk, ref=f"quarantine.releasedecision:{decision.pk}",
    )  # fmt: skip
