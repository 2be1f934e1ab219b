"""Finding and making actors and postings."""

from collections.abc import Sequence
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.db.models import Q

from lachan.core import prepared
from lachan.core.models import Actor, ActorKind, Area, Place, Posting


def system(*, at: datetime) -> Actor:
    """The actor of what no person did: handlers, schedules, imports."""
    actor, _ = Actor.objects.get_or_create(
        kind=ActorKind.SYSTEM, defaults={"name": "Lá Chắn", "created_at": at}
    )
    return actor


def of_user(user: AbstractBaseUser) -> Actor | None:
    return Actor.objects.filter(user_id=user.pk, revoked_at__isnull=True).first()


def of_token(token_hash: bytes, *, at: datetime) -> tuple[Actor | None, Sequence[Posting]]:
    """Who holds the token, unless it was revoked, and their postings at `at`, oldest first; one statement."""
    found = [prepared.instances(row, *KINDS) for row in prepared.rows(OF_TOKEN, [at, at, token_hash])]
    if not found:
        return None, []
    actor, postings = found[0][0], [each[1] for each in found if each[1] is not None]
    for _, posting, area, place, ground in found:
        if posting is not None:
            posting.actor, posting.area, posting.place = actor, area, place
            if place is not None:
                place.area = ground
    return actor, postings


KINDS = (Actor, Posting, Area, Place, Area)
OF_TOKEN = f"""
    SELECT {", ".join(map(prepared.columns, KINDS, ("a", "p", "r", "l", "g")))}
    FROM core_actor a
    LEFT JOIN core_posting p ON p.actor_id = a.id AND p.starts_at <= %s AND (p.ends_at IS NULL OR p.ends_at > %s)
    LEFT JOIN core_area r ON r.id = p.area_id
    LEFT JOIN core_place l ON l.id = p.place_id LEFT JOIN core_area g ON g.id = l.area_id
    WHERE a.token_hash = %s AND a.revoked_at IS NULL
    ORDER BY p.starts_at, p.id
"""  # noqa: S608 - our own names


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
