"""What lies on the desk of a gate: who is expected, who waits, who was cleared."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.models import Person, Posting
from lachan.systems.arrivals.models import ArrivalDeclaration, Clearance, Conveyance
from lachan.systems.arrivals.queries.gates import NotHere, gates_of
from lachan.systems.arrivals.queries.transfers import transfers_waiting
from lachan.systems.arrivals.queries.vessels import waiting

State = Literal["expected", "waiting", "cleared"]
STATES: Final[Sequence[State]] = ("expected", "waiting", "cleared")
LATE = timedelta(days=2)


def declarations_of(posting: Posting) -> QuerySet[ArrivalDeclaration]:
    """The declarations for the gates of this posting that hold: of each traveller the last."""
    current = ArrivalDeclaration.objects.filter(amended_by__isnull=True, gate__in=gates_of(posting))
    return current.select_related("person__merged_into", "gate", "destination_area__parent__parent")


def declaration(posting: Posting, number: int) -> ArrivalDeclaration:
    """Raises NotHere."""
    found = declarations_of(posting).filter(pk=number).first()
    if found is None:
        raise NotHere
    return found


def with_state(found: QuerySet[ArrivalDeclaration]) -> QuerySet[Any]:
    """With `landed` (their vessel has come) and `is_cleared`."""
    vessels = Conveyance.objects.filter(
        gate=OuterRef("gate"),
        number=OuterRef("vehicle"),
        arrives_on=OuterRef("arrives_on"),
        landed_at__isnull=False,
    )
    return found.annotate(
        landed=Exists(vessels), is_cleared=Exists(Clearance.objects.filter(declaration=OuterRef("pk")))
    )


def in_state(found: QuerySet[ArrivalDeclaration], state: State, day: date) -> QuerySet[Any]:
    """Of `day`: expected, with whom nobody knows to have come; waiting, whose vessel has landed or whose day is past
    by at most two; cleared."""
    with_it = with_state(found)
    if state == "cleared":
        return with_it.filter(is_cleared=True, arrives_on=day)
    open_ = with_it.filter(is_cleared=False)
    late = Q(arrives_on__lt=day, arrives_on__gte=day - LATE)
    if state == "waiting":
        return open_.filter(late | Q(arrives_on=day, landed=True))
    return open_.filter(arrives_on=day, landed=False)


def counts(posting: Posting, day: date) -> dict[State, int]:
    found = declarations_of(posting)
    return {state: in_state(found, state, day).count() for state in STATES}


def standing(posting: Posting) -> QuerySet[Clearance]:
    """The decisions that hold at the gates of this posting."""
    return Clearance.objects.filter(gate__in=gates_of(posting), replaced_by__isnull=True)


def duties(posting: Posting, day: date) -> dict[str, int]:
    """How many of each duty were decided on `day`."""
    starts, ends = clock.day_bounds(day)
    decided = standing(posting).filter(decided_at__gte=starts, decided_at__lt=ends)
    return dict(decided.values_list("duty").annotate(n=Count("pk")).order_by())


def clearance(posting: Posting, number: int) -> Clearance:
    """Raises NotHere."""
    mine = Clearance.objects.filter(gate__in=gates_of(posting), pk=number)
    found = mine.select_related(
        "declaration__person__merged_into", "declaration__destination_area__parent__parent", "gate", "replaced_by",
        "decided_by",
    ).first()  # fmt: skip
    if found is None:
        raise NotHere
    return found


def decision_on(made: ArrivalDeclaration) -> Clearance | None:
    """The decision that holds."""
    return made.clearances.filter(replaced_by__isnull=True).select_related("decided_by", "gate").first()


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """What waits for this posting at its gate, or at the site to which travellers come."""
    brought = transfers_waiting(posting, at=at) + waiting(posting, at=at)
    if not access.may(posting, Permission.VIEW_ARRIVALS):
        return brought
    number = counts(posting, clock.local_date(at))
    home = reverse("arrivals:home")
    return [
        DeskItem(_("Travellers waiting at the gate"), number["waiting"], f"{home}?state=waiting", 85),
        DeskItem(_("Travellers expected today"), number["expected"], f"{home}?state=expected", 30),
        *brought,
    ]


def reach(posting: Posting) -> QuerySet[Person, int]:
    """Travellers who declared for the gates of a posting, wherever they go in the country."""
    if not access.may(posting, Permission.VIEW_ARRIVALS):
        return Person.objects.none().values_list("pk", flat=True)
    found = ArrivalDeclaration.objects.filter(gate__in=gates_of(posting))
    return Person.objects.filter(pk__in=found.values("person")).values_list("pk", flat=True)
