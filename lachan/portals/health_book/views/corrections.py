"""Saying that something in the record is wrong, by the person or who shares the telephone."""

from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lachan.core import clock
from lachan.core.doors import CITIZEN, door
from lachan.core.errors import Refusal
from lachan.core.models import Person
from lachan.platform.pages import see_other
from lachan.portals.health_book.views.pieces import CitizenRequest, opened, page
from lachan.systems.vaccination.correction_desk import ask, wrong_form
from lachan.systems.vaccination.correction_words import KIND, before, told, wanted
from lachan.systems.vaccination.queries.corrections import corrections_of

MOST = 20


@door(CITIZEN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def correction(request: CitizenRequest, code: str) -> HttpResponse:
    """GET ?kind=: how it should read; without one what can be wrong, and what became of what was asked before."""
    at = clock.now()
    person, actor = opened(request, code, "correction", at)
    kind = request.GET.get("kind", "")
    if kind not in KIND:
        status = 422 if request.method == "POST" or kind else 200
        return _start(request, person, at, status)
    form, status = wrong_form(request.POST or None, kind=kind, person=person, at=at), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                ask(form, kind=kind, person=person, actor=actor, at=at)
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                messages.success(
                    request, _("Asked for. The vaccination site looks at your papers and answers here.")
                )
                return see_other(reverse("health_book:correction", args=[person.code]))
    context = {"person": person, "form": form, "kind": KIND[kind], "at": at}
    return page(request, "health_book/correction.html", context, person=person, status=status)


def _start(request: CitizenRequest, person: Person, at: datetime, status: int) -> HttpResponse:
    """What can be wrong, and what was asked before."""
    asked = [
        (row, KIND[row.kind], told(row), before(row), wanted(row)) for row in corrections_of(person)[:MOST]
    ]
    context = {"person": person, "kinds": KIND.items(), "asked": asked, "at": at}
    return page(request, "health_book/corrections.html", context, person=person, status=status)
