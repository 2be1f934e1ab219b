"""A citizen's session: who showed a code sent to a phone may open the records that have this phone.

No account and no password. A session of its own beside the staff's, in a cookie of its own; it ends after 30 minutes
without use, 12 hours after its start, or when it is ended from another device with the same phone.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lachan.core import access, clock, persons
from lachan.core.models import Actor, ActorKind, Identifier, IdentifierKind, Person
from lachan.core.persons import identifier_value
from lachan.platform import messages
from lachan.platform.models import PhoneSession
from lachan.platform.otp import VerifiedPhone

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COOKIE = "citizen"
IDLE = timedelta(minutes=30)
LONGEST = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=1)
TOLD_WITHIN = timedelta(days=2)
ADDED = _(
    "Lá Chắn: another telephone was noted for a health book that yours opens. Whoever holds it reads that book and gets"
    " its texts. If you do not know of it, tell the health station or call 1900 9095."
)
REMOVED = _(
    "Lá Chắn: this telephone was taken off a health book and opens it no more. If you do not know why, ask the health"
    " station or call 1900 9095."
)
BROWSERS = (
    ("Edg", "Edge"), ("SamsungBrowser", "Samsung Internet"), ("coc_coc", "Cốc Cốc"), ("Firefox", "Firefox"),
    ("Chrome", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
)


@dataclass(frozen=True, slots=True)
class Citizen:
    """Who holds the phone of this session."""

    session: PhoneSession

    @property
    def phone_index(self) -> bytes:
        return bytes(self.session.phone_index)

    def persons(self) -> QuerySet[Person]:
        """The records that have this phone: of oneself, and of those who share it."""
        return access.of_phone(self.phone_index)

    def oneself(self) -> Person | None:
        """Whom the holder said to be, as long as that record has the phone."""
        return self.persons().filter(pk=self.session.person_id).first() if self.session.person_id else None


def start(phone: VerifiedPhone, *, device: str, at: datetime) -> tuple[PhoneSession, str]:
    """A new session and its token, which is kept in the browser alone."""
    token = secrets.token_urlsafe(32)
    made = PhoneSession.objects.create(
        token_hash=_hash(token), phone_index=phone.index, device=device[:80], started_at=at, seen_at=at
    )
    return made, token


def holding(phone_index: bytes, *, at: datetime) -> QuerySet[PhoneSession]:
    """Sessions of this phone that hold at `at`, newest first."""
    return _holding(at).filter(phone_index=phone_index).order_by("-started_at", "-pk")


def recognised(token: str, *, at: datetime) -> Citizen | None:
    """The holder of the session that has this token and still holds; its use is noted once a minute."""
    found = _holding(at).filter(token_hash=_hash(token)).first()
    if found is None:
        return None
    PhoneSession.objects.filter(pk=found.pk, seen_at__lte=at - SEEN_EVERY).update(seen_at=at)
    return Citizen(found)


def be(session: PhoneSession, person: Person) -> None:
    """Note whom the holder says to be; the door has asked whether the record has the phone."""
    PhoneSession.objects.filter(pk=session.pk).update(person=person)


def end(sessions: QuerySet[PhoneSession], *, at: datetime) -> int:
    return sessions.filter(ended_at__isnull=True).update(ended_at=at)


def phones_of(person: Person) -> QuerySet[Identifier]:
    """What opens the record, the latest first."""
    return persons.identifiers_of(person).filter(kind=IdentifierKind.PHONE).order_by("-recorded_at", "-pk")


@transaction.atomic
def note_phone(person: Person, phone: str, *, actor: Actor, at: datetime) -> None:
    """An officer notes a further telephone. Those that open the record already are told: its holder would read the
    record as its person, and nobody should get in unseen."""
    known = {identifier_value(each) for each in phones_of(person)}
    persons.note_phone(person, phone, actor=actor, at=at)
    if phone not in known:
        _tell(known, ADDED, at)


@transaction.atomic
def take_off_phone(phone: Identifier, *, actor: Actor, at: datetime) -> None:
    """An officer takes a telephone off, and its holder is told."""
    number = identifier_value(phone)
    persons.take_off_phone(phone, actor=actor, at=at)
    _tell({number}, REMOVED, at)


def _tell(phones: Iterable[str], text: StrOrPromise, at: datetime) -> None:
    with translation.override("vi"):
        for phone in sorted(phones):
            messages.queue_text(phone=phone, text=str(text), until=at + TOLD_WITHIN)


def actor_of(person: Person, *, at: datetime) -> Actor:
    """The actor of what a citizen does with their own record."""
    made, _new = Actor.objects.get_or_create(
        person=person, defaults={"kind": ActorKind.CITIZEN, "name": person.code, "created_at": at}
    )
    return made


def know_citizen(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: `request.citizen`, or None."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        token = request.get_signed_cookie(COOKIE, default=None, salt=COOKIE, max_age=LONGEST)
        request.citizen = recognised(token, at=clock.now()) if token else None  # type: ignore[attr-defined]
        return get_response(request)

    return middleware


def remember(response: HttpResponse, token: str) -> None:
    """Give the browser the token: signed, unreadable to scripts, never sent from another site."""
    response.set_signed_cookie(
        COOKIE, token, salt=COOKIE, max_age=LONGEST, httponly=True, samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip


def forget(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Strict")


def device_of(request: HttpRequest) -> str:
    """`Chrome, Android`: enough to know one's own phone by, and no more."""
    agent = request.headers.get("User-Agent", "")[:500]
    names = [next((name for mark, name in known if mark in agent), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(name for name in names if name)


def _holding(at: datetime) -> QuerySet[PhoneSession]:
    return PhoneSession.objects.filter(
        ended_at__isnull=True, seen_at__gt=at - IDLE, started_at__gt=at - LONGEST
    ).select_related("person")


def _hash(token: str) -> bytes:
    return sha256(token.encode()).digest()
