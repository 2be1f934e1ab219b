"""The page of one person: where they stand, why, and everything that led there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from lachan.codecs import qr
from lachan.core import access, clock, eventlog, persons
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.events import KINDS, Event
from lachan.core.models import (
    AccessLog,
    IdentifierKind,
    Person,
    PersonMerge,
    Place,
    Posting,
    Presence,
    Residence,
)
from lachan.platform import personal_codes
from lachan.platform.pages import person_line, see_other
from lachan.platform.screen import Tone
from lachan.site import words
from lachan.site.forms import NotePhoneForm
from lachan.site.standing import Line, standing

REVEALED = "revealed"
VISIT_DAYS = 14
MOST_VISITS = 200
MOST_READS = 20


@dataclass(frozen=True, slots=True)
class Told:
    """An event in words, with what led to it, the nearest cause first."""

    at: datetime
    what: str
    tone: Tone
    causes: Sequence["Told"] = ()


@door(Permission.VIEW_PERSON)
@require_safe
@never_cache
def person(request: DeskRequest, code: str) -> HttpResponse:
    """One person. The read is logged with its purpose."""
    at, posting = clock.now(), request.posting
    found = access.person(posting, code=code, purpose=Purpose.CARE, part="record", at=at)
    told = eventlog.of_person(found.pk, list(KINDS.values()))
    known = {e.id: e for e in eventlog.with_causes(told)}
    context = {
        "person": found,
        "line": person_line(found),
        "at": at,
        "verified": persons.is_verified(found),
        "standing": [_answer(line, known) for line in standing(told, at=at)],
        "days": _by_day(_told(e, known) for e in reversed(told)),
        "identifiers": _identifiers(request, found),
        "phone_form": NotePhoneForm(),
        "purposes": [(p.value, p.label) for p in Purpose if p != Purpose.SELF],
        "merges": PersonMerge.objects.filter(kept=found, undone_at__isnull=True).select_related("merged"),
        "reads": _reads(found),
        "all_reads": found.reads.count(),
        "qr": SafeString(
            qr.svg(personal_codes.printed(found.code, at=at), label=_("QR code of this person"))
        ),
        "may": _allowed(posting),
    }
    return render(request, "site/person.html", context | _whereabouts(posting, found, at))


def _allowed(posting: Posting) -> dict[str, bool]:
    asked = {
        "reveal": Permission.REVEAL_IDENTIFIER, "merge": Permission.MERGE_PERSONS, "trace": Permission.VIEW_EVENTS,
        "interview": Permission.INTERVIEW, "test": Permission.VIEW_TESTS, "scan": Permission.SCAN,
        "certificates": Permission.VIEW_CERTIFICATES,
    }  # fmt: skip
    return {name: access.may(posting, permission) for name, permission in asked.items()}


def _answer(line: Line, known: Mapping[UUID, Event]) -> tuple[Line, Told | None]:
    return line, _told(line.event, known) if line.event else None


def _told(event: Event, known: Mapping[UUID, Event]) -> Told:
    causes = [_plain(e) for e in _causes(event, known)]
    return Told(event.happened_at, words.sentence(event), words.tone(event), causes)


def _plain(event: Event) -> Told:
    return Told(event.happened_at, words.sentence(event), words.tone(event))


def _causes(event: Event, known: Mapping[UUID, Event]) -> list[Event]:
    causes: list[Event] = []
    cause = known.get(event.caused_by) if event.caused_by else None
    while cause:
        causes.append(cause)
        cause = known.get(cause.caused_by) if cause.caused_by else None
    return causes


def _by_day(entries: Iterable[Told]) -> list[tuple[date, list[Told]]]:
    days: dict[date, list[Told]] = {}
    for entry in entries:
        days.setdefault(clock.local_date(entry.at), []).append(entry)
    return sorted(days.items(), reverse=True)


def _reads(person: Person) -> list[tuple[AccessLog, str]]:
    labels = dict(Purpose.choices)
    newest = person.reads.select_related("actor").order_by("-read_at", "-pk")[:MOST_READS]
    return [(read, str(labels.get(read.purpose, read.purpose))) for read in newest]


def _whereabouts(posting: Posting, person: Person, at: datetime) -> dict[str, Any]:
    """Visits and household, for those who trace; a read of its own, and noted for everybody shown."""
    if not access.may(posting, Permission.INTERVIEW):
        return {}
    household = _household(person, at)
    access.note_reads([person.pk], posting, purpose=Purpose.TRACING, part="visits", at=at)
    access.note_reads([p.pk for p in household], posting, purpose=Purpose.TRACING, part="household", at=at)
    stays = _stays(person, at)
    return {
        "visits": _visits(stays),
        "all_visits": stays.count(),
        "household": household,
        "visit_days": VISIT_DAYS,
    }


def _stays(person: Person, at: datetime) -> QuerySet[Presence]:
    group = [person.pk, *Person.objects.filter(merged_into=person).values_list("pk", flat=True)]
    since = at - timedelta(days=VISIT_DAYS)
    return Presence.objects.filter(person_id__in=group, starts_at__gte=since, starts_at__lte=at)


def _visits(stays: QuerySet[Presence]) -> list[tuple[Presence, Place | None]]:
    newest = list(stays.order_by("-starts_at", "id")[:MOST_VISITS])
    places = Place.objects.select_related("area").in_bulk({s.place_id for s in newest})
    return [(stay, places.get(stay.place_id)) for stay in newest]


def _household(person: Person, at: datetime) -> list[Person]:
    """Those who live in the same household now; each once, by the record that stands for them."""
    home = Residence.objects.filter(
        Q(person=person) | Q(person__merged_into=person), kind="household", period__contains=at
    )
    others = Residence.objects.filter(place__in=home.values("place"), kind="household", period__contains=at)
    living = others.select_related("person__merged_into").order_by("person_id")
    roots = {r.person.root_id: r.person.merged_into or r.person for r in living}
    return [p for pk, p in roots.items() if pk != person.pk]


def _identifiers(request: DeskRequest, person: Person) -> list[dict[str, object]]:
    """Numbers behind dots; the one asked for a moment ago stands open once."""
    shown = request.session.pop(REVEALED, None)
    rows = persons.identifiers_of(person).exclude(kind=IdentifierKind.REFERENCE).order_by("kind", "pk")
    return [
        {
            "id": row.pk,
            "label": words.IDENTIFIERS[row.kind],
            "shown": persons.identifier_value(row) if shown == [person.pk, row.pk] else "",
            "verified_at": row.verified_at,
            "url": reverse("reveal_identifier", args=[person.code, row.pk]),
            "is_phone": row.kind == IdentifierKind.PHONE,
        }
        for row in rows
    ]


@door(Permission.REVEAL_IDENTIFIER)
@require_POST
def reveal(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Show one identifier once, on the next page; why is written down where the person can read it."""
    purpose = request.POST.get("purpose", "")
    if purpose not in set(Purpose.values) - {Purpose.SELF}:
        messages.error(request, _("Say what the number is needed for."))
        return redirect("person", code=code)
    found = access.person(
        request.posting, code=code, purpose=Purpose(purpose), part="identifier", at=clock.now()
    )
    identifier = persons.identifiers_of(found).filter(pk=number).first()
    if identifier is not None:
        # The number itself stays sealed: a session is kept for hours, and is not.
        request.session[REVEALED] = [found.pk, identifier.pk]
    return see_other(reverse("person", args=[found.code]))


@door(Permission.REVEAL_IDENTIFIER)
@require_POST
def verify_identifier(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """The officer saw the document: the number is verified, and with it the identity."""
    at = clock.now()
    found = access.person(request.posting, code=code, purpose=Purpose.CORRECTION, part="identifier", at=at)
    identifier = get_object_or_404(persons.identifiers_of(found), pk=number)
    persons.verify_identifier(identifier, actor=request.actor, at=at)
    messages.success(request, _("The number is verified."))
    return see_other(reverse("person", args=[found.code]))
