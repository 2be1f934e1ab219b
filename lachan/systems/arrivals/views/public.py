"""Declaring an entry without an account or a script: the form, the code of the telephone, the page under its code."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, NoReturn
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lachan.codecs import qr
from lachan.core import clock
from lachan.core.codes import BadCode, format_code, parse_code
from lachan.core.doors import PUBLIC, door
from lachan.core.errors import Refusal
from lachan.platform import drafts, otp, ratelimit
from lachan.platform.pages import see_other
from lachan.platform.ratelimit import Limit, address_of
from lachan.systems.arrivals import queries, words
from lachan.systems.arrivals.commands import Traveller, amend_arrival, declare_arrival, journey_of
from lachan.systems.arrivals.forms import AmendForm, EntryForm, PhoneCodeForm
from lachan.systems.arrivals.models import ArrivalDeclaration
from lachan.systems.arrivals.queries import evidence

ENTRY = otp.Purpose("declare-entry", gettext_lazy("confirm your entry declaration"))
AN_ADDRESS = Limit("entries-an-address", 300, timedelta(hours=1))
"""A ship, an office or an airport has one address for many travellers."""
LOOKS = Limit("entry-codes-an-address", 600, timedelta(hours=1))
MOST_AMENDMENTS = 50


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def declare(request: HttpRequest) -> HttpResponse:
    """GET ?gate=: the form. POST: to the telephone's code, which may be left out."""
    typed = request.POST if request.method == "POST" else None
    form = EntryForm(typed, initial={"key": str(uuid4()), "gate": request.GET.get("gate", "")[:20]})
    if typed is None or not form.is_valid():
        return _form_page(request, form, 200 if typed is None else 422)
    try:
        return _ask_code(request, form)
    except Refusal as refusal:
        form.refuse(refusal, "phone")
        return _form_page(request, form, refusal.status)


def _form_page(request: HttpRequest, form: EntryForm, status: int) -> HttpResponse:
    return render(request, "arrivals/declare.html", {"form": form}, status=status)


def _ask_code(request: HttpRequest, form: EntryForm) -> HttpResponse:
    asked = otp.ask(
        phone=form.cleaned_data["phone"], purpose=ENTRY, session=otp.session_of(request), address=address_of(request),
        at=clock.now(), language=get_language() or "vi",
    )  # fmt: skip
    context = {"draft": drafts.packed(request.POST), "shown": asked.shown, "form": PhoneCodeForm()}
    return render(request, "arrivals/code.html", context)


@door(PUBLIC)
@require_POST
@never_cache
def confirm(request: HttpRequest) -> HttpResponse:
    """The code, or `without`: the number is then only whom to call."""
    form = EntryForm(drafts.unpacked(request.POST.get("draft", "")))
    if not form.is_bound or not form.is_valid():
        messages.error(request, _("The page was open too long. Please begin again."))
        return see_other(reverse("entry:declare"))
    try:
        shown = None if "without" in request.POST else _confirmed(request)
    except Refusal as refusal:
        return _again(request, refusal)
    try:
        return _made(request, form, shown)
    except Refusal as refusal:
        form.refuse(refusal)
        return _form_page(request, form, refusal.status)


def _confirmed(request: HttpRequest) -> otp.VerifiedPhone:
    code = request.POST.get("code", "")[:20]
    return otp.confirm(code=code, purpose=ENTRY, session=otp.session_of(request), at=clock.now())


def _again(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    form = PhoneCodeForm(request.POST)
    form.is_valid()
    form.refuse(refusal, "code")
    context = {"form": form, "draft": request.POST.get("draft", "")[: drafts.LONGEST]}
    return render(request, "arrivals/code.html", context, status=refusal.status)


def _made(request: HttpRequest, form: EntryForm, shown: otp.VerifiedPhone | None) -> HttpResponse:
    at = clock.now()
    ratelimit.take(AN_ADDRESS, address_of(request), at=at)
    sender = Traveller(
        shown=shown, declared_by=form.cleaned_data["declared_by"], language=(get_language() or "vi")[:8]
    )
    made = declare_arrival(
        journey=form.journey(), about=form.identity(), key=form.sent_key(), sender=sender, at=at
    )
    return see_other(reverse("entry:receipt", args=[made.code]))


@door(PUBLIC)
@require_safe
@never_cache
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """The code to show, and what will be asked at the gate; neither name nor address. An old code leads on."""
    ratelimit.take(LOOKS, address_of(request), at=clock.now())
    made = _declaration(code)
    if made.code != code:
        return see_other(reverse("entry:receipt", args=[made.code]))
    at = clock.now()
    duty = evidence.duty(made, at=at, arrives_at=_arrival(made))
    decision = queries.decision_on(made)
    url = request.build_absolute_uri(reverse("entry:receipt", args=[made.code]))
    context = {
        "made": made, "code": format_code(made.code), "duty": duty, "reasons": words.reasons(duty.reasons),
        "word": words.DUTY[duty.kind], "ends_on": duty.ends_on(made.arrives_on), "decision": decision,
        "decided": words.DUTY[decision.duty] if decision else "",
        "qr": SafeString(qr.svg(url, label=_("QR code of this declaration"))),
        "country": words.country(made.from_country),
    }  # fmt: skip
    return render(request, "arrivals/receipt.html", context)


def _arrival(made: ArrivalDeclaration) -> Any:
    """Nobody knows the hour yet: the end of the day, so that no test is taken for younger than it will be."""
    return clock.day_bounds(made.arrives_on)[1] - timedelta(minutes=1)


@door(PUBLIC)
@require_safe
def picture(request: HttpRequest, code: str) -> HttpResponse:
    """The QR code as a PNG, to be kept in a telephone."""
    made = _declaration(code)
    url = request.build_absolute_uri(reverse("entry:receipt", args=[made.code]))
    answer = HttpResponse(qr.png(url), content_type="image/png")
    answer["Content-Disposition"] = f'attachment; filename="entry-{made.short_code}.png"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@door(PUBLIC)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def amend(request: HttpRequest, code: str) -> HttpResponse:
    """The journey as declared, without what says who or where somebody is."""
    made = _declaration(code)
    form = AmendForm(request.POST if request.method == "POST" else None, initial=_start(made))
    if request.method == "POST" and form.is_valid():
        try:
            ratelimit.take(AN_ADDRESS, address_of(request), at=clock.now())
            new = amend_arrival(
                declaration=made, journey=form.amended(journey_of(made)), key=form.sent_key(), at=clock.now()
            )
        except Refusal as refusal:
            form.refuse(refusal)
            return render(request, "arrivals/amend.html", {"form": form, "made": made}, status=refusal.status)
        messages.success(request, _("Your declaration was changed. The old code still leads here."))
        return see_other(reverse("entry:receipt", args=[new.code]))
    return render(
        request, "arrivals/amend.html", {"form": form, "made": made}, status=422 if form.errors else 200
    )


def _start(made: ArrivalDeclaration) -> dict[str, Any]:
    same = ("transport", "vehicle", "seat", "departed_on", "arrives_on", "from_country", "from_place", "symptoms",
            "exposures", "doses", "vaccine", "last_dose_on", "recovered_on", "test_kind", "tested_at")  # fmt: skip
    others = [code for code in made.countries if code != made.from_country]
    return {name: getattr(made, name) for name in same} | {
        "gate": made.gate.code, "countries": others, "key": str(uuid4()),
    }  # fmt: skip


def _declaration(code: str) -> ArrivalDeclaration:
    """The declaration of this code, or the last that replaced it."""
    try:
        stored = parse_code(code[:40])
    except BadCode:
        _nothing()
    rows = ArrivalDeclaration.objects.select_related("person__merged_into", "gate", "amended_by")
    made = rows.filter(code=stored).first() or _nothing()
    for _step in range(MOST_AMENDMENTS):
        if not hasattr(made, "amended_by"):
            break
        made = rows.get(pk=made.amended_by.pk)
    return made


def _nothing() -> NoReturn:
    raise Http404
