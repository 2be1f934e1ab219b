"""Orders as a posting sees them: each with the terms in force and its computed status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lachan.core import areas, clock
from lachan.core.errors import Refusal
from lachan.core.models import Person, Place, Posting
from lachan.systems.quarantine.models import Order, OrderTerm, Stay
from lachan.systems.quarantine.queries.evidence import release_verdicts
from lachan.systems.quarantine.rules import Release, Status, status

PERSON = ("order__person__merged_into", "order__person__home_area__parent__parent", "order__site")
RUNNING = Exists(Stay.objects.filter(order=OuterRef("order"), period__endswith__isnull=True))


class OrderNotVisible(Refusal):
    """The same answer for "no such order" and "not yours to see"."""

    status = 404

    def __init__(self) -> None:
        super().__init__(
            "order-not-visible", _("There is no order with this number that your posting may see.")
        )


@dataclass(frozen=True, slots=True)
class OrderLine:
    """`verdict` is None while the end lies ahead or the order has ended; `bed` like "Room 3, bed 2" in parts."""

    term: OrderTerm
    status: Status
    verdict: Release | None
    stay: Stay | None

    @property
    def order(self) -> Order:
        return self.term.order


def _own(posting: Posting, prefix: str) -> Q:
    if posting.area is not None:
        lived = areas.inside(f"{prefix}area__", posting.area)
        return lived | areas.inside(f"{prefix}site__area__", posting.area)
    return Q(**{f"{prefix}site": posting.place})


def orders(posting: Posting) -> QuerySet[OrderTerm]:
    """Terms in force (of ended orders: the last) of people who lived in the posting's area, or are at its site."""
    return (
        OrderTerm.objects.filter(superseded_at__isnull=True)
        .filter(_own(posting, "order__"))
        .select_related("order", *PERSON)
    )


def with_state(terms: QuerySet[OrderTerm], state: str, *, on: date) -> QuerySet[OrderTerm]:
    """Narrow by what evidence in the tables says: open, waiting, in-facility, home, over, ended."""
    if state == "ended":
        return terms.filter(order__closed_at__isnull=False)
    terms = terms.filter(order__closed_at__isnull=True)
    if state == "waiting":
        return terms.filter(~RUNNING, kind="facility")
    if state == "in-facility":
        return terms.filter(RUNNING)
    if state == "home":
        return terms.exclude(kind="facility")
    return terms.filter(ends_on__lte=on) if state == "over" else terms


def order_for(posting: Posting, number: int) -> OrderTerm:
    """The terms in force of order `number`. Raises OrderNotVisible."""
    found = orders(posting).filter(order=number).first()
    if found is None:
        raise OrderNotVisible
    return found


def orders_of(posting: Posting, person: Person) -> list[OrderTerm]:
    """All orders of a person and of what was merged into them, newest first, as far as the posting may see them."""
    same = Q(order__person=person) | Q(order__person__merged_into=person)
    return list(orders(posting).filter(same).order_by("-order__issued_at", "-order"))


def lines(terms: Sequence[OrderTerm], *, at: datetime) -> list[OrderLine]:
    """Each with its status and, where the end has come, the verdict on release."""
    today = clock.local_date(at)
    ended = [t for t in terms if t.order.closed_at is None and t.ends_on <= today]
    verdicts = release_verdicts(ended, at=at) if ended else {}
    running = Stay.objects.filter(order__in=[t.order_id for t in terms], period__endswith__isnull=True)
    stays = {s.order_id: s for s in running.select_related("bed", "room__parent")}
    return [_line(t, verdicts.get(t.order_id), stays.get(t.order_id)) for t in terms]


def _line(term: OrderTerm, verdict: Release | None, stay: Stay | None) -> OrderLine:
    computed = status(
        kind=term.kind, closed_how=term.order.closed_how, has_bed=stay is not None,
        due=verdict is not None and verdict.due,
    )  # fmt: skip
    return OrderLine(term, computed, verdict, stay)


def reach(posting: Posting) -> QuerySet[Person, int]:
    """Ids of people with an open order at the posting's site, or at a site in its area, wherever they live."""
    placed = Order.objects.filter(closed_at__isnull=True, site__isnull=False)
    mine = (
        placed.filter(areas.inside("site__area__", posting.area))
        if posting.area is not None
        else placed.filter(site=posting.place)
    )
    ids = mine.values("person"), mine.values("person__merged_into")
    return Person.objects.filter(Q(pk__in=ids[0]) | Q(pk__in=ids[1])).values_list("pk", flat=True)


def sites_of(posting: Posting) -> QuerySet[Place]:
    """Quarantine sites in the posting's area, or the one it is at."""
    found = Place.objects.filter(kind="quarantine_site", closed_at__isnull=True)
    if posting.area is not None:
        return found.filter(areas.inside("area__", posting.area))
    return found.filter(pk=posting.place_id or 0)
