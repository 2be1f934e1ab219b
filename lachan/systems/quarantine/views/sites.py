"""Sites: the board of rooms and beds, the reception, and who waits for a bed."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Place
from lachan.platform import paging
from lachan.platform.pages import answering, day_text, numbers, person_line
from lachan.platform.screen import Column, Row
from lachan.systems.quarantine import commands, queries, words
from lachan.systems.quarantine.forms import ArrivalScan, DayFilter, NewRoom, SendToSite
from lachan.systems.quarantine.models import Bed, OrderTerm
from lachan.systems.quarantine.views.pieces import done, go, note, refused, root_of

MOST_BEDS = 300  # in one list to choose from


@door(Permission.VIEW_ORDERS)
@require_safe
def sites(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: the posting's sites with their free beds, by name."""
    page = paging.page(queries.sites(request.posting), key=("name", "pk"), cursor=request.GET.get("cursor"))
    rows = [
        Row(
            (s.name, s.area.name, s.beds_in_use, s.taken, s.beds_in_use - s.taken),
            url=f"/quarantine/sites/{s.pk}/",
        )
        for s in page.rows
    ]
    columns = [
        Column(_("Site")), Column(_("Area")), Column(_("Beds"), numeric=True), Column(_("Taken"), numeric=True),
        Column(_("Free"), numeric=True),
    ]  # fmt: skip
    context = {"rows": rows, "columns": columns, "page": page, "at": clock.now()}
    return render(request, "quarantine/sites.html", context)


@door(Permission.VIEW_ORDERS)
@require_safe
@answering
def site(request: DeskRequest, number: int) -> HttpResponse:
    """GET ?day=: who lies where on that day; a day ahead shows what should be free by then."""
    return _site_page(request, queries.site_for(request.posting, number))


def _site_page(
    request: DeskRequest, place: Place, *, form: NewRoom | None = None, status: int = 200
) -> HttpResponse:
    at = clock.now()
    days = DayFilter(request.GET or None)
    today = clock.local_date(at)
    day = (days.cleaned_data["day"] if days.is_valid() else None) or today
    board = queries.board(place, day=day)
    note(request, [bed.term for room in board.rooms for bed in room.beds if bed.term], "site board", at)
    context = {
        "site": place, "board": board, "days": days, "is_today": day == today, "at": at,
        "room_form": form or NewRoom(auto_id="room_%s"), "waiting": _waiting(request, place).count(),
        "may_assign": access.may(request.posting, Permission.ASSIGN_BED),
        "may_manage": access.may(request.posting, Permission.MANAGE_SITES),
    }  # fmt: skip
    return render(request, "quarantine/site.html", context, status=status)


def _waiting(request: DeskRequest, place: Place) -> QuerySet[OrderTerm]:
    mine = queries.orders(request.posting).filter(order__site=place)
    return queries.with_state(mine, "waiting", on=clock.local_date(clock.now()))


@door(Permission.MANAGE_SITES)
@require_POST
@answering
def open_room(request: DeskRequest, number: int) -> HttpResponse:
    place = queries.site_for(request.posting, number)
    form = NewRoom(request.POST, auto_id="room_%s")
    if not form.is_valid():
        return _site_page(request, place, form=form, status=422)
    given = form.cleaned_data
    commands.open_room(
        site=place, name=given["name"], beds=given["beds"], actor=request.actor, at=clock.now()
    )
    return done(request, _("The room is open."), "site", number)


@door(Permission.ASSIGN_BED)
@require_POST
@answering
def assign_all(request: DeskRequest, number: int) -> HttpResponse:
    """Beds for everybody who was sent here and has none."""
    place = queries.site_for(request.posting, number)
    placed = commands.assign_beds_automatically(site=place, actor=request.actor, at=clock.now())
    if placed.left:
        sentence = ngettext("No bed fits %(n)d person.", "No bed fits %(n)d people.", len(placed.left))
        messages.warning(request, sentence % {"n": len(placed.left)})
    count = len(placed.stays)
    return done(
        request, ngettext("%(n)d bed given.", "%(n)d beds given.", count) % {"n": count}, "site", number
    )


@door(Permission.ASSIGN_BED)
@require_http_methods(["GET", "POST"])
@answering
def reception(request: DeskRequest, number: int) -> HttpResponse:
    """GET ?code=: the person and the bed that fits. POST order=, bed=: give it, and be ready for the next."""
    place = queries.site_for(request.posting, number)
    if request.method == "POST":
        return _give(request, place)
    form = ArrivalScan(request.GET or None)
    context: dict[str, object] = {"site": place, "form": form, "at": clock.now()}
    if form.is_bound and form.is_valid():
        context |= _arrived(request, form, place)
    return render(request, "quarantine/reception.html", context, status=422 if form.errors else 200)


def _arrived(request: DeskRequest, form: ArrivalScan, place: Place) -> dict[str, object]:
    at = clock.now()
    try:
        person = access.person(
            request.posting,
            code=form.cleaned_data["code"],
            purpose=Purpose.QUARANTINE,
            part="reception",
            at=at,
        )
    except Refusal as refusal:
        form.refuse(refusal, "code")
        return {}
    current = [t for t in queries.orders_of(request.posting, person) if t.order.closed_at is None]
    term = current[0] if current else None
    (line,) = queries.lines([term], at=at) if term else (None,)
    wants_bed = term is not None and term.kind == "facility" and line is not None and line.stay is None
    bed = queries.best_bed(term, place) if wants_bed and term else None
    others = queries.free_beds(place) if wants_bed else Bed.objects.none()
    return {
        "who": person_line(person), "term": term, "line": line, "bed": bed, "wants_bed": wants_bed,
        "kind": words.kind_of(term.subject, term.kind) if term else "",
        "others": list(others[:MOST_BEDS]), "free": others.count(),
    }  # fmt: skip


def _give(request: DeskRequest, place: Place) -> HttpResponse:
    chosen = numbers([request.POST.get("order", ""), request.POST.get("bed", "")])
    bed = Bed.objects.filter(pk=chosen[-1] if len(chosen) == 2 else 0, room__parent=place).first()
    if bed is None:
        messages.error(request, _("Choose a bed of this site."))
        return go("reception", place.pk)
    term = queries.order_for(request.posting, chosen[0])
    try:
        at = clock.now()
        commands.assign_bed(order=term.order, bed=bed, from_at=at, actor=request.actor, at=at)
    except Refusal as refusal:
        return refused(request, refusal, "reception", place.pk)
    sentence = _("%(name)s: %(room)s, bed %(bed)s.") % {
        "name": root_of(term).name, "room": bed.room.name, "bed": bed.label,
    }  # fmt: skip
    return done(request, sentence, "reception", place.pk)


@door(Permission.ASSIGN_BED)
@require_http_methods(["GET", "POST"])
def waiting(request: DeskRequest) -> HttpResponse:
    """GET: facility orders without a bed, the oldest first. POST order=…, site=: send them there."""
    at = clock.now()
    found = queries.with_state(queries.orders(request.posting), "waiting", on=clock.local_date(at))
    form = SendToSite(request.POST or None, sites=queries.sites(request.posting))
    if request.method == "POST":
        return _send(request, form)
    page = paging.page(found, key=("order__issued_at", "pk"), cursor=request.GET.get("cursor"))
    note(request, page.rows, "waiting for a bed", at)
    columns = [
        Column(_("Person")),
        Column(_("Order")),
        Column(_("Day 0")),
        Column(_("Ends on")),
        Column(_("Site")),
    ]
    context = {"page": page, "columns": columns, "rows": [_row(t) for t in page.rows], "form": form, "at": at}
    return render(request, "quarantine/waiting.html", context)


def _row(term: OrderTerm) -> Row:
    return Row(
        (person_line(root_of(term)), words.SUBJECT[term.subject], day_text(term.exposed_on), day_text(term.ends_on),
         term.order.site.name if term.order.site else ""),
        url=f"/quarantine/orders/{term.order_id}/", key=str(term.order_id), name=root_of(term).name,
    )  # fmt: skip


def _send(request: DeskRequest, form: SendToSite) -> HttpResponse:
    wanted = numbers(request.POST.getlist("order"))
    mine = [t.order for t in queries.orders(request.posting).filter(order__in=wanted)]
    if not mine or not form.is_valid():
        messages.warning(request, _("Select the people and the site."))
        return go("waiting")
    place = queries.site_for(request.posting, int(form.cleaned_data["site"]))
    count = commands.send_to_site(orders=mine, site=place, actor=request.actor, at=clock.now())
    sentence = ngettext("%(n)d person goes to %(site)s.", "%(n)d people go to %(site)s.", count)
    return done(request, sentence % {"n": count, "site": place.name}, "waiting")
