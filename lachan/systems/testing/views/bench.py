"""The bench: tubes without a result, entering results by keyboard, pooling."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import PlaceKind
from lachan.platform import pages, policies
from lachan.systems.testing import commands, queries, rules
from lachan.systems.testing.commands import ResultEntry
from lachan.systems.testing.forms import PoolForm
from lachan.systems.testing.models import Pool, Tube
from lachan.systems.testing.views import pieces

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

ROWS = 48


@dataclass(slots=True)
class Line:
    """One row of the grid: what is to be tested, what was typed, what is wrong with it."""

    barcode: str
    people: int
    assay: str
    hours: int
    pool: bool = False
    late: bool = False
    typed: str = ""
    fault: "StrOrPromise" = ""


@door(Permission.ENTER_RESULT)
@require_http_methods(["GET", "HEAD", "POST"])
def bench(request: DeskRequest) -> HttpResponse:
    """GET ?q=barcode: the oldest tubes first. POST: the rows that were filled in are taken, line by line."""
    sought = rules.read_barcode(pages.line(request.GET.get("q"), 64)) or ""
    typed = _typed(request) if request.method == "POST" else []
    faults = _enter(request, typed) if typed else {}
    if typed and not faults:
        return pieces.go("bench")
    lines = _lines(request, sought)
    _put_back(lines, typed, faults)
    context = {
        "lines": lines, "sought": sought, "missing": bool(sought and not lines),
        "faults": len(faults), "instrument": pages.line(request.POST.get("instrument"), 60),
        "kit_lot": pages.line(request.POST.get("kit_lot"), 40), "more": len(lines) == ROWS,
    }  # fmt: skip
    return render(request, "testing/bench.html", context, status=422 if faults else 200)


def _typed(request: DeskRequest) -> list[Line]:
    """The rows of the page in which something was typed."""
    columns = (request.POST.getlist(name)[:ROWS] for name in ("barcode", "result"))
    return [
        Line(pages.line(barcode, 64), 0, "", 0, typed=pages.line(typed, 80))
        for barcode, typed in zip(*columns, strict=False)
        if typed.strip()
    ]


def _enter(request: DeskRequest, typed: Sequence[Line]) -> dict[str, "StrOrPromise"]:
    """Take what can be taken of this desk's tubes; the faults of the others by barcode."""
    faults: dict[str, StrOrPromise] = {}
    instrument = pages.line(request.POST.get("instrument"), 60)
    kit_lot = pages.line(request.POST.get("kit_lot"), 40)
    entries = []
    for line in typed:
        read = rules.read_bench(line.typed)
        if read is None:
            faults[line.barcode] = _("This cannot be read. Type one key, and Ct values like + N21,4 E23.")
            continue
        entries.append(
            ResultEntry(
                barcode=line.barcode, outcome=read[0], ct=read[1], instrument=instrument, kit_lot=kit_lot
            )
        )
    intake = commands.take_results(
        entries=entries, actor=request.actor, at=clock.now(), places=queries.places_of(request.posting)
    )
    if intake.taken:
        sentence = ngettext(
            "%(n)d result entered. It waits for verification by a colleague.",
            "%(n)d results entered. They wait for verification by a colleague.",
            len(intake.taken),
        )
        messages.success(request, sentence % {"n": len(intake.taken)})
    return faults | {refused.barcode: refused.message for refused in intake.refused}


def _lines(request: DeskRequest, sought: str) -> list[Line]:
    tubes, pools = queries.tubes_to_test(request.posting), queries.pools_to_test(request.posting)
    if sought:
        tubes, pools = tubes.filter(barcode=sought), pools.filter(barcode=sought)
    lines = [_pool_line(p) for p in pools[:ROWS]] + [_tube_line(t) for t in tubes[:ROWS]]
    return lines[:ROWS]


def _tube_line(tube: Tube) -> Line:
    now = clock.now()
    hours = int((now - tube.collected_at).total_seconds() // 3600)
    limit = policies.at(clock.local_date(now)).testing.turnaround_hours
    return Line(tube.barcode, tube.size, tube.assay, hours, late=hours >= limit)


def _pool_line(pool: Pool) -> Line:
    hours = int((clock.now() - pool.made_at).total_seconds() // 3600)
    return Line(pool.barcode, pool.tubes.count(), pool.assay, hours, pool=True)


def _put_back(lines: list[Line], typed: Sequence[Line], faults: dict[str, "StrOrPromise"]) -> None:
    """What was typed stays, with what is wrong beside it; rows that are no longer listed come back on top."""
    listed = {line.barcode: line for line in lines}
    for old in typed:
        if old.barcode not in faults:
            continue
        line = listed.get(old.barcode)
        if line is None:
            lines.insert(0, old)
            line = old
        line.typed, line.fault = old.typed, faults[old.barcode]


@door(Permission.ENTER_RESULT)
@require_http_methods(["GET", "HEAD", "POST"])
def pool(request: DeskRequest) -> HttpResponse:
    """Mix aliquots of tubes that were received here."""
    form = PoolForm(request.POST or None)
    place = request.posting.place
    laboratory = place if place and place.kind == PlaceKind.LABORATORY else None
    if request.method == "POST" and form.is_valid():
        try:
            made = _pool(request, form)
        except Refusal as refusal:
            form.refuse(refusal, "barcode" if refusal.code == "barcode-unreadable" else "tubes")
        else:
            sentence = _("The pool %(barcode)s is on the bench list.") % {"barcode": made.barcode}
            return pieces.done(request, sentence, "bench")
    rule = policies.at(clock.local_date(clock.now())).testing
    context = {"form": form, "laboratory": laboratory, "limit": rule.max_pool_in_lab, "basis": rule.basis}
    return render(request, "testing/pool.html", context, status=422 if form.errors else 200)


def _pool(request: DeskRequest, form: PoolForm) -> Pool:
    wanted = form.cleaned_data["tubes"]
    tubes = list(queries.tubes_of(request.posting).filter(barcode__in=wanted))
    place = request.posting.place
    if len(tubes) < len(wanted) or place is None:
        raise commands.CannotPool("tube-not-here", _("One of the tubes was not received in this laboratory."))
    return commands.pool_tubes(
        barcode=form.cleaned_data["barcode"],
        tubes=tubes,
        laboratory=place,
        actor=request.actor,
        at=clock.now(),
    )
