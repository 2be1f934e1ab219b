"""Registering the places at which people are scanned."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import places
from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import VenueRegistered
from lachan.core.models import Actor, Area, Place, PlaceKind
from lachan.core.sealed import seal
from lachan.systems.checkpoints.models import Checkpoint, Directions

KINDS = (PlaceKind.VENUE, PlaceKind.CONTROL_POST, PlaceKind.BORDER_GATE)
LONGEST_STAY_MINUTES = 960
OWNER_PHONE = "owner_phone"


class CannotRegisterPlace(Refusal):
    """place-name, place-kind, place-stay."""

    status = 422


@transaction.atomic
def register_place(
    *,
    kind: str,
    name: str,
    area: Area,
    actor: Actor,
    at: datetime,
    address: str = "",
    phone: str = "",
    capacity: int | None = None,
    closed_space: bool | None = None,
    default_stay_minutes: int | None = None,
    directions: str = Directions.BOTH,
) -> Checkpoint:
    """A place with a code of its own. `phone` is the owner's, E.164. Raises CannotRegisterPlace."""
    _check(kind, name, default_stay_minutes)
    place = places.open_place(
        kind=PlaceKind(kind), name=name.strip(), area=area, at=at, address=address, capacity=capacity,
        closed_space=closed_space,
    )  # fmt: skip
    made = Checkpoint.objects.create(
        place=place, owner_phone_sealed=seal(OWNER_PHONE, phone) if phone else None, directions=directions,
        default_stay_minutes=default_stay_minutes, registered_at=at, registered_by=actor,
    )  # fmt: skip
    emit(
        [VenueRegistered(place_id=place.pk, happened_at=at, ref=f"checkpoints.checkpoint:{made.pk}")],
        actor=actor,
    )
    return made


def _check(kind: str, name: str, stay: int | None) -> None:
    if kind not in KINDS:
        raise CannotRegisterPlace("place-kind", _("Choose a venue, a control post or a border gate."))
    if not name.strip():
        raise CannotRegisterPlace("place-name", _("Type the name of the place."))
    if stay is not None and not 1 <= stay <= LONGEST_STAY_MINUTES:
        raise CannotRegisterPlace("place-stay", _("A usual stay has 1 to 960 minutes."))


def note_poster_printed(*, place: Place, actor: Actor, at: datetime) -> None:
    """Remember the print date that stands on the poster; places without a profile have none to keep."""
    Checkpoint.objects.filter(place=place).update(poster_printed_at=at)
