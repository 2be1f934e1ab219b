"""Finding people, and the page of one person: the timeline of everything known, and why."""

from collections.abc import Sequence
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, clock, eventlog, persons
from lachan.core.access import Permission, Purpose
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.events import KINDS, Event
from lachan.core.models import Identifier, IdentifierKind, Person, PersonMerge
from lachan.core.persons import Identity
from lachan.core.phones import BadPhone, parse_phone
from lachan.platform.screen import Column, Entry, PersonLine, Row
from lachan.site import words
from lachan.site.forms import MergeForm, RegisterForm

REVEALED = "revealed"


@door(Permission.SEARCH_PERSONS)
@require_safe
def people(request: DeskRequest) -> HttpResponse:
    text = request.GET.get("q", "")[:200].replace("\x00", "").strip()
    found = _sought(request, text) if text else []
    if len(found) == 1 and found[0].code in (text, text.replace("-", "")):
        return redirect("person", code=found[0].code)
    rows = [Row([person_line(p), p.home_area or ""], url=f"/people/{p.code}/") for p in found]
    columns = [Column(_("Person")), Column(_("Lives in"))]
    may_register = access.may(request.posting, Permission.REGISTER_PERSON)
    return render(
        request,
        "site/people.html",
        {"text": text, "columns": columns, "rows": rows, "may_register": may_register},
    )


def _sought(request: DeskRequest, text: str) -> Sequence[Person]:
    """By code, by telephone number, else by name."""
    at, purpose = clock.now(), Purpose.CARE
    try:
        return [access.person(request.posting, code=text, purpose=purpose, part="search", at=at)]
    except Refusal:
        pass
    try:
        holders = persons.with_identifier(IdentifierKind.PHONE, parse_phone(text))
        seen = access.visible(request.posting).filter(pk__in=[p.pk for p in holders])
        found = list(seen.select_related("home_area__parent__parent").order_by("pk"))
        access.note_reads([p.pk for p in found], request.posting, purpose=purpose, part="search", at=at)
        return found
    except BadPhone:
        return access.search(request.posting, text, purpose=purpose, at=at)


def person_line(person: Person) -> PersonLine:
    """How a person is shown everywhere: full name, birth date with age, code."""
    birth = persons.birth_of(person)
    return PersonLine(
        name=person.name,
        birth=birth.text if birth else "",
        age=birth.age_on(clock.local_date(clock.now())) if birth else None,
        code=format_code(person.code),
    )


@door(Permission.VIEW_PERSON)
@require_safe
def person(request: DeskRequest, code: str) -> HttpResponse:
    """One person. The read is logged with its purpose."""
    at = clock.now()
    found = access.person(request.posting, code=code, purpose=Purpose.CARE, part="record", at=at)
    told = eventlog.of_person(found.pk, list(KINDS.values()))
    revealed = request.session.pop(REVEALED, {})
    return render(
        request,
        "site/person.html",
        {
            "person": found,
            "line": person_line(found),
            "entries": _timeline(told),
            "identifiers": [_identifier(i, revealed) for i in found.identifiers.order_by("kind", "pk")],
            "verified": persons.is_verified(found),
            "merges": PersonMerge.objects.filter(kept=found, undone_at__isnull=True).select_related("merged"),
            "purposes": [(p.value, p.label) for p in Purpose if p != Purpose.SELF],
            "may_reveal": access.may(request.posting, Permission.REVEAL_IDENTIFIER),
            "may_merge": access.may(request.posting, Permission.MERGE_PERSONS),
            "may_trace": access.may(request.posting, Permission.VIEW_EVENTS),
            "reads": found.reads.select_related("actor").order_by("-read_at", "-pk")[:10],
        },
    )


def _timeline(told: Sequence[Event]) -> list[Entry]:
    """Newest first; each with the chain of causes, as far as they are this person's own or known."""
    known = {e.id: e for e in eventlog.with_causes(told)}
    return [
        Entry(
            at=e.happened_at, what=words.sentence(e), tone=words.tone(e), why=words.because(_causes(e, known))
        )
        for e in reversed(told)
    ]


def _causes(event: Event, known: dict[UUID, Event]) -> list[Event]:
    causes: list[Event] = []
    while event.caused_by in known:
        event = known[event.caused_by]
        causes.append(event)
    return causes


def _identifier(identifier: Identifier, revealed: dict[str, str]) -> dict[str, object]:
    return {
        "id": identifier.pk,
        "kind": IdentifierKind(identifier.kind),
        "label": words.IDENTIFIERS[identifier.kind],
        "shown": revealed.get(str(identifier.pk), ""),
        "verified_at": identifier.verified_at,
    }


@door(Permission.REVEAL_IDENTIFIER)
@require_POST
def reveal(request: DeskRequest, code: str, number: int) -> HttpResponse:
    """Show one identifier once, on the next page; why is written down where the person can read it."""
    purpose = request.POST.get("purpose", "")
    if purpose not in set(Purpose.values) - {Purpose.SELF}:
        messages.error(request, _("Say what the number is needed for."))
        return redirect("person", code=code)
    found = access.person(
        request.posting, code=code, purpose=Purpose(purpose), part=f"identifier {number}", at=clock.now()
    )
    identifier = found.identifiers.filter(pk=number).first()
    if identifier is not None:
        request.session[REVEALED] = {str(identifier.pk): persons.identifier_value(identifier)}
    return redirect("person", code=found.code)


@door(Permission.REGISTER_PERSON)
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: DeskRequest) -> HttpResponse:
    form = RegisterForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = persons.register(_identity(form), actor=request.actor, at=clock.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The record is open."))
            return redirect("person", code=made.code)
    return render(request, "site/register.html", {"form": form}, status=422 if form.errors else 200)


def _identity(form: RegisterForm) -> Identity:
    given = form.cleaned_data
    numbers = {kind: given[kind] for kind in ("phone", "national_id", "health_insurance") if given[kind]}
    return Identity(
        name=given["name"], birth=given["birth"], sex=given["sex"], home_area=given["home_area"],
        address=given["address"], identifiers=numbers,
    )  # fmt: skip


@door(Permission.MERGE_PERSONS)
@require_http_methods(["GET", "HEAD", "POST"])
def merge(request: DeskRequest, code: str) -> HttpResponse:
    """Join another record into this one; reversible."""
    at = clock.now()
    kept = access.person(request.posting, code=code, purpose=Purpose.CORRECTION, part="merge", at=at)
    form = MergeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            other = access.person(
                request.posting,
                code=form.cleaned_data["code"],
                purpose=Purpose.CORRECTION,
                part="merge",
                at=at,
            )
            persons.merge(
                kept=kept, merged=other, reason=form.cleaned_data["reason"], actor=request.actor, at=at
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("The two records are joined. This can be undone on this page."))
            return redirect("person", code=kept.code)
    context = {"form": form, "person": kept, "line": person_line(kept)}
    return render(request, "site/merge.html", context, status=422 if form.errors else 200)


@door(Permission.MERGE_PERSONS)
@require_POST
def undo_merge(request: DeskRequest, code: str, number: int) -> HttpResponse:
    at = clock.now()
    kept = access.person(request.posting, code=code, purpose=Purpose.CORRECTION, part="merge", at=at)
    done = PersonMerge.objects.filter(pk=number, kept=kept).select_related("merged").first()
    try:
        if done is not None:
            persons.undo_merge(done, actor=request.actor, at=at)
            messages.success(request, _("The records are separate again."))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    return redirect("person", code=kept.code)
