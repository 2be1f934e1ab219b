"""What needs a person's eye: codes that nobody knows or that prove nothing, and people seen against their order."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from lachan.core import access, areas, clock, persons
from lachan.core.access import Permission, Purpose
from lachan.core.codes import format_code
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import paging
from lachan.platform.screen import Column, PersonLine, Row
from lachan.systems.checkpoints import queries, words
from lachan.systems.checkpoints.commands import match_unknown
from lachan.systems.checkpoints.forms import DayFilter, MatchForm
from lachan.systems.checkpoints.models import Breach, Scan
from lachan.systems.checkpoints.views.finding import columns


@door(Permission.MANAGE_PLACES)
@require_safe
def unmatched(request: DeskRequest) -> HttpResponse:
    found = queries.unmatched_of(request.posting).select_related("place")
    page = paging.page(found, key=("-happened_at", "-id"), cursor=request.GET.get("cursor"))
    context = {
        "page": page, "rows": [_unmatched_row(s) for s in page.rows], "at": clock.now(),
        "columns": columns(_("Time"), _("Place"), _("What was read"), _("Direction"), _("Notes")),
    }  # fmt: skip
    return render(request, "checkpoints/unmatched.html", context)


def _unmatched_row(scan: Scan) -> Row:
    notes = ", ".join(str(words.MARKS[m][0]) for m in scan.marks if m != "unknown_code")
    cells = [_when(scan), scan.place.name, scan.get_payload_display(), scan.get_direction_display(), notes]
    return Row(cells, url=reverse("checkpoints:match", args=[scan.id]))


def _when(row: Scan | Breach) -> str:
    return f"{row.happened_at.astimezone(clock.zone()):%H:%M %d/%m/%Y}"


@door(Permission.MANAGE_PLACES)
@require_http_methods(["GET", "HEAD", "POST"])
def match(request: DeskRequest, number: UUID) -> HttpResponse:
    """Say whose an unknown code is."""
    scan = queries.unmatched_of(request.posting).filter(pk=number).select_related("place").first()
    if scan is None:
        raise Http404
    form, at = MatchForm(request.POST or None), clock.now()
    if request.method == "POST" and form.is_valid():
        try:
            person = access.person(
                request.posting, code=form.cleaned_data["code"], purpose=Purpose.ENTRY, part="match", at=at
            )
            count = len(match_unknown(scan=scan, person=person, actor=request.actor, at=at))
        except Refusal as refusal:
            form.refuse(refusal, "code")
        else:
            said = ngettext(
                "%(count)d scan has its person now.", "%(count)d scans have their person now.", count
            )
            messages.success(request, said % {"count": count})
            answer = redirect("checkpoints:unmatched")
            answer.status_code = 303
            return answer
    same = Scan.objects.filter(payload_hash=scan.payload_hash, person__isnull=True).count()
    context = {"form": form, "scan": scan, "same": same}
    return render(request, "checkpoints/match.html", context, status=422 if form.errors else 200)


@door(Permission.MANAGE_PLACES)
@require_safe
def doubtful(request: DeskRequest) -> HttpResponse:
    """Scans of codes that prove nothing, or of one person at two far places; by code, as on the guard's screen."""
    found = queries.doubtful_of(request.posting).select_related("place", "person")
    page = paging.page(found, key=("-happened_at", "-id"), cursor=request.GET.get("cursor"))
    context = {
        "page": page, "rows": [_doubtful_row(s) for s in page.rows], "at": clock.now(),
        "columns": columns(_("Time"), _("Place"), _("Code"), _("Direction"), _("Notes")),
    }  # fmt: skip
    return render(request, "checkpoints/doubtful.html", context)


def _doubtful_row(scan: Scan) -> Row:
    code = format_code(scan.person.code) if scan.person else scan.get_payload_display()
    notes = ", ".join(str(words.MARKS[mark][0]) for mark in scan.marks)
    return Row([_when(scan), scan.place.name, code, scan.get_direction_display(), notes])


@door(Permission.VIEW_ORDERS)
@require_safe
def breaches(request: DeskRequest) -> HttpResponse:
    """People under an order who were scanned elsewhere; the look at their names is logged."""
    at, wanted = clock.now(), DayFilter(request.GET)
    found = queries.breaches_of(request.posting).select_related("person", "place__area__parent__parent")
    if wanted.is_valid() and wanted.cleaned_data["day"]:
        found = found.filter(on_date=wanted.cleaned_data["day"])
    page = paging.page(found, key=("-recorded_at", "-id"), cursor=request.GET.get("cursor"))
    access.note_reads(
        [b.person_id for b in page.rows], request.posting, purpose=Purpose.QUARANTINE, part="breaches", at=at
    )
    context = {
        "filter": wanted, "page": page, "rows": [_breach_row(b) for b in page.rows], "at": at,
        "columns": [*columns(_("Person"), _("Seen at"), _("Area"), _("Time")), Column(_("Order"), numeric=True)],
    }  # fmt: skip
    return render(request, "checkpoints/breaches.html", context)


def _breach_row(breach: Breach) -> Row:
    birth = persons.birth_of(breach.person)
    line = PersonLine(
        name=breach.person.name, birth=birth.text if birth else "", code=format_code(breach.person.code)
    )
    where = areas.full_name(breach.place.area)
    url = reverse("person", args=[breach.person.code])
    return Row([line, breach.place.name, where, _when(breach), breach.order_id], url=url)
