"""Daily monitoring: the round of today, quick to type."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from lachan.core import clock
from lachan.core.access import Permission
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform import paging
from lachan.platform.pages import answering, person_line
from lachan.systems.quarantine import commands, queries, words
from lachan.systems.quarantine.forms import ReadingForm
from lachan.systems.quarantine.queries import Monitored
from lachan.systems.quarantine.views.orders import order_page
from lachan.systems.quarantine.views.pieces import done, note, root_of


@door(Permission.MONITOR)
@require_safe
def monitoring(request: DeskRequest) -> HttpResponse:
    """Who still has to be measured today, each with a line to type into."""
    at = clock.now()
    waiting = queries.to_measure(request.posting, at=at)
    page = paging.page(waiting, key=("ends_on", "pk"), cursor=request.GET.get("cursor"), size=30)
    note(request, page.rows, "monitoring", at)
    rows = [_line(m) for m in queries.monitored(page.rows, at=at)]
    return render(request, "quarantine/monitoring.html", {"rows": rows, "page": page, "at": at})


def _line(m: Monitored) -> dict[str, object]:
    return {
        "number": m.term.order_id, "who": person_line(root_of(m.term)), "taken": m.taken, "wanted": m.wanted,
        "last": m.last, "alarms": [words.ALARM[code] for code in m.alarms],
        "form": ReadingForm(auto_id=f"r{m.term.order_id}_%s"),
        "kind": words.kind_of(m.term.subject, m.term.kind),
    }  # fmt: skip


@door(Permission.MONITOR)
@require_POST
@answering
def record(request: DeskRequest, number: int) -> HttpResponse:
    """POST a reading; `from=round` leads back to the round of today."""
    term = queries.order_for(request.posting, number)
    form = ReadingForm(request.POST, auto_id="reading_%s")
    if form.is_valid():
        try:
            commands.record_reading(
                order=term.order, measured=form.measured(), actor=request.actor, at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            sentence = _("Written down: %(name)s.") % {"name": root_of(term).name}
            if request.POST.get("from") == "round":
                return done(request, sentence, "monitoring")
            return done(request, sentence, "order", number)
    return order_page(request, number, status=422, reading=form)
