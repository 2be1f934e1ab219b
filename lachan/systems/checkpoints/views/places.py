"""Places: the list, registering one, its page and its poster."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lachan.core import access, areas, clock
from lachan.core.access import Permission
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Place
from lachan.platform import paging
from lachan.platform.screen import Badge, Column, Row
from lachan.systems.checkpoints import commands, posters, queries, words
from lachan.systems.checkpoints.forms import DeviceForm, PlaceFilter, PlaceForm
from lachan.systems.checkpoints.models import Device, Scan
from lachan.systems.checkpoints.views.finding import columns, place_or_404

LATEST = 20


@door(Permission.MANAGE_PLACES)
@require_safe
def places(request: DeskRequest) -> HttpResponse:
    at, wanted = clock.now(), PlaceFilter(request.GET)
    found = queries.places_of(request.posting)
    if wanted.is_valid():
        given = wanted.cleaned_data
        found = queries.silent_of(request.posting, at=at) if given["silent"] else found
        found = found.filter(name__icontains=given["q"]) if given["q"] else found
        found = found.filter(kind=given["kind"]) if given["kind"] else found
    page = paging.page(
        found.select_related("area__parent__parent"), key=("name", "id"), cursor=request.GET.get("cursor")
    )
    inside = queries.inside_each([p.pk for p in page.rows], at=at)
    heads = columns(_("Name of the place"), _("Kind of place"), _("Area"))
    context = {
        "filter": wanted, "page": page, "rows": [_row(p, inside.get(p.pk, 0)) for p in page.rows], "at": at,
        "columns": [*heads, Column(_("Inside now"), numeric=True)],
    }  # fmt: skip
    return render(request, "checkpoints/places.html", context)


def _row(place: Place, inside: int) -> Row:
    cells = [
        place.name,
        words.KINDS.get(place.kind, place.kind),
        areas.full_name(place.area),
        _of(inside, place),
    ]
    return Row(cells, url=reverse("checkpoints:place", args=[place.code]), late=_is_full(inside, place))


def _of(inside: int, place: Place) -> str:
    return f"{inside} / {place.capacity}" if place.capacity else str(inside)


def _is_full(inside: int, place: Place) -> bool:
    return place.capacity is not None and inside >= place.capacity


@door(Permission.MANAGE_PLACES)
@require_http_methods(["GET", "HEAD", "POST"])
def register_place(request: DeskRequest) -> HttpResponse:
    """A new place in the posting's area."""
    form = PlaceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data | {
            "closed_space": {"yes": True, "no": False}.get(form.cleaned_data["closed_space"])
        }
        outside = request.posting.area is None or not areas.holds(request.posting.area, given["area"])
        if outside:
            form.add_error("area", _("Choose an area that belongs to your posting."))
        else:
            try:
                made = commands.register_place(**given, actor=request.actor, at=clock.now())
                messages.success(request, _("The place is registered. Print its poster."))
                return _see(reverse("checkpoints:place", args=[made.place.code]))
            except Refusal as refusal:
                form.refuse(refusal)
    return render(
        request, "checkpoints/register_place.html", {"form": form}, status=422 if form.errors else 200
    )


def _see(url: str) -> HttpResponse:
    response = redirect(url)
    response.status_code = 303
    return response


@door(Permission.MANAGE_PLACES)
@require_safe
def place(request: DeskRequest, code: str) -> HttpResponse:
    """One place: who is inside now, its devices, the last scans by code."""
    return render(
        request, "checkpoints/place.html", place_context(request, place_or_404(request, code), DeviceForm())
    )


def place_context(request: DeskRequest, place: Place, form: DeviceForm) -> dict[str, Any]:
    at = clock.now()
    inside = queries.inside(place, at=at)
    return {
        "place": place,
        "kind": words.KINDS.get(place.kind, place.kind),
        "code": format_code(place.code),
        "profile": getattr(place, "checkpoint", None),
        "inside": _of(inside, place),
        "full": _is_full(inside, place),
        "at": at,
        "devices": [_device(d, at) for d in Device.objects.filter(place=place).order_by("revoked_at", "name", "id")],
        "form": form,
        "may_scan": access.may(request.posting, Permission.SCAN),
        "columns": columns(_("Time"), _("Direction"), _("Code"), _("Answer"), _("Notes")),
        "rows": [_scan_row(s) for s in _latest(place)],
    }  # fmt: skip


def _latest(place: Place) -> list[Scan]:
    rows = Scan.objects.filter(place=place).select_related("person")
    return list(rows.order_by("-happened_at", "-id")[:LATEST])


def _scan_row(scan: Scan) -> Row:
    whose = format_code(scan.person.code) if scan.person else scan.get_payload_display()
    when = f"{scan.happened_at.astimezone(clock.zone()):%H:%M %d/%m/%Y}"
    notes = ", ".join(str(words.MARKS[m][0]) for m in scan.marks)
    return Row([when, scan.get_direction_display(), whose, words.verdict(scan.verdict), notes])


def _device(device: Device, at: datetime) -> dict[str, Any]:
    revoked = device.revoked_at is not None
    return {
        "id": device.pk,
        "name": device.name,
        "seen_at": device.seen_at,
        "offset": device.clock_offset_seconds,
        "revoked": revoked,
        "state": Badge(_("revoked"), "stop") if revoked else Badge(_("in use"), "ok"),
    }


@door(Permission.MANAGE_PLACES)
@require_http_methods(["GET", "HEAD", "POST"])
def poster(request: DeskRequest, code: str) -> HttpResponse:
    """GET: the poster as PDF, with today's print date. POST notes that it is printed, and leads there."""
    found, at = place_or_404(request, code), clock.now()
    if request.method == "POST":
        commands.note_poster_printed(place=found, actor=request.actor, at=at)
        return _see(reverse("checkpoints:poster", args=[found.code]))
    made = posters.poster(found, base_url=request.build_absolute_uri("/"), printed_on=clock.local_date(at))
    answer = HttpResponse(made, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="poster-{found.code}.pdf"'
    return answer
