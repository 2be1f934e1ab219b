"""Boxes on their way: sending, the list that goes with them, receiving."""

from typing import Any

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Place
from lachan.platform import pages, paging
from lachan.platform.screen import Badge, Column, Row
from lachan.systems.testing import commands, queries
from lachan.systems.testing.forms import ReceiveForm
from lachan.systems.testing.models import Batch, RejectionReason, Tube
from lachan.systems.testing.queries import scope
from lachan.systems.testing.views import pieces

IN_A_BOX = 400
MOST_LABORATORIES = 1_000


@door(Permission.VIEW_TESTS)
@require_safe
def batches(request: DeskRequest) -> HttpResponse:
    """Boxes from here and to here, newest first."""
    found = Batch.objects.filter(
        scope.at(request.posting, "laboratory") | scope.at(request.posting, "from_place")
    )
    if request.GET.get("state") == "open":
        found = found.filter(received_at__isnull=True)
    listed = found.select_related("laboratory", "from_place").annotate(count=Count("tubes"))
    page = paging.page(listed, key=("-sent_at", "-pk"), cursor=request.GET.get("cursor"))
    columns = [
        Column(_("Box")), Column(_("From")), Column(_("To")), Column(_("Tubes"), numeric=True),
        Column(_("State")), Column(_("Sent")),
    ]  # fmt: skip
    rows = [_row(batch) for batch in page.rows]
    may_send = access.may(request.posting, Permission.COLLECT_SAMPLE)
    return render(
        request,
        "testing/batches.html",
        {"page": page, "columns": columns, "rows": rows, "may_send": may_send},
    )


def _row(batch: Any) -> Row:
    state = Badge(_("Received"), "ok") if batch.received_at else Badge(_("Under way"), "warn")
    sent = f"{clock.local_date(batch.sent_at):%d/%m/%Y}"
    cells = (f"#{batch.pk}", batch.from_place.name, batch.laboratory.name, batch.count, state, sent)
    return Row(cells, url=reverse("testing:batch", args=[batch.pk]), key=str(batch.pk))


@door(Permission.COLLECT_SAMPLE)
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: DeskRequest) -> HttpResponse:
    """Choose the tubes and the laboratory; the answer is the list that goes into the box."""
    to_send = queries.tubes_to_send(request.posting).select_related("place")
    waiting = list(to_send[:IN_A_BOX])
    problem = ""
    if request.method == "POST":
        try:
            batch = _send(request, waiting)
        except Refusal as refusal:
            problem = str(refusal.message)
        else:
            return pieces.done(request, _("The box is on its way. Print the list."), "batch", batch.pk)
    columns = [
        Column(_("Tube")), Column(_("People in it"), numeric=True), Column(_("Taken at")), Column(_("Place")),
    ]  # fmt: skip
    rows = [
        Row((t.barcode, t.size, _moment(t.collected_at), t.place.name), key=str(t.pk), name=t.barcode)
        for t in waiting
    ]
    context = {
        "columns": columns, "rows": rows, "laboratories": list(queries.laboratories()[:MOST_LABORATORIES]),
        "problem": problem, "waiting": to_send.count(),
    }  # fmt: skip
    return render(request, "testing/send.html", context, status=409 if problem else 200)


def _moment(at: Any) -> str:
    return f"{at.astimezone(clock.zone()):%H:%M %d/%m/%Y}"


def _send(request: DeskRequest, waiting: list[Tube]) -> Batch:
    chosen = set(pages.numbers(request.POST.getlist("tube")))
    tubes = [t for t in waiting if t.pk in chosen]
    number = pages.numbers([request.POST.get("laboratory", "")])
    laboratory = queries.laboratories().filter(pk__in=number).first()
    if laboratory is None:
        raise commands.CannotSend("not-a-laboratory", _("Choose the laboratory."))
    if len({t.place_id for t in tubes}) > 1:
        raise commands.CannotSend(
            "tube-elsewhere", _("Pack one box for each place where samples were taken.")
        )
    origin: Place = tubes[0].place if tubes else laboratory
    return commands.send_batch(
        tubes=tubes, laboratory=laboratory, from_place=origin, actor=request.actor, at=clock.now()
    )


@door(Permission.VIEW_TESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: DeskRequest, number: int) -> HttpResponse:
    """The list of a box; in its laboratory, the form that takes it in."""
    found = queries.batch(request.posting, number)
    tubes = list(Tube.objects.filter(journey__batch=found).select_related("rejection").order_by("barcode"))
    here = scope.at(request.posting, "laboratory")
    may_receive = (
        found.received_at is None
        and access.may(request.posting, Permission.RECEIVE_SAMPLE)
        and Batch.objects.filter(here, pk=number).exists()
    )
    form = ReceiveForm([t.barcode for t in tubes], request.POST or None)
    if request.method == "POST" and not may_receive:
        raise queries.NotHere
    if request.method == "POST" and form.is_valid():
        try:
            return _receive(request, found, form)
        except Refusal as refusal:
            form.refuse(refusal)
    chosen = {t.barcode: form.data.get(f"reason-{t.barcode}", "") for t in tubes}
    context = {
        "batch": found, "tubes": [(t, chosen[t.barcode]) for t in tubes], "form": form,
        "may_receive": may_receive, "reasons": RejectionReason.choices,
    }  # fmt: skip
    return render(request, "testing/batch.html", context, status=422 if form.errors else 200)


def _receive(request: DeskRequest, batch: Batch, form: ReceiveForm) -> HttpResponse:
    rejections = form.rejections()
    commands.receive_batch(batch=batch, rejections=rejections, actor=request.actor, at=clock.now())
    taken = len(form.barcodes) - len(rejections)
    sentence = ngettext(
        "%(taken)d tube was taken in, %(bad)d turned down.",
        "%(taken)d tubes were taken in, %(bad)d turned down.",
        taken,
    )
    return pieces.done(request, sentence % {"taken": taken, "bad": len(rejections)}, "bench")
