"""Ordering tests, moving them to other days, cancelling them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import persons
from lachan.core.bulk import copy_rows, reserve_ids
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import Assay, TestCancelled, TestOrdered
from lachan.core.models import Actor, Person
from lachan.systems.testing import rules
from lachan.systems.testing.models import OrderReason, TestOrder

COLUMNS = (
    "id", "person_id", "assay", "reason", "due_on", "area_id", "quarantine_order", "cause_event", "event_id",
    "ordered_at", "cancel_reason",
)  # fmt: skip


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
def order_tests(*, requests: Sequence[TestRequest], actor: Actor, at: datetime) -> list[int]:
    """Order what was not ordered before for the same cause; the ids of the orders. Raises CannotOrder:
    person-unknown."""
    roots = persons.roots_locked(r.person_id for r in requests)
    if len(roots) < len({r.person_id for r in requests}):
        raise CannotOrder("person-unknown", _("There is no such person."))
    fresh = _not_yet_ordered(requests, roots)
    homes = dict(Person.objects.filter(pk__in=roots.values()).values_list("pk", "home_area_id"))
    ids = reserve_ids(TestOrder, len(fresh))
    events = [_ordered(r, pk, roots[r.person_id], at) for r, pk in zip(fresh, ids, strict=True)]
    copy_rows(TestOrder, COLUMNS, (_row(r, e, homes) for r, e in zip(fresh, events, strict=True)))
    emit(events, actor=actor)
    return ids


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


def _ordered(request: TestRequest, pk: int, root: int, at: datetime) -> TestOrdered:
    return TestOrdered(
        person_id=root, order_id=pk, reason=request.reason, assay=request.assay, due_on=request.due_on,
        caused_by=request.cause, happened_at=at, ref=f"testing.testorder:{pk}",
    )  # fmt: skip


def _row(request: TestRequest, told: TestOrdered, homes: Mapping[int, int | None]) -> tuple[Any, ...]:
    """In the order of COLUMNS."""
    return (
        told.order_id, told.person_id, request.assay, request.reason, request.due_on,
        homes[told.about] or request.area_id, request.quarantine_order, request.cause, told.id, told.happened_at, "",
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
def replan_tests(*, plans: Sequence[Plan], actor: Actor, at: datetime) -> list[int]:
    """Let the open tests of each order of isolation stand on the days of its plan; the ids of the newly ordered ones.

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
    return _cancel_by("quarantine_order", ended, reason, actor, at)


def cancel_of_arrivals(*, corrected: Mapping[UUID, UUID], actor: Actor, at: datetime) -> list[TestOrder]:
    """Cancel the open tests that decisions at a border gate asked for and that no longer hold; `corrected` maps the
    decision's event to the event of the one that took its place."""
    return _cancel_by("cause_event", corrected, "decision-corrected", actor, at)


def _cancel_by(
    field: str, ended: Mapping[Any, UUID], reason: str, actor: Actor, at: datetime
) -> list[TestOrder]:
    """Cancel the open tests whose `field` is a key of `ended`, each because of the event that stands there."""
    still_open = TestOrder.objects.filter(**{f"{field}__in": ended}, cancelled_at__isnull=True)
    causes = {pk: ended[key] for pk, key in still_open.values_list("pk", field)}
    return cancel_tests(orders=causes, reason=reason, actor=actor, at=at, causes=causes)
