"""Sign-ins of the demo: one for each role, where the synthetic province has work for it.

They have a password that everybody knows, so they are made only in a database that the demo itself filled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Count

from lachan.core import actors, clock
from lachan.core.models import Actor, ActorKind, Area, Person, Place, PlaceKind, Posting, Role

PASSWORD = "la-chan-demo"  # noqa: S105 (known on purpose)
AT_A_PLACE = {
    Role.LAB_TECHNICIAN: PlaceKind.LABORATORY,
    Role.LAB_VERIFIER: PlaceKind.LABORATORY,
    Role.SITE_MANAGER: PlaceKind.QUARANTINE_SITE,
    Role.GATE_GUARD: PlaceKind.CONTROL_POST,
    Role.BORDER_OFFICER: PlaceKind.BORDER_GATE,
}
OVER_A_COMMUNE = {Role.COMMUNE_OFFICER, Role.SAMPLER}
OVER_THE_COUNTRY = {Role.EPIDEMIOLOGIST, Role.ADMINISTRATOR, Role.CENTRE_OFFICER}


@dataclass(frozen=True)
class SignIn:
    username: str
    password: str
    role: str
    where: str


def places() -> Iterator[tuple[Role, Area | Place]]:
    """Where each role of the demonstration works."""
    return _postings()


def make() -> None:
    """One user, actor and posting for every role that has a place or area in the filled database."""
    at = clock.now()
    with transaction.atomic():
        for role, where in _postings():
            _sign_in(role, where, at)
        # One hash for all: each costs a tenth of a second to make and to check.
        User.objects.filter(username__in=NAMES).update(password=make_password(PASSWORD))


def existing() -> list[SignIn]:
    """The demo's sign-ins with where they work; empty when the demo did not fill this database."""
    postings = Posting.objects.filter(actor__user__username__in=NAMES).select_related(
        "place", "area", "actor__user"
    )
    held = [(p, p.actor.user.password) for p in postings.order_by("id") if p.actor.user]
    known = {
        password for password in {password for _, password in held} if check_password(PASSWORD, password)
    }
    return [
        SignIn(username(Role(p.role)), PASSWORD, str(Role(p.role).label), str(p.place or p.area))
        for p, password in held
        if password in known
    ]


def username(role: Role) -> str:
    """The name to sign in with."""
    return role.value.replace("_", "-")


NAMES = [username(role) for role in Role]


def _sign_in(role: Role, where: Area | Place, at: datetime) -> None:
    user = User.objects.create_user(username(role))
    actor = Actor.objects.create(
        kind=ActorKind.STAFF, name=f"Demo: {username(role)}", user=user, created_at=at
    )
    if isinstance(where, Place):
        actors.post(actor, role, at=at, place=where)
    else:
        actors.post(actor, role, at=at, area=where)


def _postings() -> Iterator[tuple[Role, Area | Place]]:
    commune = _most_lived_in()
    if commune is None:
        return
    province = Area.objects.get(level=1, pk__in=_ids(commune.path))
    country = Area.objects.get(level=0, pk__in=_ids(commune.path))
    for role in Role:
        if role in AT_A_PLACE:
            if place := _place(AT_A_PLACE[role], province):
                yield role, place
        else:
            yield (
                role,
                commune if role in OVER_A_COMMUNE else country if role in OVER_THE_COUNTRY else province,
            )


def _most_lived_in() -> Area | None:
    """The commune of most people under way with something: those told of in events, else all."""
    people = Person.objects.filter(home_area__isnull=False)
    busy = people.filter(events__kind__in=["CaseConfirmed", "OrderIssued"])
    for group in (busy, people):
        counted = group.values("home_area").annotate(n=Count("pk")).order_by("-n", "home_area").first()
        if counted:
            return Area.objects.get(pk=counted["home_area"])
    return None


def _place(kind: PlaceKind, province: Area) -> Place | None:
    """The first place of this kind in the province; a venue stands in where there is no control post."""
    kinds = [kind, PlaceKind.VENUE] if kind == PlaceKind.CONTROL_POST else [kind]
    for wanted in kinds:
        found = Place.objects.filter(
            kind=wanted, area__path__startswith=province.path, closed_at__isnull=True
        )
        if place := found.order_by("pk").first():
            return place
    return None


def _ids(path: str) -> list[int]:
    return [int(part) for part in path.split("/") if part]
