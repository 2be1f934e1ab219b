"""Doses come, are sent, received, written off and counted."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lachan.codecs import gs1
from lachan.codecs.errors import FormatError
from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Place
from lachan.platform import paging
from lachan.platform.forms import Form
from lachan.platform.pages import answering
from lachan.platform.screen import Column, Row
from lachan.systems.vaccination import commands, queries, words
from lachan.systems.vaccination.forms import Arrival, CartonScan, Count, Receipt, Sending, WriteOff
from lachan.systems.vaccination.models import Lot, Vial
from lachan.systems.vaccination.views.pieces import done, lots_on_shelf, product_names, products


def _page(request: DeskRequest, template: str, store: Place, form: Form, **more: object) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(
        request, f"vaccination/{template}.html", {"store": store, "form": form} | more, status=status
    )


@door(Permission.MOVE_STOCK)
@require_http_methods(["GET", "POST"])
@answering
def receipt(request: DeskRequest, number: int) -> HttpResponse:
    """GET ?scan=: the carton's code fills the form. POST: the doses are in the store."""
    store, at = queries.store_for(request.posting, number), clock.now()
    scanned = CartonScan(request.GET or None)
    initial = _carton(scanned) if request.method == "GET" and scanned.is_bound and scanned.is_valid() else {}
    form = Receipt(request.POST or None, products=products(at), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            row = commands.record_receipt(store=store, actor=request.actor, at=at, **form.cleaned_data)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return done(request, _("%(n)s doses received.") % {"n": row.doses}, "store", number)
    return _page(request, "receipt", store, form, scan=scanned if request.method == "GET" else CartonScan())


def _carton(form: CartonScan) -> dict[str, object]:
    """What the code says; a code that cannot be read is an error of the box."""
    try:
        carton = gs1.carton_of(gs1.read(form.cleaned_data["scan"]), at=clock.local_date(clock.now()))
    except FormatError:
        form.add_error("scan", _("This is not the code of a carton: scan again, or type lot and date below."))
        return {}
    known = Lot.objects.filter(gtin=carton.gtin or "-").order_by("-pk").first()
    found = {
        "product": known.product if known else None, "number": carton.lot, "expires_on": carton.expires_on,
        "gtin": carton.gtin,
    }  # fmt: skip
    return {name: value for name, value in found.items() if value}


@door(Permission.MOVE_STOCK)
@require_http_methods(["GET", "POST"])
@answering
def send(request: DeskRequest, number: int) -> HttpResponse:
    """Send closed vials to a store nearby; what expires first is offered first."""
    store = queries.store_for(request.posting, number)
    form = Sending(
        request.POST or None, lots=lots_on_shelf(store, clock.now()), stores=queries.destinations(store)[:500],
        initial={"purpose": "supply"},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            commands.send_transfer(
                lot=Lot.objects.get(pk=given["lot"]), origin=store, purpose=given["purpose"], doses=given["doses"],
                destination=Place.objects.get(pk=given["destination"]), actor=request.actor, at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return done(request, _("%(n)s doses are on their way.") % {"n": given["doses"]}, "store", number)
    return _page(request, "send", store, form)


@door(Permission.MOVE_STOCK)
@require_http_methods(["GET", "POST"])
@answering
def write_off(request: DeskRequest, number: int) -> HttpResponse:
    """Write off doses of closed vials, or what is left in an open one."""
    store = queries.store_for(request.posting, number)
    left = Vial.objects.filter(store=store, left__gt=0).select_related("lot").order_by("use_by", "pk")[:100]
    form = WriteOff(request.POST or None, lots=lots_on_shelf(store, clock.now()), vials=left)
    if request.method == "POST" and form.is_valid():
        try:
            _waste(request, store, form)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            n = form.cleaned_data["doses"]
            return done(request, _("%(n)s doses written off.") % {"n": n}, "store", number)
    return _page(request, "write_off", store, form)


def _waste(request: DeskRequest, store: Place, form: WriteOff) -> None:
    given = form.cleaned_data
    _, of_vial, number = given["what"].rpartition("vial-")
    vial = Vial.objects.select_related("lot").get(pk=number) if of_vial else None
    lot = vial.lot if vial else Lot.objects.get(pk=given["what"])
    commands.waste_doses(
        store=store, lot=lot, vial=vial, doses=given["doses"], reason=given["reason"], note=given["note"],
        actor=request.actor, at=clock.now(),
    )  # fmt: skip


@door(Permission.MOVE_STOCK)
@require_http_methods(["GET", "POST"])
@answering
def count(request: DeskRequest, number: int) -> HttpResponse:
    """Stock-taking: the difference is booked under the name of who counted."""
    store = queries.store_for(request.posting, number)
    form = Count(request.POST or None, lots=lots_on_shelf(store, clock.now()))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            row = commands.adjust_count(
                store=store, lot=Lot.objects.get(pk=given["lot"]), counted=given["counted"], reason=given["reason"],
                note=given["note"], actor=request.actor, at=clock.now(),
            )  # fmt: skip
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return done(request, _("Booked: %(n)s doses.") % {"n": f"{row.doses:+}"}, "store", number)
    return _page(request, "count", store, form)


@door(Permission.VIEW_STOCK)
@require_safe
def transfers(request: DeskRequest) -> HttpResponse:
    """GET ?cursor=: what is on its way from or to a store of the posting, sent longest ago first."""
    waiting = queries.transfers(request.posting).filter(received_at__isnull=True)
    page = paging.page(waiting, key=("sent_at", "pk"), cursor=request.GET.get("cursor"))
    rows = [
        Row(
            (t.lot.number, words.figure(t.doses), t.origin.name, t.destination.name, words.PURPOSE[t.purpose],
             f"{clock.local_date(t.sent_at):%d/%m/%Y}"),
            url=f"/vaccination/transfers/{t.pk}/",
        )
        for t in page.rows
    ]  # fmt: skip
    columns = [
        Column(_("Lot")), Column(_("Doses"), numeric=True), Column(_("From")), Column(_("To")),
        Column(_("What for")), Column(_("Sent on")),
    ]  # fmt: skip
    context = {"rows": rows, "columns": columns, "page": page, "at": clock.now()}
    return render(request, "vaccination/transfers.html", context)


@door(Permission.MOVE_STOCK)
@require_http_methods(["GET", "POST"])
@answering
def arrival(request: DeskRequest, number: int) -> HttpResponse:
    """Take a transfer in, with what was counted."""
    transfer = queries.transfer_to(request.posting, number)
    form = Arrival(request.POST or None, initial={"counted": transfer.doses})
    if request.method == "POST" and form.is_valid():
        try:
            commands.receive_transfer(
                transfer=transfer, actor=request.actor, at=clock.now(), **form.cleaned_data
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return done(request, _("The transfer is received."), "store", transfer.destination_id)
    name = product_names(clock.now()).get(transfer.lot.product, transfer.lot.product)
    return _page(request, "arrival", transfer.destination, form, transfer=transfer, product=name)
