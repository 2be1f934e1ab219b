"""Ordering tests, moving them to other days, cancelling them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import persons
from lachan.core.bulk import insert
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import Assay, TestCancelled, TestOrdered
from lachan.core.ids import uuid7
from lachan.core.models import Actor, Person
from lachan.systems.testing import rules
from lachan.systems.testing.models import OrderReason, TestOrder


class CannotOrder(Refusal):
    pass


class CannotCancel(Refusal):
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class TestRequest:
    """One test to be ordered. `cause` is the event that asks for it; `area_id` stands in for an unknown home."""

    __test__: ClassVar[bool] = False

    person_id: int
    assay: Assay
    reason: str
    due_on: date
    cause: UUID | None = None
    quarantine_order: int | None = None
    area_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The test days that an order of isolation wants from now on."""

    quarantine_order: int
    person_id: int
    days: Sequence[date]
    cause: UUID


@transaction.atomic
def order_tests(*, requests: Sequence[TestRequest], actor: Actor, at: datetime) -> list[TestOrder]:
    """Order what was not ordered before for the same cause. Raises CannotOrder: person-unknown."""
    roots = persons.roots_locked(r.person_id for r in requests)
    if len(roots) < len({r.person_id for r in requests}):
        raise CannotOrder("person-unknown", _("There is no such person."))
    fresh = _not_yet_ordered(requests, roots)
    homes = dict(Person.objects.filter(pk__in=roots.values()).values_list("pk", "home_area_id"))
    orders = [_order(r, roots[r.person_id], homes, at) for r in fresh]
    insert(orders)
    emit([_ordered(order, at) for order in orders], actor=actor)
    return orders


def _not_yet_ordered(requests: Sequence[TestRequest], roots: Mapping[int, int]) -> list[TestRequest]:
    causes = {r.cause for r in requests if r.cause}
    seen = set(
        TestOrder.objects.filter(cause_event__in=causes).values_list(
            "cause_event", "person", "assay", "due_on"
        )
    )
    fresh = []
    for request in requests:
        key = (request.cause, roots[request.person_id], request.assay, request.due_on)
        if request.cause is None or key not in seen:
            fresh.append(request)
            seen.add(key)
    return fresh


def _order(request: TestRequest, root: int, homes: Mapping[int, int | None], at: datetime) -> TestOrder:
    return TestOrder(
        person_id=root, assay=request.assay, reason=request.reason, due_on=request.due_on,
        area_id=homes[root] or request.area_id, quarantine_order=request.quarantine_order,
        cause_event=request.cause, event_id=uuid7(), ordered_at=at,
    )  # fmt: skip


def _ordered(order: TestOrder, at: datetime) -> TestOrdered:
    return TestOrdered(
        id=order.event_id, person_id=order.person_id, order_id=order.pk, reason=order.reason,
        assay=cast(Assay, order.assay), due_on=order.due_on, caused_by=order.cause_event, happened_at=at,
        ref=f"testing.testorder:{order.pk}",
    )  # fmt: skip


@transaction.atomic
def cancel_tests(
    *,
    orders: Iterable[int],
    reason: str,
    actor: Actor,
    at: datetime,
    causes: Mapping[int, UUID] | None = None,
    strict: bool = False,
) -> list[TestOrder]:
    """Cancel the open ones among `orders` (by id); `causes` names the event that led to it, by order.

    With `strict` raises CannotCancel (order-not-open) when one of them was collected or cancelled before.
    """
    wanted = set(orders)
    cancelled = _open_locked(wanted)
    if strict and len(cancelled) < len(wanted):
        raise CannotCancel(
            "order-not-open", _("The sample was taken or the order was cancelled in the meantime.")
        )
    TestOrder.objects.filter(pk__in=[o.pk for o in cancelled]).update(cancelled_at=at, cancel_reason=reason)
    emit([_cancelled(o, reason, (causes or {}).get(o.pk, o.event_id), at) for o in cancelled], actor=actor)
    return cancelled


def _open_locked(ids: set[int]) -> list[TestOrder]:
    """Locked first and read afterwards, in two statements: who waited for a collection must see its sample."""
    if not ids:
        return []
    list(TestOrder.objects.select_for_update().filter(pk__in=ids).order_by("pk").values_list("pk"))
    return list(
        TestOrder.objects.filter(pk__in=ids, cancelled_at__isnull=True, sample__isnull=True).order_by("pk")
    )


def _cancelled(order: TestOrder, reason: str, cause: UUID, at: datetime) -> TestCancelled:
    return TestCancelled(
        person_id=order.person_id, order_id=order.pk, reason=reason, caused_by=cause, happened_at=at,
        ref=f"testing.testorder:{order.pk}",
    )  # fmt: skip


@transaction.atomic
def replan_tests(*, plans: Sequence[Plan], actor: Actor, at: datetime) -> list[TestOrder]:
    """Let the open tests of each order of isolation stand on the days of its plan; the newly ordered ones.

    Where a plan comes twice the last one holds.
    """
    latest = {plan.quarantine_order: plan for plan in plans}
    known = TestOrder.objects.filter(
        quarantine_order__in=latest, cancelled_at__isnull=True, reason=OrderReason.CONTACT_DAY
    ).values_list("quarantine_order", "pk", "due_on", "sample")
    open_orders: dict[int, list[rules.Due]] = {number: [] for number in latest}
    done: dict[int, list[date]] = {number: [] for number in latest}
    for number, pk, due_on, sample in known:
        if number is not None and sample is None:
            open_orders[number].append(rules.Due(pk, due_on))
        elif number is not None:
            done[number].append(due_on)
    causes: dict[int, UUID] = {}
    requests: list[TestRequest] = []
    for number, plan in latest.items():
        cancel, add = rules.replanned(plan.days, open_orders[number], done[number])
        causes |= dict.fromkeys(cancel, plan.cause)
        requests += [_planned(plan, day) for day in add]
    cancel_tests(orders=causes, reason="replanned", actor=actor, at=at, causes=causes)
    return order_tests(requests=requests, actor=actor, at=at)


def _planned(plan: Plan, day: date) -> TestRequest:
    return TestRequest(
        person_id=plan.person_id, assay="pcr", reason=OrderReason.CONTACT_DAY, due_on=day, cause=plan.cause,
        quarantine_order=plan.quarantine_order,
    )  # fmt: skip


def cancel_of_quarantine(
    *, ended: Mapping[int, UUID], reason: str, actor: Actor, at: datetime
) -> list[TestOrder]:
    """Cancel the open tests of orders of isolation that ended; `ended` maps the order's number to the event."""
    found = dict(
        TestOrder.objects.filter(quarantine_order__in=ended, cancelled_at__isnull=True).values_list(
            "pk", "quarantine_order"
        )
    )
    causes = {pk: ended[number] for pk, number in found.items() if number is not None}
    return cancel_tests(orders=causes, reason=reason, actor=actor, at=at, causes=causes)
