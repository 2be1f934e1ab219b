"""Finding and making actors and postings."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q

from lachan.core.models import Actor, ActorKind, Area, Place, Posting


def system(*, at: datetime) -> Actor:
    """The actor of what no person did: handlers, schedules, imports."""
    actor, _ = Actor.objects.get_or_create(
        kind=ActorKind.SYSTEM, defaults={"name": "Lá Chắn", "created_at": at}
    )
    return actor


def of_user(user: AbstractBaseUser) -> Actor | None:
    return Actor.objects.filter(user_id=user.pk, revoked_at__isnull=True).first()


def postings_of(actor: Actor, *, at: datetime) -> Sequence[Posting]:
    """Postings that hold at `at`, oldest first."""
    return list(
        actor.postings.filter(starts_at__lte=at)
        .filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
        .select_related("area", "place__area", "actor")
        .order_by("starts_at", "id")
    )


def post(
    actor: Actor, role: str, *, at: datetime, area: Area | None = None, place: Place | None = None
) -> Posting:
    """Give `actor` a role over an area or at a place from `at` on."""
    return Posting.objects.create(actor=actor, role=role, area=area, place=place, starts_at=at)
