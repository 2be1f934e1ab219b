"""Accounts as an administrator of an area sees them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from lachan.core import access
from lachan.core.access import Permission
from lachan.core.desk import DeskItem
from lachan.core.errors import Refusal
from lachan.core.models import Actor, ActorKind, Posting
from lachan.platform.staff.models import PostingRequest

URGENCY = 60


class MemberNotVisible(Refusal):
    """The same answer for "no such account" and "not yours to see"."""

    status = 404

    def __init__(self) -> None:
        super().__init__("member-not-visible", _("There is no account with this number in your area."))


@dataclass(frozen=True, slots=True)
class Member:
    """An account, with its postings in the area of who looks; `elsewhere`: it has others, so that its password and
    its closing are not this administrator's."""

    actor: Actor
    postings: Sequence[Posting]
    elsewhere: bool


def _within(path: str, prefix: str = "") -> Q:
    return Q(**{f"{prefix}area__path__startswith": path}) | Q(
        **{f"{prefix}place__area__path__startswith": path}
    )


def path_of(posting: Posting) -> str:
    """The area of an administrator; a posting at a place administrates nothing."""
    return posting.area.path if posting.area else "none"


def members(posting: Posting) -> QuerySet[Actor]:
    """Accounts with a posting in the area, of now or before, or with a request for one."""
    path = path_of(posting)
    posted = Posting.objects.filter(_within(path), actor=OuterRef("pk"))
    asked = PostingRequest.objects.filter(area__path__startswith=path, member=OuterRef("pk"))
    return Actor.objects.filter(Exists(posted) | Exists(asked), kind=ActorKind.STAFF).select_related("user")


def member_for(posting: Posting, number: int, *, at: datetime) -> Member:
    """Raises MemberNotVisible."""
    found = members(posting).filter(pk=number).first()
    if found is None:
        raise MemberNotVisible
    return with_postings(posting, [found], at=at)[0]


def with_postings(posting: Posting, found: Sequence[Actor], *, at: datetime) -> list[Member]:
    """Each with the postings in the area, newest first; two queries."""
    path = path_of(posting)
    given = Posting.objects.filter(actor__in=found).select_related("area", "place__area")
    here: dict[int, list[Posting]] = {a.pk: [] for a in found}
    elsewhere = set()
    for each in given.order_by("-starts_at", "-pk"):
        area = each.area or (each.place.area if each.place else None)
        if area is not None and area.path.startswith(path):
            here[each.actor_id].append(each)
        elif each.ends_at is None or each.ends_at > at:
            elsewhere.add(each.actor_id)
    return [Member(a, here[a.pk], a.pk in elsewhere) for a in found]


def posting_for(posting: Posting, number: int) -> Posting:
    """A posting in the area. Raises MemberNotVisible."""
    found = Posting.objects.filter(_within(path_of(posting)), pk=number, actor__kind=ActorKind.STAFF)
    one = found.select_related("actor", "area", "place").first()
    if one is None:
        raise MemberNotVisible
    return one


def requests(posting: Posting) -> QuerySet[PostingRequest]:
    """Requests in the area that wait for a second administrator; those for accounts closed since wait for nobody."""
    waiting = PostingRequest.objects.filter(area__path__startswith=path_of(posting), decided_at__isnull=True)
    waiting = waiting.filter(member__revoked_at__isnull=True)
    return waiting.select_related("member", "area", "asked_by").order_by("asked_at", "pk")


def request_for(posting: Posting, number: int) -> PostingRequest:
    """Raises MemberNotVisible."""
    found = requests(posting).filter(pk=number).first()
    if found is None:
        raise MemberNotVisible
    return found


def desk(posting: Posting, *, at: datetime) -> list[DeskItem]:
    """Postings that wait for a second administrator, who is not the one that asked."""
    if not access.may(posting, Permission.MANAGE_STAFF):
        return []
    waiting = requests(posting).exclude(asked_by=posting.actor_id).exclude(member=posting.actor_id)
    oldest = waiting.first()
    count = waiting.count()
    label = ngettext_lazy(
        "posting waits for a second administrator", "postings wait for a second administrator", count
    )
    return [DeskItem(label, count, reverse("staff:members"), URGENCY, oldest.asked_at if oldest else None)]
