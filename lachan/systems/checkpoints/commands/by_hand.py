"""Entry for people without a phone or card, and for visitors who scan the poster themselves."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lachan.core import actors, persons
from lachan.core.errors import Refusal
from lachan.core.ids import uuid7
from lachan.core.models import Actor, IdentifierKind, Person, Place
from lachan.core.names import clean_name, search_key
from lachan.core.persons import Identity
from lachan.core.presences import KEPT_DAYS
from lachan.systems.checkpoints.commands.locks import hold
from lachan.systems.checkpoints.commands.scanning import Gate, Reading, take
from lachan.systems.checkpoints.models import Payload, Scan

CHECK_INS_PER_MINUTE = 60


class TooManyCheckIns(Refusal):
    """check-ins-too-many: more than a door lets through; somebody is typing in invented visitors."""

    status = 429

    def __init__(self) -> None:
        super().__init__(
            "check-ins-too-many", _("Too many check-ins at this place just now. Ask the staff at the door.")
        )


@transaction.atomic
def scan_by_hand(
    *,
    place: Place,
    actor: Actor,
    at: datetime,
    person: Person | None = None,
    identity: Identity | None = None,
    direction: str = "in",
    client_id: str = "",
) -> Scan:
    """Scan a person who was found, or who says who they are: met before (same telephone and name, or same name and
    birth date at this place) or registered now. Raises BadName; TypeError without person and identity."""
    if person is None and identity is None:
        raise TypeError("scan_by_hand needs a person or an identity")
    found = person.root_id if person else _met_or_registered(identity, place=place, actor=actor, at=at)
    return _take(
        found, Payload.BY_HAND, place=place, actor=actor, at=at, direction=direction, client_id=client_id
    )


@transaction.atomic
def check_in(
    *, place: Place, name: str, phone: str, at: datetime, direction: str = "in", client_id: str = ""
) -> Scan:
    """A visitor scanned the poster and typed name and telephone (E.164). Raises BadName, TooManyCheckIns."""
    since = at - timedelta(minutes=1)
    recent = Scan.objects.filter(place=place, payload=Payload.SELF, happened_at__gt=since)
    if recent.count() >= CHECK_INS_PER_MINUTE:
        raise TooManyCheckIns
    actor = actors.system(at=at)
    identity = Identity(name=name, identifiers={IdentifierKind.PHONE.value: phone})
    found = _met_or_registered(identity, place=place, actor=actor, at=at)
    return _take(
        found, Payload.SELF, place=place, actor=actor, at=at, direction=direction, client_id=client_id
    )


def _take(
    person_id: int,
    payload: Payload,
    *,
    place: Place,
    actor: Actor,
    at: datetime,
    direction: str,
    client_id: str,
) -> Scan:
    reading = Reading(
        client_id=client_id or uuid7().hex,
        direction=direction,
        device_time=at,
        person_id=person_id,
        payload=payload,
    )
    [scan] = take([reading], Gate(place=place, actor=actor, at=at))
    return scan


def _met_or_registered(identity: Identity | None, *, place: Place, actor: Actor, at: datetime) -> int:
    assert identity is not None  # noqa: S101 (for the type checker: the caller has looked)
    key = search_key(clean_name(identity.name))
    hold([f"checkpoints.hand:{place.pk}:{key}"])
    met = _by_phone(identity, key) or _visitor(identity, key, place, at)
    return met or persons.register(identity, actor=actor, at=at).pk


def _by_phone(identity: Identity, key: str) -> int | None:
    phone = (identity.identifiers or {}).get(IdentifierKind.PHONE)
    holders = persons.with_identifier(IdentifierKind.PHONE, phone) if phone else []
    return next((p.pk for p in holders if p.search_key == key), None)


def _visitor(identity: Identity, key: str, place: Place, at: datetime) -> int | None:
    """Who came here before under this name and birth date; without a birth date too many share a name."""
    born = identity.birth
    if born is None:
        return None
    here = Scan.objects.filter(
        place=place, payload=Payload.BY_HAND, happened_at__gte=at - timedelta(days=KEPT_DAYS)
    )
    same = Person.objects.filter(
        search_key=key,
        birth_year=born.year,
        birth_month=born.month,
        birth_day=born.day,
        pk__in=here.values("person"),
    )
    found = same.order_by("pk").first()
    return found.root_id if found else None
