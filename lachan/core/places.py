"""Opening and closing places."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from lachan.core import areas
from lachan.core.codes import new_code
from lachan.core.models import Area, Place, PlaceKind


def open_place(*, kind: PlaceKind, name: str, area: Area, at: datetime, **details: Any) -> Place:
    """A place with a fresh public code; `details` are further fields (address, capacity, closed_space, parent)."""
    return Place.objects.create(code=new_code(), kind=kind, name=name, area=area, opened_at=at, **details)


def of_kind(kind: PlaceKind, *, within: Area | None = None) -> QuerySet[Place]:
    """Open places of a kind, in an area where one is given."""
    found = Place.objects.filter(kind=kind, closed_at__isnull=True)
    return found.filter(area__in=areas.within(within)) if within else found
