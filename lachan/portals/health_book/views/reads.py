"""Who looked at a record and why: for the person, by page; for a person without a phone, on paper."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import CITIZEN, DeskRequest, door
from lachan.core.errors import Refusal
from lachan.platform.pages import person_line, see_other
from lachan.platform.paging import page as page_of
from lachan.portals.health_book import queries
from lachan.portals.health_book.commands import ask_about_read
from lachan.portals.health_book.forms import AskForm
from lachan.portals.health_book.views.pieces import CitizenRequest, opened, page

SIZE = 30
MOST_ON_PAPER = 1_000


@door(CITIZEN)
@require_safe
@never_cache
def reads(request: CitizenRequest, code: str) -> HttpResponse:
    """Every look at the record; one's own only when asked for."""
    person, reader = opened(request, code, "reads", clock.now())
    own = request.GET.get("own") == "1"
    rows = queries.reads(person) if own else queries.reads(person).exclude(actor=reader)
    shown = page_of(rows, key=("-read_at", "-id"), cursor=request.GET.get("cursor"), size=SIZE)
    context = {
        "person": person, "page": shown, "looks": queries.looks(shown.rows, reader=reader), "own": own,
        "line": person_line(person),
    }  # fmt: skip
    return page(request, "health_book/reads.html", context, person=person)


@door(CITIZEN)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def ask(request: CitizenRequest, code: str, number: int) -> HttpResponse:
    """One look, what was asked about it and answered; by POST, ask."""
    at = clock.now()
    person, reader = opened(request, code, "reads", at)
    read = queries.read_of(person, number)
    form, status = AskForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                ask_about_read(read=read, person=person, text=form.cleaned_data["text"], actor=reader, at=at)
            except Refusal as refusal:
                form.refuse(refusal)
                status = refusal.status
            else:
                messages.success(request, _("Your question is noted. The answer will stand on this page."))
                return see_other(reverse("health_book:ask", args=[person.code, read.pk]))
    [look] = queries.looks([read], reader=reader)
    context = {"person": person, "look": look, "form": form}
    return page(request, "health_book/ask.html", context, person=person, status=status)


@door(Permission.VIEW_PERSON)
@require_safe
@never_cache
def paper(request: DeskRequest, code: str) -> HttpResponse:
    """The log to print and hand over to a person without a phone, in the same words as the book."""
    at = clock.now()
    person = access.person(request.posting, code=code, purpose=Purpose.CORRECTION, part="reads", at=at)
    newest = list(queries.reads(person).order_by("-read_at", "-pk")[: MOST_ON_PAPER + 1])
    looks = queries.looks(newest[:MOST_ON_PAPER], reader=None)
    context = {
        "person": person, "line": person_line(person), "looks": looks, "at": at, "cut": len(newest) > MOST_ON_PAPER,
    }  # fmt: skip
    return render(request, "health_book/paper.html", context)
