"""Who is in which room, as the rules of sharing see them."""

from collections import defaultdict
from collections.abc import Sequence

from lachan.core.models import Residence
from lachan.systems.quarantine.models import OrderTerm, Stay
from lachan.systems.quarantine.rules import Guest


def guests_of(terms: Sequence[OrderTerm]) -> dict[int, Guest]:
    """Guests by order id. The terms come with `order.person`."""
    persons = [t.order.person_id for t in terms]
    homes = dict(
        Residence.objects.filter(
            person__in=persons, kind="household", period__endswith__isnull=True
        ).values_list("person", "place")
    )
    return {
        t.order_id: Guest(
            subject=t.subject,
            exposed_on=t.exposed_on,
            sex=t.order.person.sex,
            household=homes.get(t.order.person_id),
        )
        for t in terms
    }


def occupants(room_ids: Sequence[int]) -> defaultdict[int, list[tuple[Guest, str]]]:
    """Guests with a running stay, and its label, by room."""
    stays = Stay.objects.filter(room__in=room_ids, period__endswith__isnull=True)
    by_order = {s.order_id: s for s in stays.order_by("pk")}
    terms = OrderTerm.objects.filter(order__in=by_order, superseded_at__isnull=True)
    found: defaultdict[int, list[tuple[Guest, str]]] = defaultdict(list)
    for order_id, guest in guests_of(list(terms.select_related("order__person"))).items():
        stay = by_order[order_id]
        found[stay.room_id].append((guest, stay.company))
    return found
