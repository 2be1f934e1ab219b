"""Opening places."""

from datetime import datetime
from typing import Any

from lachan.core.codes import new_code
from lachan.core.models import Area, Place, PlaceKind


def open_place(*, kind: PlaceKind, name: str, area: Area, at: datetime, **details: Any) -> Place:
    """A place with a fresh public code; `details` are further fields (address, capacity, closed_space, parent)."""
    return Place.objects.create(code=new_code(), kind=kind, name=name, area=area, opened_at=at, **details)
