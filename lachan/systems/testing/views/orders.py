"""Tests that are due, ordering one, cancelling one."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.contrib import messages
from django.db.models import F, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.core import access, clock
from lachan.core.access import Permission, Purpose
from lachan.core.doors import DeskRequest, door
from lachan.core.errors import Refusal
from lachan.core.models import Posting
from lachan.platform import pages, paging
from lachan.platform.screen import Badge, Column, Row
from lachan.systems.testing import commands, queries
from lachan.systems.testing.commands import TestRequest
from lachan.systems.testing.forms import OrderFilter, OrderForm
from lachan.systems.testing.models import TestOrder
from lachan.systems.testing.views import pieces


@door(Permission.VIEW_TESTS)
@require_safe
def home(request: DeskRequest) -> HttpResponse:
    """Everything that waits in testing for this posting."""
    at = clock.now()
    context = {
        "items": queries.desk(request.posting, at=at),
        "at": at,
        "may_collect": access.may(request.posting, Permission.COLLECT_SAMPLE),
        "may_order": access.may(request.posting, Permission.ORDER_TEST),
        "may_pool": access.may(request.posting, Permission.ENTER_RESULT),
    }
    return render(request, "testing/home.html", context)


@door(Permission.ORDER_TEST)
@require_safe
def orders(request: DeskRequest) -> HttpResponse:
    """GET ?due=&assay=&reason=&cursor=: open orders of the desk, the longest overdue first."""
    at = clock.now()
    day = clock.local_date(at)
    found, form = narrowed(request.posting, request.GET, day)
    page = paging.page(found, key=("due_on", "pk"), cursor=request.GET.get("cursor"))
    _note(request, page.rows, "test orders")
    may_collect = access.may(request.posting, Permission.COLLECT_SAMPLE)
    context = {
        "form": form,
        "page": page,
        "columns": [Column(_("Person")), Column(_("Test")), Column(_("Reason")), Column(_("Due"))],
        "rows": [_row(order, day, may_collect) for order in page.rows],
        "at": at,
        "may_collect": may_collect,
    }
    return render(request, "testing/orders.html", context)


def narrowed(
    posting: Posting, asked: Mapping[str, str], day: date
) -> tuple[QuerySet[TestOrder], OrderFilter]:
    """The open orders of a posting that the filter of the page leaves."""
    form = OrderFilter(asked)
    given = form.cleaned_data if form.is_valid() else {}
    found = queries.open_orders(posting).select_related("person__merged_into")
    due = given.get("due", "")
    if due == "overdue":
        found = found.filter(due_on__lt=day)
    elif due != "open":
        found = found.filter(due_on__lte=day)
    if due == "today":
        found = found.filter(due_on=day)
    wanted = {name: given[name] for name in ("assay", "reason") if given.get(name)}
    return found.filter(**wanted), form


def _note(request: DeskRequest, shown: Iterable[TestOrder], part: str) -> None:
    ids = [order.person.root_id for order in shown]
    access.note_reads(ids, request.posting, purpose=Purpose.TESTING, part=part, at=clock.now())


def _row(order: TestOrder, day: date, may_collect: bool) -> Row:
    person = order.person.merged_into or order.person
    late = (day - order.due_on).days
    tone = Badge(_("%(days)d days overdue") % {"days": late}, "stop") if late > 0 else ""
    due = Badge(_("Today"), "accent") if late == 0 else tone or pages.day_text(order.due_on)
    url = f"{reverse('testing:collect')}?order={order.pk}" if may_collect else _person_url(person.code)
    cells = (pages.person_line(person), order.get_assay_display(), order.get_reason_display(), due)
    return Row(cells, url=url, key=str(order.pk), name=person.name, late=late > 0)


def _person_url(code: str) -> str:
    return reverse("testing:person", args=[code])


@door(Permission.ORDER_TEST)
@require_http_methods(["GET", "HEAD", "POST"])
def new_order(request: DeskRequest) -> HttpResponse:
    """Order one test by hand, for a person whom the posting may see."""
    start = {"person": pages.line(request.GET.get("person"), 40), "due_on": clock.local_date(clock.now())}
    form = OrderForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            _order(request, form)
        except Refusal as refusal:
            form.refuse(refusal, "person")
        else:
            sentence = _("Test ordered for %(day)s.") % {"day": pages.day_text(form.cleaned_data["due_on"])}
            return pieces.done(request, sentence, "orders", query="?due=open")
    return render(request, "testing/new_order.html", {"form": form}, status=422 if form.errors else 200)


def _order(request: DeskRequest, form: OrderForm) -> None:
    at, given = clock.now(), form.cleaned_data
    person = access.person(
        request.posting, code=given["person"], purpose=Purpose.TESTING, part="test order", at=at
    )
    wanted = TestRequest(
        person_id=person.pk, assay=given["assay"], reason=given["reason"], due_on=given["due_on"],
        area_id=request.posting.area_id,
    )  # fmt: skip
    commands.order_tests(requests=[wanted], actor=request.actor, at=at)


@door(Permission.ORDER_TEST)
@require_POST
def cancel_order(request: DeskRequest, number: int) -> HttpResponse:
    order = queries.order(request.posting, number)
    try:
        commands.cancel_tests(
            orders=[order.pk], reason="by-hand", actor=request.actor, at=clock.now(), strict=True
        )
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return pieces.go("orders", query="?due=open")
    return pieces.done(request, _("The test was cancelled."), "orders", query="?due=open")


@door(Permission.VIEW_TESTS)
@require_safe
def person(request: DeskRequest, code: str) -> HttpResponse:
    """GET ?cursor=: every order and sample of one person, newest first."""
    at = clock.now()
    if not queries.may_read_names(request.posting):
        raise queries.NotHere
    try:
        found = access.person(request.posting, code=code, purpose=Purpose.TESTING, part="tests", at=at)
    except access.NotVisible as refusal:
        raise queries.NotHere from refusal
    waiting = TestOrder.objects.filter(person=found, cancelled_at__isnull=True, sample__isnull=True)
    samples, cursor = queries.results_of(found.pk), request.GET.get("cursor")
    page = paging.page(samples, key=queries.SAMPLE_KEY, cursor=cursor)
    context = {
        "person": pages.person_line(found),
        "code": found.code,
        "standing": queries.evidence([found.pk]).get(found.pk),
        "orders": waiting.order_by(F("due_on"), "pk"),
        "page": page,
        "may_order": access.may(request.posting, Permission.ORDER_TEST),
        "day": clock.local_date(at),
    }
    return render(request, "testing/person.html", context)
