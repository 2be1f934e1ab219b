"""What an order to take back would touch, before it is given; and what batches would be for."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Q, QuerySet

from lachan.core import access, areas
from lachan.core.access import Permission
from lachan.core.models import Area, Place, Posting
from lachan.issuer.models import BatchOrder, Intent, Reason, RecallRequest, Record, Scope, SignerKey

PROVINCE: Final = 1  # the level of an area


@dataclass(frozen=True, slots=True, kw_only=True)
class Aim:
    """What is to be taken back: a lot, a place on days [starts_on, ends_on), or all that a key signed.

    `area`: a lot is taken back on its ground alone; None is everywhere.
    """

    scope: Scope
    reason: Reason
    evidence: str
    lot: str = ""
    place: Place | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    key: SignerKey | None = None
    area: Area | None = None


def aim_of(asked: RecallRequest) -> Aim:
    return Aim(
        scope=Scope(asked.scope), reason=Reason(asked.reason), evidence=asked.evidence, lot=asked.lot,
        place=asked.place, starts_on=asked.starts_on, ends_on=asked.ends_on, key=asked.key, area=asked.area,
    )  # fmt: skip


def affected(aim: Aim) -> int:
    """How many certificates that count now would not count any more."""
    return Intent.objects.filter(_of(aim), revocation__isnull=True, unsigned__isnull=True).count()


def _of(aim: Aim) -> Q:
    if aim.scope == Scope.KEY:
        return Q(signature__key=aim.key)
    there = areas.inside("record__area__", aim.area) if aim.area else Q()
    return about(aim.lot, aim.place, aim.starts_on, aim.ends_on, prefix="record__") & there


def about(lot: str, place: Place | None, starts_on: date | None, ends_on: date | None, prefix: str = "") -> Q:
    """Records of a lot, or of a place on days [starts_on, ends_on)."""
    if place is None:
        return Q(**{f"{prefix}lot": lot})
    days = {f"{prefix}happened_on__gte": starts_on, f"{prefix}happened_on__lt": ends_on}
    return Q(**{f"{prefix}place": place} | days)


def bare_records(order: BatchOrder) -> "QuerySet[Record]":
    """Records that an order is for: of its lot or place, in force, without a certificate."""
    wanted = about(order.lot, order.place, order.starts_on, order.ends_on)
    return Record.objects.filter(wanted, withdrawal__isnull=True, intents__isnull=True)


def places(posting: Posting) -> "QuerySet[Place]":
    """Places in the posting's area at which something was recorded."""
    if posting.area is None:
        return Place.objects.none()
    known = Record.objects.filter(place__isnull=False).values("place")
    return Place.objects.filter(areas.inside("area__", posting.area), pk__in=known).order_by("name", "pk")


def signed_by_key() -> dict[int, int]:
    """How many certificates each key signed that were not taken back."""
    found = SignerKey.objects.filter(purpose="certificates").annotate(
        n=Count("signatures", filter=Q(signatures__intent__revocation__isnull=True))
    )
    return dict(found.values_list("pk", "n"))


def open_requests(posting: Posting) -> "QuerySet[RecallRequest]":
    """What waits for a second officer; a request about a place is its area's."""
    if not access.may(posting, Permission.REVOKE_CERTIFICATES):
        return RecallRequest.objects.none()
    if posting.area is None:
        return RecallRequest.objects.none()
    mine = Q(place__in=places(posting)) | areas.inside("area__", posting.area)
    if is_everywhere(posting):
        mine |= Q(place__isnull=True)
    elif keeps_keys(posting):
        mine |= Q(key__isnull=False)
    found = RecallRequest.objects.filter(mine, decided_at__isnull=True)
    return found.select_related("place", "key", "asked_by", "area").order_by("asked_at", "pk")


def is_everywhere(posting: Posting) -> bool:
    """Whether the posting is over the whole country."""
    return posting.area is not None and posting.area.parent_id is None


def keeps_keys(posting: Posting) -> bool:
    """Whether the posting is over a province or more: what a key signed is not of one district or commune."""
    return posting.area is not None and posting.area.level <= PROVINCE
