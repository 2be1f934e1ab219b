"""Transfer lists as the gate sends them and the site receives them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from lachan.core import access
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.models import Person, Place, PlaceKind, Posting
from lachan.systems.arrivals.models import Clearance, TransferLine, TransferList
from lachan.systems.arrivals.queries.gates import NotHere, gates_of


def _sent(posting: Posting) -> Q:
    may_send = access.may(posting, Permission.CLEAR_ARRIVALS) or access.may(posting, Permission.VIEW_ARRIVALS)
    return Q(gate__in=gates_of(posting)) if may_send else Q(pk__in=())


def _coming(posting: Posting) -> Q:
    """Handed over to the site of this posting."""
    return Q(left_at__isnull=False, site__isnull=False, site=posting.place_id)


def transfers(posting: Posting) -> QuerySet[TransferList]:
    """From the gates of a posting or to its site, with `listed`."""
    found = TransferList.objects.filter(_sent(posting) | _coming(posting))
    return found.select_related("gate", "site", "made_by", "handed_by", "received_by").annotate(
        listed=Count("lines")
    )


def transfer(posting: Posting, number: int) -> TransferList:
    """Raises NotHere."""
    found = transfers(posting).filter(pk=number).first()
    if found is None:
        raise NotHere
    return found


def sendable(posting: Posting, number: int) -> TransferList:
    """Of a gate of this posting. Raises NotHere."""
    found = transfers(posting).filter(_sent(posting), pk=number).first()
    if found is None:
        raise NotHere
    return found


def receivable(posting: Posting, number: int) -> TransferList:
    """On its way to the site of this posting, or received there. Raises NotHere."""
    found = transfers(posting).filter(_coming(posting), pk=number).first()
    if found is None:
        raise NotHere
    return found


def receives(posting: Posting, found: TransferList) -> bool:
    """Whether the travellers come to this posting."""
    return _receives(posting) and found.left_at is not None and found.site_id == posting.place_id


def _receives(posting: Posting) -> bool:
    return posting.place is not None and access.may(posting, Permission.TRANSFER_TRAVELLERS)


def lines(found: TransferList) -> QuerySet[TransferLine]:
    return found.lines.select_related(
        "person__merged_into", "clearance__declaration__destination_area__parent__parent"
    ).order_by("pk")


def unlisted(posting: Posting) -> QuerySet[Clearance]:
    """Travellers at the gates of this posting who have to go to a quarantine site and stand on no list yet."""
    found = Clearance.objects.filter(
        gate__in=gates_of(posting), duty="facility", replaced_by__isnull=True, transfer_line__isnull=True
    )
    return found.select_related("declaration__person__merged_into", "gate").order_by("decided_at", "pk")


def sites() -> QuerySet[Place]:
    """Quarantine sites that are open."""
    found = Place.objects.filter(kind=PlaceKind.QUARANTINE_SITE, closed_at__isnull=True)
    return found.select_related("area").order_by("name", "pk")


def transfers_waiting(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """At the gate: who has no list yet. At the site: lists on their way."""
    items = list[DeskItem]()
    if access.may(posting, Permission.CLEAR_ARRIVALS):
        first = unlisted(posting).first()
        items.append(
            DeskItem(
                _("Travellers for a quarantine site without a list"), unlisted(posting).count(),
                reverse("arrivals:new_transfer"), 75, first.decided_at if first else None,
            )
        )  # fmt: skip
    if _receives(posting) and not access.may(posting, Permission.CLEAR_ARRIVALS):
        coming = TransferList.objects.filter(_coming(posting), received_at__isnull=True)
        items.append(
            DeskItem(
                _("Travellers' lists on their way here"), coming.count(), reverse("arrivals:transfers"), 72
            )
        )
    return items


def reach_listed(posting: Posting) -> QuerySet[Person, int]:
    """Travellers who are brought to the site of a posting."""
    if posting.place is None or not access.may(posting, Permission.TRANSFER_TRAVELLERS):
        return Person.objects.none().values_list("pk", flat=True)
    found = TransferLine.objects.filter(transfer__site=posting.place_id, transfer__left_at__isnull=False)
    return Person.objects.filter(pk__in=found.values("person")).values_list("pk", flat=True)
