"""Opening the stores and sites in which doses are kept."""

from datetime import datetime

from django.db import transaction

from lachan.core import places
from lachan.core.eventlog import emit
from lachan.core.events import VenueRegistered
from lachan.core.models import Actor, Area, Place, PlaceKind
from lachan.systems.vaccination.commands.ledger import require_store


@transaction.atomic
def open_store(
    *, name: str, area: Area, actor: Actor, at: datetime, parent: Place | None = None, site: bool = False
) -> Place:
    """A store, or a vaccination site, supplied by `parent`. Raises CannotMoveDoses."""
    if parent is not None:
        require_store(parent, at)
    kind = PlaceKind.VACCINATION_SITE if site else PlaceKind.STORE
    place = places.open_place(kind=kind, name=name, area=area, at=at, parent=parent)
    emit([VenueRegistered(place_id=place.pk, happened_at=at, ref=f"core.place:{place.pk}")], actor=actor)
    return place
