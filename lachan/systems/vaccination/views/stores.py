"""Stores: which there are, and what stands on the shelves of one."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.areas import holds
from lachan.core.doors import DeskRequest, door
from lachan.core.models import Area, Place, Posting
from lachan.platform import paging
from lachan.platform.pages import answering, day_text
from lachan.platform.screen import Column, Row
from lachan.systems.vaccination import commands, queries, words
from lachan.systems.vaccination.forms import NewStore
from lachan.systems.vaccination.queries import StockLine
from lachan.systems.vaccination.views.pieces import done, product_names

MOST_PARENTS = 500


@door(Permission.VIEW_STOCK)
@require_safe
def stores(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: the posting's stores and sites by name."""
    at = clock.now()
    page = paging.page(queries.stores(request.posting), key=("name", "pk"), cursor=request.GET.get("cursor"))
    shelves = queries.totals(page.rows, at=at)
    rows = [
        Row(
            (s.name, s.area.name, s.parent.name if s.parent else "", words.figure(shelves[s.pk].usable),
             words.figure(shelves[s.pk].stopped)),
            url=f"/vaccination/stores/{s.pk}/",
        )
        for s in page.rows
    ]  # fmt: skip
    columns = [
        Column(_("Store")), Column(_("Area")), Column(_("Supplied by")), Column(_("Usable doses"), numeric=True),
        Column(_("Held or expired"), numeric=True),
    ]  # fmt: skip
    context = {
        "rows": rows, "columns": columns, "page": page, "at": at,
        "items": queries.desk(request.posting, at=at) if page.first else [],
        "may_manage": access.may(request.posting, Permission.MANAGE_STORES),
    }  # fmt: skip
    return render(request, "vaccination/stores.html", context)


@door(Permission.MANAGE_STORES)
@require_http_methods(["GET", "POST"])
def new_store(request: DeskRequest) -> HttpResponse:
    """Open a store or a site within the posting's area."""
    form = NewStore(request.POST or None, stores=queries.stores(request.posting)[:MOST_PARENTS])
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if not _within(request.posting, given["area"]):
            form.add_error("area", _("This area is not yours."))
        else:
            parent = Place.objects.filter(pk=given["parent"] or 0).first()
            made = commands.open_store(
                name=given["name"], area=given["area"], parent=parent, site=given["kind"] == "site",
                actor=request.actor, at=clock.now(),
            )  # fmt: skip
            return done(request, _("The store is open."), "store", made.pk)
    status = 422 if request.method == "POST" else 200
    return render(request, "vaccination/new_store.html", {"form": form}, status=status)


def _within(posting: Posting, area: Area) -> bool:
    return posting.area is not None and holds(posting.area, area)


@door(Permission.VIEW_STOCK)
@require_safe
@answering
def store(request: DeskRequest, number: int) -> HttpResponse:
    """The shelves of a store, what is on its way there, and what left it and has not arrived."""
    place, at = queries.store_for(request.posting, number), clock.now()
    lines = queries.lines(place, at=at)
    columns = [
        Column(_("Lot")), Column(_("Vaccine")), Column(_("Last day of use")), Column(_("State")),
        Column(_("Doses in closed vials"), numeric=True), Column(_("Left in open vials"), numeric=True),
        Column(_("Lasts for days"), numeric=True),
    ]  # fmt: skip
    names = product_names(at)
    context = {
        "store": place, "rows": [_row(line, names) for line in lines], "columns": columns, "at": at,
        "usable": sum(line.stock.on_hand for line in lines if not line.refusal),
        "stopped": sum(line.stock.on_hand for line in lines if line.refusal),
        "awaited": queries.awaited(place)[:50], "under_way": queries.under_way(place)[:50],
        "vials": queries.open_vials(place, at=at)[:50],
        "may_move": access.may(request.posting, Permission.MOVE_STOCK),
    }  # fmt: skip
    return render(request, "vaccination/store.html", context)


def _row(line: StockLine, names: dict[str, str]) -> Row:
    stock, lot = line.stock, line.stock.lot
    return Row(
        (lot.number, names.get(lot.product, lot.product), day_text(lot.expires_on),
         words.state(line.refusal, line.shelf), *map(words.figure, (stock.sealed, stock.opened, line.days))),
        url=f"/vaccination/lots/{lot.pk}/", late=line.refusal is not None,
    )  # fmt: skip
