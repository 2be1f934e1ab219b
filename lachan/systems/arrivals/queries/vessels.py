"""Vessels of a gate, who is aboard, and who of them did not declare."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.models import Person, Posting
from lachan.platform import policies
from lachan.policy import NoPolicyInForce
from lachan.systems.arrivals.models import ArrivalDeclaration, Conveyance, Manifest, Passenger
from lachan.systems.arrivals.queries.gates import NotHere, gates_of
from lachan.systems.arrivals.rules.comparing import Comparison, Known, compare

SOON = timedelta(hours=24)
ONE_DAY = timedelta(days=1)


def vessels(posting: Posting) -> QuerySet[Conveyance]:
    """Of the gates of this posting."""
    return Conveyance.objects.filter(gate__in=gates_of(posting)).select_related("gate", "place")


def with_aboard(found: QuerySet[Conveyance]) -> QuerySet[Conveyance]:
    """With `aboard`, how many people the lists name."""
    return found.annotate(aboard=Count("passengers"))


def vessel(posting: Posting, number: int) -> Conveyance:
    """Raises NotHere."""
    found = vessels(posting).filter(pk=number).first()
    if found is None:
        raise NotHere
    return found


def manifest(posting: Posting, number: int) -> Manifest:
    """Raises NotHere."""
    mine = Manifest.objects.filter(conveyance__gate__in=gates_of(posting), pk=number)
    found = mine.select_related("conveyance__gate", "taken_by").first()
    if found is None:
        raise NotHere
    return found


def aboard(conveyance: Conveyance) -> QuerySet[Passenger]:
    """From the front to the back; who has no known row last."""
    return conveyance.passengers.select_related("person__merged_into").order_by(
        "crew", "row_from", "seat", "pk"
    )


def seat_rows(at: datetime) -> int:
    """How many rows away is near, by the policy of the day."""
    try:
        return policies.at(clock.local_date(at)).tracing.seat_rows
    except NoPolicyInForce:
        return 0


def neighbours(passenger: Passenger, *, rows_apart: int) -> QuerySet[Passenger]:
    """Who would be a close contact of this passenger: within so many rows, and the crew of their cabin (of crew:
    those whom they serve). Everybody where the row is not known."""
    others = Passenger.objects.filter(conveyance=passenger.conveyance_id).exclude(pk=passenger.pk)
    if passenger.row_from is None or passenger.row_to is None:
        return others
    unknown = Q(row_from__isnull=True)
    overlap = Q(row_from__lte=passenger.row_to, row_to__gte=passenger.row_from)
    if passenger.row_from != passenger.row_to:
        return others.filter(unknown | overlap)
    row = passenger.row_from
    beside = Q(crew=False, row_from__range=(row - rows_apart, row + rows_apart))
    return others.filter(unknown | overlap | beside)


@dataclass(frozen=True)
class Missing:
    """The comparison with its rows."""

    undeclared: list[Passenger]
    not_aboard: list[ArrivalDeclaration]
    differing: list[tuple[Passenger, ArrivalDeclaration]]


def missing(conveyance: Conveyance) -> Missing:
    """The list beside the declarations; crew declare elsewhere. Three queries."""
    listed = {p.pk: p for p in aboard(conveyance).filter(crew=False)}
    declared = {d.pk: d for d in _declarations(conveyance)}
    found = _compared(conveyance, listed, declared)
    return Missing(
        [listed[pk] for pk in found.undeclared],
        [declared[pk] for pk in found.not_aboard],
        [(listed[one], declared[other]) for one, other in found.differing],
    )


def _compared(
    conveyance: Conveyance, listed: dict[int, Passenger], declared: dict[int, ArrivalDeclaration]
) -> Comparison:
    """Who declared for this gate and day under another number of the vessel is not missing."""
    days = (conveyance.arrives_on - ONE_DAY, conveyance.arrives_on + ONE_DAY)
    elsewhere = ArrivalDeclaration.objects.filter(
        gate=conveyance.gate_id, arrives_on__range=days, amended_by__isnull=True,
        document_index__in=[p.document_index for p in listed.values()],
    )  # fmt: skip
    aboard_by = {bytes(p.document_index) for p in listed.values()}
    found = {bytes(index) for index in elsewhere.values_list("document_index", flat=True)}
    return compare(
        [_known(p) for p in listed.values() if bytes(p.document_index) not in found],
        [_known(d) for d in declared.values() if bytes(d.document_index) not in aboard_by],
    )


def _known(row: Passenger | ArrivalDeclaration) -> Known:
    person = row.person.merged_into or row.person
    return Known(row.pk, bytes(row.document_index), person.search_key, row.seat)


def _declarations(conveyance: Conveyance) -> QuerySet[ArrivalDeclaration]:
    found = ArrivalDeclaration.objects.filter(
        gate=conveyance.gate_id, vehicle=conveyance.number, arrives_on=conveyance.arrives_on, amended_by__isnull=True
    )  # fmt: skip
    return found.select_related("person__merged_into").order_by("pk")


def waiting(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Vessels that are late to be recorded, and those that come soon without a list."""
    if not access.may(posting, Permission.TAKE_MANIFEST):
        return []
    open_ = vessels(posting).filter(landed_at__isnull=True, arrives_at__gte=at - 2 * ONE_DAY)
    due = open_.filter(arrives_at__lte=at).count()
    bare = open_.filter(arrives_at__gt=at, arrives_at__lte=at + SOON, passengers__isnull=True).count()
    here = reverse("arrivals:vessels")
    return [
        DeskItem(_("Vessels due: record their arrival"), due, here, 70),
        DeskItem(_("Vessels of the next 24 hours without a passenger list"), bare, here, 55),
    ]


def reach_aboard(posting: Posting) -> QuerySet[Person, int]:
    """People on vessels to the gates of a posting."""
    if not access.may(posting, Permission.VIEW_ARRIVALS):
        return Person.objects.none().values_list("pk", flat=True)
    found = Passenger.objects.filter(conveyance__gate__in=gates_of(posting))
    return Person.objects.filter(pk__in=found.values("person")).values_list("pk", flat=True)
