"""What the event log tells of a person, folded into what a gate asks about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from lachan.core.events import (
    CaseConfirmed,
    CaseWithdrawn,
    ContactChanged,
    ContactCleared,
    ContactFound,
    DoseGiven,
    DoseWithdrawn,
    Event,
    OrderChanged,
    OrderIssued,
    OrderLifted,
    PersonReleased,
    ResultAmended,
    ResultReported,
    SymptomsDeclared,
)

KINDS: tuple[type[Event], ...] = (
    CaseConfirmed, CaseWithdrawn, OrderIssued, OrderChanged, OrderLifted, PersonReleased, ContactFound,
    ContactChanged, ContactCleared, SymptomsDeclared, ResultReported, ResultAmended, DoseGiven, DoseWithdrawn,
)  # fmt: skip

# The stricter order decides when a person has two.
STRICTNESS = ("facility", "home", "monitoring")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """An order that nobody has ended; its days run until the local day `ends_on` begins, it holds until released.

    `issued_by` is the event that issued it.
    """

    order_id: int
    kind: str
    ends_on: date
    issued_by: UUID

    def runs(self, today: date) -> bool:
        return today < self.ends_on


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact nobody has cleared: level 1 is F1; `exposed_at` the end of the last exposure that counts."""

    level: int
    exposed_at: datetime


@dataclass(frozen=True, slots=True)
class Negative:
    assay: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class Shot:
    """A dose; `complete` when the product needs no second one."""

    number: int
    given_on: date
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What counts at a gate at one moment. An empty one: nothing is known against or for the person.

    `area_level`: the highest signed epidemic level of where the person is from (0: none is signed)."""

    active_case: bool = False
    order: OpenOrder | None = None
    contacts: tuple[Contact, ...] = ()
    symptoms_at: datetime | None = None
    negatives: tuple[Negative, ...] = ()
    shots: tuple[Shot, ...] = ()
    recovered_on: date | None = None
    area_level: int = 0


def evidence_of(events: Sequence[Event], at: datetime, *, case_days: int) -> Evidence:
    """Fold the events of one person, oldest first, as they stood at `at`.

    `at` is in the zone in which days begin. A confirmed case counts until released or withdrawn, at the latest for
    `case_days`; a longer isolation shows as an order.
    """
    told = [e for e in events if e.happened_at <= at]
    orders = _orders(told)
    recoveries = _recoveries(told, orders)
    return Evidence(
        active_case=_is_active(told, recoveries, at, timedelta(days=case_days)),
        order=_order_in_force(told, orders, at.date()),
        contacts=_contacts(told),
        symptoms_at=_symptoms(told),
        negatives=_negatives(told),
        shots=_shots(told, at),
        recovered_on=recoveries[-1].astimezone(at.tzinfo).date() if recoveries else None,
    )


def _orders(told: Sequence[Event]) -> dict[int, tuple[OpenOrder, str]]:
    """Every order as it reads last, with its subject."""
    orders: dict[int, tuple[OpenOrder, str]] = {}
    for e in told:
        if isinstance(e, OrderIssued | OrderChanged):
            known = orders.get(e.order_id)
            issued = known[0].issued_by if known else e.id
            order = OpenOrder(order_id=e.order_id, kind=e.order_kind, ends_on=e.ends_on, issued_by=issued)
            orders[e.order_id] = (order, e.subject)
    return orders


def _order_in_force(
    told: Sequence[Event], orders: dict[int, tuple[OpenOrder, str]], today: date
) -> OpenOrder | None:
    closed = {e.order_id for e in told if isinstance(e, OrderLifted | PersonReleased)}
    in_force = [o for o, _ in orders.values() if o.order_id not in closed]
    return min(
        in_force,
        key=lambda o: (not o.runs(today), STRICTNESS.index(o.kind), -o.ends_on.toordinal()),
        default=None,
    )


def _recoveries(told: Sequence[Event], orders: dict[int, tuple[OpenOrder, str]]) -> list[datetime]:
    """When isolated patients were released."""
    patients = {number for number, (_, subject) in orders.items() if subject == "F0"}
    return [e.happened_at for e in told if isinstance(e, PersonReleased) and e.order_id in patients]


def _is_active(told: Sequence[Event], recoveries: Sequence[datetime], at: datetime, most: timedelta) -> bool:
    withdrawn = {e.case_id for e in told if isinstance(e, CaseWithdrawn)}
    confirmed = [e.happened_at for e in told if isinstance(e, CaseConfirmed) and e.case_id not in withdrawn]
    return any(at < since + most and not any(r >= since for r in recoveries) for since in confirmed)


def _contacts(told: Sequence[Event]) -> tuple[Contact, ...]:
    """Contacts neither cleared nor outlived by a release from quarantine."""
    contacts: dict[int, Contact] = {}
    for e in told:
        if isinstance(e, ContactFound | ContactChanged):
            contacts[e.contact_id] = Contact(e.level, e.exposed_at)
        elif isinstance(e, ContactCleared):
            contacts.pop(e.contact_id, None)
        elif isinstance(e, PersonReleased):
            contacts = {k: c for k, c in contacts.items() if c.exposed_at >= e.happened_at}
    return tuple(sorted(contacts.values(), key=lambda c: (c.level, c.exposed_at)))


def _symptoms(told: Sequence[Event]) -> datetime | None:
    """When the last declaration was made, if it named symptoms."""
    last = next((e for e in reversed(told) if isinstance(e, SymptomsDeclared)), None)
    return last.happened_at if last and last.symptoms else None


def _negatives(told: Sequence[Event]) -> tuple[Negative, ...]:
    results: dict[int, ResultReported | ResultAmended] = {}
    for e in told:
        if isinstance(e, ResultAmended):
            results.pop(e.amends_id, None)
        if isinstance(e, ResultReported | ResultAmended):
            results[e.result_id] = e
    return tuple(Negative(r.assay, r.collected_at) for r in results.values() if r.outcome == "negative")


def _shots(told: Sequence[Event], at: datetime) -> tuple[Shot, ...]:
    withdrawn = {e.given_id for e in told if isinstance(e, DoseWithdrawn)}
    return tuple(
        Shot(e.dose_number, e.happened_at.astimezone(at.tzinfo).date(), e.primary_doses == 1)
        for e in told
        if isinstance(e, DoseGiven) and e.id not in withdrawn
    )
