"""The open orders of some persons, held until the transaction ends; decisions are gathered, then written together.

However many persons: a constant number of statements. Used inside a transaction only.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

from django.db import connection

from lachan.core import clock, persons
from lachan.core.bulk import insert
from lachan.core.eventlog import emit
from lachan.core.events import Event, OrderChanged, OrderIssued, OrderLifted
from lachan.core.ids import uuid7
from lachan.core.models import Actor, EventRow, Person
from lachan.platform import policies
from lachan.systems.quarantine.commands.stays import end_stays
from lachan.systems.quarantine.models import Order, OrderTerm
from lachan.systems.quarantine.queries.immunity import evidence_by_person
from lachan.systems.quarantine.rules import Decision, Evidence

BATCH = 5_000
OURS = [OrderIssued.__name__, OrderChanged.__name__, OrderLifted.__name__]

Told = Callable[[], Event]


@dataclass(slots=True)
class Held:
    """An open order and the terms in force."""

    order: Order
    term: OrderTerm


class Docket:
    def __init__(
        self, person_ids: Iterable[int], *, causes: Sequence[UUID], actor: Actor, at: datetime
    ) -> None:
        self.actor, self.at = actor, at
        self.today = clock.local_date(at)
        self.policy = policies.at(self.today).quarantine
        self.roots = persons.roots_locked(person_ids)
        self.open, self.doubles = _open_orders(set(self.roots.values()))
        self._handled = _handled(causes)
        self._evidence: dict[int, Evidence] | None = None
        self._orders: list[Order] = []
        self._terms: list[OrderTerm] = []
        self._replaced: list[int] = []
        self._closed: list[Order] = []
        self._leaving: list[tuple[Order, UUID]] = []
        self._told: list[Told] = []

    def is_handled(self, cause: UUID) -> bool:
        return cause in self._handled

    def is_stale(self, cause: UUID, held: Held) -> bool:
        """Whether the event did its work before, or is older than what the terms rest on (ids are in order)."""
        return cause in self._handled or (
            held.term.cause_event_id is not None and held.term.cause_event_id > cause
        )

    def held(self, person_id: int) -> Held | None:
        return self.open.get(self.roots[person_id])

    def evidence(self, person_id: int) -> Evidence:
        """Evidence of immunity; read for everybody of the docket at once."""
        if self._evidence is None:
            self._evidence = evidence_by_person(sorted(set(self.roots.values())), self.policy)
        return self._evidence[self.roots[person_id]]

    def issue(self, person_id: int, decision: Decision, *, cause: UUID | None) -> Order:
        root = self.roots[person_id]
        order = Order(person_id=root, cause_event_id=cause, issued_at=self.at, issued_by_id=self.actor.pk)
        term = self._term(order, decision, cause)
        self._orders.append(order)
        self.open[root] = Held(order, term)
        order.issue_event_id = self._tell(
            OrderIssued, order, cause, _dates(term) | {"starts_on": term.starts_on}
        )
        return order

    def change(self, held: Held, decision: Decision, *, cause: UUID | None, reason: str) -> None:
        kind = "home" if _stays_home(held.term, decision) else decision.kind
        term = self._term(held.order, decision, cause, starts_on=held.term.starts_on, kind=kind)
        self._replace(held, term, cause, reason)

    def serve_at_home(self, held: Held) -> None:
        """The same terms, at home; the bed is freed."""
        term = _copy_of(held.term, kind="home", decided_by=self.actor, decided_at=self.at)
        self._terms.append(term)
        self._replace(held, term, held.order.led_by, "home-allowed")

    def lift(self, held: Held, *, cause: UUID | None, reason: str, how: str = "lifted") -> None:
        order = held.order
        event_id = self._tell(OrderLifted, order, cause, {"reason": reason})
        order.closed_at, order.closed_how, order.closing_event_id = self.at, how, event_id
        if order.pk:
            self._closed.append(order)
        root = self.roots.get(order.person_id, order.person_id)
        if self.open.get(root) is held:
            del self.open[root]

    def write(self) -> None:
        """Everything gathered, in an order in which no constraint is broken on the way; then the events."""
        close_orders(self._closed)
        end_stays(self._closed, actor=self.actor, at=self.at)
        end_stays(
            [o for o, _ in self._leaving],
            causes={o.pk: event for o, event in self._leaving},
            actor=self.actor,
            at=self.at,
        )
        _give_areas(self._orders)
        insert(self._orders)
        Order.objects.filter(pk__in=[o.pk for o, _ in self._leaving if o.site_id]).update(site=None)
        OrderTerm.objects.filter(pk__in=self._replaced).update(superseded_at=self.at)
        for term in self._terms:
            term.order_id = term.order.pk
        insert(self._terms)
        if self._told:
            emit([told() for told in self._told], actor=self.actor)

    def _term(self, order: Order, decision: Decision, cause: UUID | None, **more: Any) -> OrderTerm:
        term = OrderTerm(
            order=order, subject=decision.subject, kind=more.get("kind", decision.kind), immune=decision.immune,
            home_allowed=decision.row.home_allowed, exposed_on=decision.exposed_on, ends_on=decision.ends_on,
            at_most_on=decision.at_most_on, test_dates=list(decision.test_dates), policy_id=decision.policy_id,
            negatives_needed=decision.negatives_needed, cause_event_id=cause, decided_by_id=self.actor.pk,
            decided_at=self.at, starts_on=more.get("starts_on", decision.starts_on),
        )  # fmt: skip
        self._terms.append(term)
        return term

    def _replace(self, held: Held, term: OrderTerm, cause: UUID | None, reason: str) -> None:
        held.term.superseded_at = self.at
        if held.term.pk:
            self._replaced.append(held.term.pk)
        leaves = (held.term.kind, term.kind) == ("facility", "home") or term.kind == "monitoring"
        held.term = term
        event_id = self._tell(OrderChanged, held.order, cause, _dates(term) | {"reason": reason})
        if leaves:
            self._leaving.append((held.order, event_id))

    def _tell(self, kind: type[Event], order: Order, cause: UUID | None, facts: dict[str, Any]) -> UUID:
        """The event is made at the end, when the order has its number; its id now, so that ids keep the order."""
        event_id, at = uuid7(), self.at

        def told() -> Event:
            return kind(
                id=event_id, person_id=order.person_id, place_id=order.site_id, happened_at=at, caused_by=cause,
                ref=f"quarantine.order:{order.pk}", order_id=order.pk, **facts,
            )  # type: ignore[call-arg]  # fmt: skip

        self._told.append(told)
        return event_id


def _dates(term: OrderTerm) -> dict[str, Any]:
    return {
        "subject": term.subject, "order_kind": term.kind, "ends_on": term.ends_on,
        "test_dates": tuple(term.test_dates), "policy_id": term.policy_id,
    }  # fmt: skip


def _stays_home(term: OrderTerm, decision: Decision) -> bool:
    """An officer let them serve it at home, and the rule still allows that."""
    return term.kind == "home" and term.home_allowed and decision.row.home_allowed


def _copy_of(term: OrderTerm, **other: Any) -> OrderTerm:
    same = ("order", "subject", "immune", "home_allowed", "exposed_on", "starts_on", "ends_on", "at_most_on",
            "test_dates", "negatives_needed", "policy_id")  # fmt: skip
    return OrderTerm(**{name: getattr(term, name) for name in same} | other)


def _open_orders(roots: set[int]) -> tuple[dict[int, Held], list[Held]]:
    """The open order of each root, and the milder second ones that a merge can leave."""
    ids = list(roots)
    merged = dict(Person.objects.filter(merged_into__in=ids).values_list("pk", "merged_into"))
    terms = (
        OrderTerm.objects.select_related("order")
        .select_for_update(of=("self", "order"))
        .filter(superseded_at__isnull=True, order__closed_at__isnull=True, order__person__in=[*ids, *merged])
        .order_by("order_id")
    )
    found = [(merged.get(t.order.person_id, t.order.person_id), Held(t.order, t)) for t in terms]
    found.sort(key=lambda pair: (pair[0], pair[1].term.subject != "F0", -pair[1].term.ends_on.toordinal()))
    grouped = {root: [h for _, h in pairs] for root, pairs in groupby(found, key=lambda pair: pair[0])}
    return {root: held[0] for root, held in grouped.items()}, [
        h for held in grouped.values() for h in held[1:]
    ]


def _handled(causes: Sequence[UUID]) -> set[UUID | None]:
    told = (
        EventRow.objects.filter(caused_by__in=list(causes), kind__in=OURS)
        if causes
        else EventRow.objects.none()
    )
    return set(told.values_list("caused_by_id", flat=True))


def close_orders(orders: Sequence[Order]) -> None:
    """Write the closing of each order, set in memory, in one statement."""
    if not orders:
        return
    rows = [(o.pk, o.closed_at, o.closed_how, o.closing_event_id) for o in orders]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE quarantine_order o SET closed_at = c.at, closed_how = c.how, closing_event_id = c.event"
            " FROM unnest(%s::bigint[], %s::timestamptz[], %s::text[], %s::uuid[]) c (id, at, how, event)"
            " WHERE o.id = c.id AND o.closed_at IS NULL",
            [list(column) for column in zip(*rows, strict=True)],
        )


def _give_areas(orders: Sequence[Order]) -> None:
    if not orders:
        return
    homes = dict(Person.objects.filter(pk__in=[o.person_id for o in orders]).values_list("pk", "home_area"))
    for order in orders:
        order.area_id = homes[order.person_id]
