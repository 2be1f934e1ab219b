"""Finding people, opening records, joining and separating them."""

from collections.abc import Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from lachan.codecs.bhyt import InsuranceCard
from lachan.codecs.cccd import CitizenCard
from lachan.codecs.person_qr import NationalQr, PersonCode, recognise
from lachan.core import access, areas, clock, persons
from lachan.core.access import NotVisible, Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import IdentifierKind, Person, PersonMerge
from lachan.core.names import confusable
from lachan.core.persons import Identity
from lachan.core.phones import BadPhone, parse_phone
from lachan.platform.pages import person_line, see_other
from lachan.platform.screen import Column, Row
from lachan.site.forms import MergeForm, RegisterForm

LONGEST = 400
MOST = 20
CITIZEN_DIGITS = 12


@door(Permission.SEARCH_PERSONS)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def people(request: DeskRequest) -> HttpResponse:
    """Search by POST: a name or a number does not belong in an address. A code does, and may be a link."""
    text = (request.POST.get("q") or request.GET.get("q", ""))[:LONGEST].replace("\x00", "").strip()
    scanned = recognise(text)
    if isinstance(scanned, PersonCode):
        found = _by_code(request, scanned.code)
        if found:
            return _to(found[0])
    else:
        found = _sought(request, text, scanned) if text and request.method == "POST" else []
    return render(request, "site/people.html", _listed(request, text, found))


def _listed(request: DeskRequest, text: str, found: Sequence[Person]) -> dict[str, object]:
    columns = [Column(_("Person")), Column(_("Lives in"))]
    rows = [Row([person_line(p), _home(p)], url=reverse("person", args=[p.code])) for p in found]
    return {
        "text": text, "columns": columns, "rows": rows, "most": len(found) >= MOST,
        "searched": bool(found) or (request.method == "POST" and bool(text)),
        "quick_search": True, "may_register": access.may(request.posting, Permission.REGISTER_PERSON),
    }  # fmt: skip


def _home(person: Person) -> str:
    return areas.full_name(person.home_area) if person.home_area else ""


def _to(person: Person) -> HttpResponse:
    return see_other(reverse("person", args=[person.code]))


def _by_code(request: DeskRequest, code: str) -> Sequence[Person]:
    try:
        return [
            access.person(request.posting, code=code, purpose=Purpose.CARE, part="search", at=clock.now())
        ]
    except NotVisible:
        return []


def _sought(request: DeskRequest, text: str, scanned: object) -> Sequence[Person]:
    """By the number of a scanned card, by telephone, else by name."""
    if isinstance(scanned, CitizenCard):
        return _holders(request, IdentifierKind.NATIONAL_ID, scanned.number)
    if isinstance(scanned, InsuranceCard):
        return _holders(request, IdentifierKind.HEALTH_INSURANCE, scanned.number)
    if isinstance(scanned, NationalQr):
        return _named_by(request, scanned)
    if text.replace(" ", "").isdecimal() and len(text.replace(" ", "")) == CITIZEN_DIGITS:
        return _holders(request, IdentifierKind.NATIONAL_ID, text.replace(" ", ""))
    try:
        return _holders(request, IdentifierKind.PHONE, parse_phone(text))
    except BadPhone:
        return access.search(request.posting, text, purpose=Purpose.CARE, at=clock.now(), limit=MOST)


def _named_by(request: DeskRequest, scanned: NationalQr) -> Sequence[Person]:
    """By the first number that anybody has; the name is for the eye."""
    return next(
        (found for kind, n in scanned.numbers if (found := _holders(request, IdentifierKind(kind), n))), []
    )


def _holders(request: DeskRequest, kind: IdentifierKind, number: str) -> Sequence[Person]:
    holders = persons.with_identifier(kind, number)
    seen = access.visible(request.posting).filter(pk__in=[p.pk for p in holders])
    found = list(seen.select_related("home_area__parent__parent").order_by("pk"))
    ids = [p.pk for p in found]
    access.note_reads(ids, request.posting, purpose=Purpose.CARE, part="search", at=clock.now())
    return found


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
            return _to(made)
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
            return _to(kept)
    context = {"form": form, "person": kept, "line": person_line(kept), "misleading": confusable(kept.name)}
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
    return _to(kept)
