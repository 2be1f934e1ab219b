"""Opening and closing accounts, giving and ending postings. Passwords are never chosen, seen or sent by others."""

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.tokens import default_token_generator
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from lachan.core.errors import Refusal
from lachan.core.eventlog import emit
from lachan.core.events import (
    AccountClosed,
    PasswordLinkMade,
    PostingAsked,
    PostingEnded,
    PostingGiven,
    PostingRefused,
    StaffEnrolled,
)
from lachan.core.models import Actor, ActorKind, Area, Place, Posting
from lachan.platform.staff.models import PostingRequest
from lachan.platform.staff.rules import needs_second

SHORTEST = timedelta(microseconds=1)
LINK_HOLDS = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


class CannotEnrol(Refusal):
    """username-taken."""


class CannotPost(Refusal):
    """own-posting, period-backward, area-or-place, asked-before, account-closed."""

    status = 422


class CannotDecide(Refusal):
    """takes-two: who asked, or whom it is for, cannot decide; decided-before."""


class CannotEnd(Refusal):
    """own-posting, ended-before."""


class CannotLink(Refusal):
    """account-closed; takes-two: whoever sets the password of such an administrator is two of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A role over an area or at a place, from `starts_at` until (not including) `ends_at`."""

    role: str
    area: Area | None = None
    place: Place | None = None
    starts_at: datetime
    ends_at: datetime | None = None


@transaction.atomic
def enrol(*, username: str, name: str, actor: Actor, at: datetime) -> Actor:
    """A member of staff with an account that has no password yet. Raises CannotEnrol."""
    known = unicodedata.normalize("NFKC", username)
    try:
        with transaction.atomic():
            user = User.objects.create_user(known, password=None)
    except IntegrityError as error:
        raise CannotEnrol(
            "username-taken", _("Somebody signs in with this name already. Choose another.")
        ) from error
    member = Actor.objects.create(kind=ActorKind.STAFF, name=name, user=user, created_at=at)
    emit([StaffEnrolled(happened_at=at, member_id=member.pk)], actor=actor)
    return member


@transaction.atomic
def enrol_with_posting(*, username: str, name: str, wanted: Wanted, actor: Actor, at: datetime) -> Actor:
    """Both or neither. Raises CannotEnrol, CannotPost."""
    member = enrol(username=username, name=name, actor=actor, at=at)
    give_posting(member=member, wanted=wanted, actor=actor, at=at)
    return member


@transaction.atomic
def give_posting(
    *, member: Actor, wanted: Wanted, actor: Actor, at: datetime, alone: bool = False
) -> Posting | PostingRequest:
    """The posting, or the request for it where it takes two. `alone` is for who has the database in hand: the first
    administrators of an installation. Raises CannotPost."""
    if member.pk == actor.pk:
        raise CannotPost("own-posting", _("Nobody gives a posting to themselves."))
    if (wanted.area is None) == (wanted.place is None):
        raise CannotPost("area-or-place", _("Name either an area or a place."))
    if wanted.ends_at is not None and wanted.ends_at <= wanted.starts_at:
        raise CannotPost("period-backward", _("The posting ends before it begins."))
    if wanted.area is not None and not alone and needs_second(wanted.role, wanted.area.level):
        return _ask(member, wanted, wanted.area, actor, at)
    return _post(member, wanted, actor, at)


@transaction.atomic
def decide_posting(*, request: PostingRequest, agreed: bool, actor: Actor, at: datetime) -> Posting | None:
    """The second administrator agrees, and the posting is given; or does not. Raises CannotDecide."""
    if actor.pk in (request.asked_by_id, request.member_id):
        raise CannotDecide("takes-two", _("This takes two: another administrator has to agree."))
    # Taken first: of two who decide at once one goes on.
    waiting = PostingRequest.objects.filter(pk=request.pk, decided_at__isnull=True)
    if not waiting.update(decided_by=actor, decided_at=at):
        raise CannotDecide("decided-before", _("This was decided before."))
    if not agreed:
        emit([PostingRefused(happened_at=at, request_id=request.pk)], actor=actor)
        return None
    wanted = Wanted(
        role=request.role, area=request.area, starts_at=max(request.starts_at, at), ends_at=request.ends_at
    )
    posting = _post(request.member, wanted, actor, at)
    PostingRequest.objects.filter(pk=request.pk).update(posting=posting)
    return posting


@transaction.atomic
def end_posting(*, posting: Posting, actor: Actor, at: datetime) -> None:
    """From now on the posting does not hold; one that has not begun never does. Raises CannotEnd."""
    if posting.actor_id == actor.pk:
        raise CannotEnd("own-posting", _("Nobody ends their own posting: ask another administrator."))
    held = Posting.objects.filter(pk=posting.pk).exclude(ends_at__lte=at)
    begun = held.filter(starts_at__lt=at).update(ends_at=at)
    # A period must run forward, however short.
    if not begun and not held.filter(starts_at__gte=at).update(starts_at=at, ends_at=at + SHORTEST):
        raise CannotEnd("ended-before", _("This posting has ended already."))
    emit([PostingEnded(happened_at=at, posting_id=posting.pk, member_id=posting.actor_id)], actor=actor)


@transaction.atomic
def close_account(*, member: Actor, actor: Actor, at: datetime) -> None:
    """No sign-in any more, and no posting. Raises CannotEnd."""
    if member.pk == actor.pk:
        raise CannotEnd("own-account", _("Nobody closes their own account: ask another administrator."))
    if not Actor.objects.filter(pk=member.pk, revoked_at__isnull=True).update(revoked_at=at):
        raise CannotEnd("closed-before", _("This account is closed already."))
    User.objects.filter(actor=member).update(is_active=False)
    for posting in member.postings.exclude(ends_at__lte=at):
        end_posting(posting=posting, actor=actor, at=at)
    emit([AccountClosed(happened_at=at, member_id=member.pk)], actor=actor)


@transaction.atomic
def make_password_link(*, member: Actor, actor: Actor, at: datetime, alone: bool = False) -> str:
    """The path under which the member sets a password, once, within three days; the next link makes nothing void, a
    set password does. A password in use of an administrator whose posting takes two is replaced only by who has the
    database in hand (`alone`): else one of them could agree with themselves. Raises CannotLink."""
    user = member.user
    if user is None or member.revoked_at is not None or not user.is_active:
        raise CannotLink("account-closed", _("This account is closed."))
    if not alone and user.has_usable_password() and _takes_two(member, at):
        raise CannotLink(
            "takes-two",
            _(
                "Only who runs this site makes a new way to the password of this administrator: lachan staff password."
            ),
        )
    emit([PasswordLinkMade(happened_at=at, member_id=member.pk)], actor=actor)
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("staff:set_password", args=[uid, default_token_generator.make_token(user)])


def _takes_two(member: Actor, at: datetime) -> bool:
    held = member.postings.exclude(ends_at__lte=at).exclude(area=None)
    return any(needs_second(role, level) for role, level in held.values_list("role", "area__level"))


def _ask(member: Actor, wanted: Wanted, area: Area, actor: Actor, at: datetime) -> PostingRequest:
    asked, made = PostingRequest.objects.get_or_create(
        member=member, role=wanted.role, area=area, decided_at=None,
        defaults={
            "starts_at": wanted.starts_at, "ends_at": wanted.ends_at, "asked_by": actor, "asked_at": at,
        },
    )  # fmt: skip
    if not made:
        raise CannotPost("asked-before", _("This was asked for before; another administrator has to agree."))
    emit(
        [PostingAsked(happened_at=at, request_id=asked.pk, member_id=member.pk, role=wanted.role)],
        actor=actor,
    )
    return asked


def _post(member: Actor, wanted: Wanted, actor: Actor, at: datetime) -> Posting:
    # Locked: who closes the account meanwhile comes before or after, and ends this posting too.
    if Actor.objects.select_for_update().filter(pk=member.pk, revoked_at__isnull=True).first() is None:
        raise CannotPost("account-closed", _("This account is closed."))
    posting = Posting.objects.create(
        actor=member, role=wanted.role, area=wanted.area, place=wanted.place, starts_at=wanted.starts_at,
        ends_at=wanted.ends_at,
    )  # fmt: skip
    event = PostingGiven(happened_at=at, posting_id=posting.pk, member_id=member.pk, role=wanted.role)
    emit([event], actor=actor)
    return posting
